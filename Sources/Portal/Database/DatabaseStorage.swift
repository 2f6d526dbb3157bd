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
      let facts = try await means.databaseFacts(at: asked.site)
      let gib = Int64(asked.field("gib"))
      let type = asked.field("type").isEmpty ? facts.storageType : asked.field("type")
      let mistakes = DatabaseStorage.mistakes(gib: gib, type: type, on: facts)
      guard let gib, mistakes.isEmpty else { throw PlanProblem(mistakes) }
      var after = DatabaseShape(facts)
      after.storageGiB = gib
      after.storageType = type
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

  /// What RDS would refuse, or round up by itself; the storage is nil where it can't be read.
  static func mistakes(gib: Int64?, type: String, on facts: DatabaseFacts) -> [Mistake] {
    let isKnown = ["gp2", "gp3"].contains(type)
    let size =
      if let gib { problem(with: gib, of: facts) } else {
        "Write the storage in GiB, as a whole number."
      }
    return [
      size.map { Mistake($0, at: "gib") },
      isKnown
        ? nil
        : Mistake("Choose gp2 or gp3: Caretaker changes storage of these types only.", at: "type"),
    ].compactMap { $0 }
  }

  /// Why the database can't have so much storage; nil where it can.
  private static func problem(with gib: Int64, of facts: DatabaseFacts) -> String? {
    let least = facts.storageGiB + (facts.storageGiB + 9) / 10
    if gib < facts.storageGiB {
      return "Storage never shrinks. It has \(facts.storageGiB) GiB; leave that, or ask for more."
    }
    if gib > gibMax { return "RDS gives MySQL at most \(gibMax) GiB." }
    return gib == facts.storageGiB || gib >= least
      ? nil : "Storage grows by a tenth or more. Ask for \(least) GiB or more."
  }

  /// Refuses what is so already, and what RDS would not begin now.
  static func check(_ after: DatabaseShape, on facts: DatabaseFacts) throws {
    let before = DatabaseShape(facts)
    guard after != before else {
      throw PlanProblem(
        "The database has \(before.storageWords) already. Ask for something else.", at: "gib")
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
