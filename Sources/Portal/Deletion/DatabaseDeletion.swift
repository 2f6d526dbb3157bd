import AWS
import Rules

extension ChangeKind {
  /// The end of the database instance, with a last snapshot.
  static let databaseDeletion = ChangeKind(
    id: "rds.delete", label: "Delete the database",
    about: "Shows what would be lost and what is left. It can’t be put back, so it needs two other "
      + "people, or one and a day’s rest in a team of two.",
    subject: .database, form: { _ in [] },
    plan: { means, asked in
      let facts = try await means.databaseFacts(at: asked.site)
      return try DatabaseDeletion.plan(
        change: asked.change, site: asked.site.name, facts: facts,
        rates: try await means.databaseRates(
          from: facts.instanceClass, to: facts.instanceClass, multiAZ: facts.multiAZ))
    },
    read: { means, plan in
      do {
        return try await means.cloud.database(of: plan).fields
      } catch let error as AWSError {
        guard case .notFound = error.reason else { throw error }
        return [DatabaseFacts.statusField: DatabaseDeletion.gone]
      }
    },
    restorableTo: { means, plan in
      try await means.cloud.database(of: plan).restorableTo
    },
    perform: { means, plan, step, _ in
      let answer = try await means.cloud.rds.deleteDBInstance(
        id: step.parameters["DBInstanceIdentifier"] ?? "",
        finalSnapshot: step.parameters["FinalDBSnapshotIdentifier"] ?? "")
      return "RDS answered that the instance is \(answer.status)."
    })
}

/// Plans the deletion of the database instance.
enum DatabaseDeletion {
  /// How old the newest point the database can be restored to may be when it is deleted. RDS is
  /// about five minutes behind.
  static let backupAgeMsMax = Span.hour
  /// How long RDS may take for the last snapshot and the deletion.
  static let verifyWithinMs = 2 * Span.hour

  /// The status of an instance that is not there any more.
  static let gone = "deleted"

  /// The plan, or why there is none.
  static func plan(
    change: String, site: String, facts: DatabaseFacts, rates: DatabaseRates
  ) throws -> Plan {
    guard !facts.deletionProtection else {
      throw PlanProblem(
        "Deletion protection of \(facts.id) is on. Turn it off first, as a change of its own.")
    }
    try facts.checkAvailable()
    let snapshot = "caretaker-final-\(change.prefix(12))"
    return Plan(
      change: change, kind: ChangeKind.databaseDeletion.id, site: site,
      title: "Delete the database \(facts.id)", guarding: .irreversible,
      parameters: ["database": facts.id], locks: [facts.lock],
      preconditions: facts.settled + [
        Reading(DatabaseFacts.protectionField, "Deletion protection", "off")
      ],
      steps: [
        Step(
          service: "rds", operation: "DeleteDBInstance",
          words: "Make the snapshot \(snapshot), then delete the instance",
          parameters: [
            "DBInstanceIdentifier": facts.id, "FinalDBSnapshotIdentifier": snapshot,
          ], recovery: .oneShot)
      ],
      expected: [Reading(DatabaseFacts.statusField, "Status", gone)], failure: [],
      verifyWithinMs: verifyWithinMs, effects: effects(snapshot),
      cost: Cost.ofDatabase(gone: facts, rates: rates),
      typedName: facts.id,
      backup: Backup(words: "the database \(facts.id)", ageMsMax: backupAgeMsMax))
  }

  private static func effects(_ snapshot: String) -> [String] {
    [
      "The blog is down until another database stands in its place.",
      "Every automated backup goes with the instance. What is left is the snapshot \(snapshot), "
        + "from which another instance can be made.",
      "The stack does not know of this: the next infra-deploy fails, or makes an empty database.",
    ]
  }
}
