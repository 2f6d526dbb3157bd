import AWS
import Rules

extension ChangeKind {
  /// An encrypted copy of the database beside it.
  static let databaseEncryption = ChangeKind(
    id: "rds.encryption", label: "Encrypt the database",
    about: "Encryption can't be switched on in place. This takes a snapshot, makes an encrypted "
      + "copy of it and restores that to a new database. Ghost uses it after you cut over.",
    subject: .database,
    form: { estate in
      let database = estate[DatabaseFacts.self].facts?.id
      return [
        FormField(
          "id", "Name of the new database", .text, hint: "Letters, digits and hyphens.",
          value: database.map(DatabaseEncryption.name(for:)) ?? "")
      ]
    },
    plan: { means, asked in
      let facts = try await means.databaseFacts(at: asked.site)
      let source = try await means.cloud.rds.describeDBInstance(id: facts.id)
      guard !facts.encrypted else { throw PlanProblem("The storage is encrypted already.") }
      try facts.checkAvailable()
      try facts.checkNothingWaits()
      let typed = asked.field("id")
      return DatabaseEncryption.plan(
        asked, source: source, facts: facts,
        target: try await NewDatabase.checked(
          typed.isEmpty ? DatabaseEncryption.name(for: facts.id) : typed, in: means.cloud),
        cost: try await means.databaseCost(from: nil, to: DatabaseShape(facts)))
    },
    read: { means, plan in
      async let new = NewDatabase.fields(of: plan.parameters["id"] ?? "", in: means.cloud)
      return try await means.cloud.database(of: plan).fields.merging(try await new) { $1 }
    },
    price: { means, plan in
      try await means.databaseCost(
        from: nil, to: DatabaseShape(try await means.cloud.database(of: plan)))
    },
    isReady: { means, plan, step in
      try await DatabaseEncryption.isReady(step, of: plan, in: means.cloud)
    },
    perform: { means, _, step, _ in
      step.operation == Step.restoreOfSnapshot
        ? try await means.cloud.restore(step) : try await means.cloud.takeSnapshot(step)
    })
}

/// Plans an encrypted copy of the database.
enum DatabaseEncryption {
  /// The key that AWS keeps for RDS in every account (“Encrypting Amazon RDS resources”, RDS User
  /// Guide).
  static let key = "alias/aws/rds"

  /// What the new database is called unless somebody says otherwise.
  static func name(for database: String) -> String { database + "-encrypted" }

  /// The plan for what has been checked.
  static func plan(
    _ asked: Asked, source: RDS.Instance, facts: DatabaseFacts, target: String, cost: Cost
  ) -> Plan {
    Plan(
      change: asked.change, kind: ChangeKind.databaseEncryption.id, site: asked.site.name,
      title: "Make \(target), an encrypted copy of the database", guarding: .guarded,
      parameters: ["database": facts.id, "id": target], locks: [facts.lock, "rds:\(target)"],
      preconditions: facts.settled + [
        Reading(DatabaseFacts.encryptedField, "Encrypted", "no"), NewDatabase.absent,
      ],
      steps: steps(asked.change, of: facts.id, to: target, like: source),
      expected: NewDatabase.expected(like: source) + [
        Reading(NewDatabase.encryptedField, "It is encrypted", "yes")
      ],
      failure: NewDatabase.failure, verifyWithinMs: NewDatabase.verifyWithinMs,
      effects: [
        "What is written after the snapshot is not in \(target). Scale Ghost to 0 tasks before "
          + "you run this, as a change of its own, and up again after the cut-over."
      ] + NewDatabase.effects(target, instead: facts.id) + [
        "To CDK an encrypted database is another one: import \(target) into the stack, or the next "
          + "infra-deploy makes an empty one. Keep \(facts.id) and both snapshots until then."
      ],
      cost: cost)
  }

  private static func steps(
    _ change: String, of database: String, to target: String, like source: RDS.Instance
  ) -> [Step] {
    let snapshot = DatabaseSnapshot.name(for: change)
    let copy = snapshot + "-encrypted"
    return [
      DatabaseSnapshot.take(snapshot, of: database),
      Step(
        service: "rds", operation: "CopyDBSnapshot",
        words: "Once it is there, copy it to \(copy), encrypted with \(key)",
        parameters: [
          "SourceDBSnapshotIdentifier": snapshot, "TargetDBSnapshotIdentifier": copy,
          "KmsKeyId": key,
        ], recovery: .namedCreate),
      .restore(
        snapshot: copy, words: "Once that is there, restore it to \(target)", to: target,
        like: source),
    ]
  }

  /// Whether the snapshot that a step works on is there.
  static func isReady(_ step: Step, of plan: Plan, in cloud: Cloud) async throws -> Bool {
    let needed =
      step.operation == "CopyDBSnapshot"
      ? step.parameters["SourceDBSnapshotIdentifier"]
      : step.operation == Step.restoreOfSnapshot ? step.parameters["DBSnapshotIdentifier"] : nil
    guard let needed else { return true }
    let found = try await cloud.snapshot(needed, of: plan.parameters["database"] ?? "")
    guard found?.status != DatabaseSnapshot.failed else {
      throw PlanProblem("RDS could not make the snapshot \(needed).")
    }
    return found?.status == "available"
  }
}
