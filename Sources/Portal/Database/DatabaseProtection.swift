import Rules

extension ChangeKind {
  /// Whether the database instance can be deleted.
  static let databaseProtection = ChangeKind(
    id: "rds.deletion-protection", label: "Deletion protection",
    about: "While it is on, no call and no stack update deletes the instance. Turning it off "
      + "needs a second person.",
    subject: .database,
    form: { estate in
      let isOn = estate[DatabaseFacts.self].facts?.deletionProtection ?? false
      return [.toggle("protection", "Deletion protection", isOn: isOn)]
    },
    plan: { means, asked in
      try DatabaseProtection.plan(
        asked, facts: try await means.databaseFacts(at: asked.site),
        isOn: try asked.isOn("protection"))
    },
    read: { means, plan in try await means.cloud.database(of: plan).fields },
    perform: { means, _, step, _ in try await means.cloud.modifyDatabase(step) })
}

/// Plans deletion protection on or off.
enum DatabaseProtection {
  /// The plan, or why there is none.
  static func plan(_ asked: Asked, facts: DatabaseFacts, isOn: Bool) throws -> Plan {
    let before = DatabaseFacts.onOff(facts.deletionProtection)
    let after = DatabaseFacts.onOff(isOn)
    if before != after { try facts.checkAvailable() }
    return try Setting(
      kind: ChangeKind.databaseProtection.id, label: "Deletion protection of the database",
      field: DatabaseFacts.protectionField, before: before, after: after,
      guarding: isOn ? .logged : .guarded, lock: facts.lock,
      parameters: ["database": facts.id, "protection": after],
      step: .modifyDatabase(
        facts.id, words: "Turn \(after) deletion protection",
        ["DeletionProtection": isOn ? "true" : "false"], immediately: false),
      others: facts.settled,
      effects: [
        isOn
          ? "A deletion, by hand or by the stack, is refused until somebody turns it off."
          : "One call, or one stack update, can remove every post from then on.",
        "The database goes on as it is; readers notice nothing.", Setting.driftNote,
      ],
      inverse: ["protection": before]
    ).plan(for: asked)
  }
}
