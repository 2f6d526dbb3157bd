import Rules

extension ChangeKind {
  /// How much storage the database has, and of which type.
  static let databaseStorage = ChangeKind(
    id: "rds.storage", label: "Database storage",
    about: "Storage only grows, by a tenth or more, and can never be made smaller again. After a "
      + "change RDS takes no other for about six hours.",
    subject: .database,
    form: { estate in
      let facts = estate[DatabaseFacts.self].facts
      return [
        FormField(
          "gib", "Storage in GiB", .number,
          hint: facts.map { "It has \($0.storageGiB) GiB now." } ?? "",
          value: facts.map { String($0.storageGiB) } ?? ""),
        FormField(
          "type", "Type", .choice([("gp2", "gp2"), ("gp3", "gp3")]),
          hint: "gp3 is the newer one, with a steady speed at the same price.",
          value: facts?.storageType ?? ""),
      ]
    },
    plan: { means, asked in
      guard let gib = Int64(asked.field("gib")) else {
        throw PlanProblem("Write the storage in GiB, as a whole number.", at: "gib")
      }
      let facts = try await means.databaseFacts(at: asked.site)
      var after = DatabaseShape(facts)
      after.storageGiB = gib
      after.storageType = asked.field("type").isEmpty ? facts.storageType : asked.field("type")
      try DatabaseStorage.check(after, on: facts)
      return DatabaseStorage.plan(
        change: asked.change, site: asked.site.name, facts: facts, after: after,
        cost: try await means.databaseCost(from: DatabaseShape(facts), to: after))
    },
    read: { means, plan in try await means.cloud.database(of: plan).fields },
    price: { means, plan in
      let before = DatabaseShape(try await means.cloud.database(of: plan))
      var after = before
      after.storageGiB = plan.parameters["gib"].flatMap { Int64($0) } ?? before.storageGiB
      after.storageType = plan.parameters["type"] ?? before.storageType
      return try await means.databaseCost(from: before, to: after)
    },
    perform: { means, _, step, _ in try await means.cloud.modifyDatabase(step) })
}

/// Plans more storage, or storage of another type.
enum DatabaseStorage {
  /// The most that RDS for MySQL has (“Amazon RDS DB instance storage”, RDS User Guide).
  static let gibMax: Int64 = 65_536
  /// How long RDS may take until the storage is there; optimizing it goes on after that.
  static let verifyWithinMs = 6 * Span.hour

  /// Refuses what RDS would refuse, or round up by itself.
  static func check(_ after: DatabaseShape, on facts: DatabaseFacts) throws {
    let before = DatabaseShape(facts)
    guard ["gp2", "gp3"].contains(after.storageType) else {
      throw PlanProblem(
        "Choose gp2 or gp3: Caretaker changes storage of these types only.", at: "type")
    }
    guard after != before else {
      throw PlanProblem(
        "The database has \(before.storageWords) already. Ask for something else.", at: "gib")
    }
    guard after.storageGiB >= before.storageGiB else {
      throw PlanProblem(
        "Storage never shrinks. It has \(before.storageGiB) GiB; leave that, or ask for more.",
        at: "gib")
    }
    guard (1...gibMax).contains(after.storageGiB) else {
      throw PlanProblem("RDS gives MySQL at most \(gibMax) GiB.", at: "gib")
    }
    let least = before.storageGiB + (before.storageGiB + 9) / 10
    guard after.storageGiB == before.storageGiB || after.storageGiB >= least else {
      throw PlanProblem(
        "Storage grows by a tenth or more. Ask for \(least) GiB or more.", at: "gib")
    }
    guard facts.status != "storage-optimization" else {
      throw PlanProblem(
        "RDS still optimizes the storage after its last change, which takes about six hours. "
          + "Preview again when the database is available.")
    }
    if facts.status != full { try facts.checkAvailable() }
    try facts.checkNothingWaits()
  }

  /// The plan for what has been checked.
  static func plan(
    change: String, site: String, facts: DatabaseFacts, after: DatabaseShape, cost: Cost
  ) -> Plan {
    let before = DatabaseShape(facts)
    let grows = after.storageGiB > before.storageGiB
    let (size, type) = (DatabaseFacts.storageField, DatabaseFacts.storageTypeField)
    var values: [String: String] = [:]
    if grows { values["AllocatedStorage"] = String(after.storageGiB) }
    if after.storageType != before.storageType { values["StorageType"] = after.storageType }
    return Plan(
      change: change, kind: ChangeKind.databaseStorage.id, site: site,
      title: "Give the database \(after.storageWords) instead of \(before.storageWords)",
      guarding: .guarded,
      parameters: [
        "database": facts.id, "gib": String(after.storageGiB), "type": after.storageType,
      ],
      locks: [facts.lock],
      preconditions: facts.settled + [
        Reading(size, "Storage", "\(before.storageGiB) GiB"),
        Reading(type, "Storage type", before.storageType),
      ],
      steps: [
        .modifyDatabase(
          facts.id, words: "Make the storage \(after.storageWords) now", values, immediately: true)
      ],
      expected: [
        Reading(size, "Storage", "\(after.storageGiB) GiB"),
        Reading(type, "Storage type", after.storageType),
      ],
      failure: [], verifyWithinMs: verifyWithinMs, effects: effects(grows: grows), cost: cost,
      restoresService: facts.status == full && grows,
      inverse: grows
        ? nil
        : Inverse(
          kind: ChangeKind.databaseStorage.id,
          form: ["gib": String(before.storageGiB), "type": before.storageType]))
  }

  /// The status of an instance that writes nothing any more.
  private static let full = "storage-full"

  private static func effects(grows: Bool) -> [String] {
    [
      grows
        ? "It can never be made smaller again. The way back is a new instance and moving every "
          + "post to it."
        : "The data stays; only the kind of disk it is on changes.",
      "The blog stays up. The database may answer slower while RDS optimizes the storage, which "
        + "can take hours.",
      "Another change of the storage has to wait until that is done, about six hours.",
      grows
        ? "The stack does not know of this: the next infra-deploy that touches the database fails "
          + "where the template says less. Change the CDK code too."
        : Setting.driftNote,
    ]
  }
}
