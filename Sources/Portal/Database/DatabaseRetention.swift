import Rules

extension ChangeKind {
  /// How many days RDS keeps automated backups.
  static let databaseRetention = ChangeKind(
    id: "rds.retention", label: "Days that backups are kept",
    about: "RDS makes a backup every day and keeps every write, so that the database can be "
      + "restored to any moment of the days kept. Fewer days take backups away and need a second "
      + "person.",
    subject: .database,
    form: { estate in
      let days = estate[DatabaseFacts.self].facts?.backupRetentionDays
      return [
        FormField(
          "days", "Days to keep", .number, hint: "1 to \(DatabaseRetention.daysMax).",
          value: days.map(String.init) ?? "")
      ]
    },
    plan: { means, asked in
      guard let days = Int64(asked.field("days")) else {
        throw PlanProblem("Write for how many days, as a whole number.")
      }
      return try DatabaseRetention.plan(
        asked, facts: try await means.databaseFacts(at: asked.site), days: days)
    },
    read: { means, plan in try await means.cloud.database(of: plan).fields },
    perform: { means, _, step, _ in try await means.cloud.modifyDatabase(step) })
}

/// Plans another number of days for automated backups.
enum DatabaseRetention {
  /// The most days RDS keeps backups (ModifyDBInstance, Amazon RDS API Reference).
  static let daysMax: Int64 = 35

  /// The plan, or why there is none.
  static func plan(_ asked: Asked, facts: DatabaseFacts, days: Int64) throws -> Plan {
    guard days != 0 else {
      throw PlanProblem(
        "With 0 days RDS deletes every automated backup at once and makes no more. Caretaker "
          + "does not do that. Ask for 1 to \(daysMax).")
    }
    guard (1...daysMax).contains(days) else {
      throw PlanProblem("RDS keeps backups for 1 to \(daysMax) days, not \(days).")
    }
    let before = facts.backupRetentionDays
    let isFirst = before == 0
    if days != before { try facts.checkAvailable() }
    if isFirst { try facts.checkNothingWaits() }
    return try Setting(
      kind: ChangeKind.databaseRetention.id, label: "Days that backups are kept",
      field: DatabaseFacts.retentionField, before: Span.words(days: before),
      after: Span.words(days: days), guarding: days > before ? .logged : .guarded,
      lock: facts.lock, parameters: ["database": facts.id, "days": String(days)],
      // Only turning backups on would wait for the window; the rest never does.
      step: .modifyDatabase(
        facts.id, words: "Keep backups for \(Span.words(days: days))",
        ["BackupRetentionPeriod": String(days)], immediately: isFirst),
      others: facts.settled, effects: effects(from: before, to: days),
      inverse: isFirst ? nil : ["days": String(before)]
    ).plan(for: asked)
  }

  private static func effects(from before: Int64, to days: Int64) -> [String] {
    var effects: [String] = []
    if before == 0 {
      effects.append("The database stops for some seconds while RDS makes the first backup.")
    }
    if days > before {
      effects += [
        "Nothing that is gone comes back: the days fill up from now on.",
        "RDS keeps backups up to the size of the database for nothing and bills each GB beyond "
          + "that. How much that will be depends on how much is written; it is not in a preview.",
      ]
    } else {
      effects.append(
        "RDS deletes the automated backups that are older than \(Span.words(days: days)). They "
          + "can't be brought back. Snapshots taken by hand stay.")
    }
    return effects + [Setting.driftNote]
  }
}
