import AWS
import Rules

extension ChangeKind {
  /// A snapshot of the database, now.
  static let databaseSnapshot = ChangeKind(
    id: "rds.snapshot", label: "Snapshot of the database",
    about: "A snapshot is kept until somebody deletes it, also when the database is gone. Take one "
      + "before anything that could go wrong.",
    subject: .backups, form: { _ in [] },
    plan: { means, asked in
      try DatabaseSnapshot.plan(
        change: asked.change, site: asked.site.name,
        facts: try await means.databaseFacts(at: asked.site))
    },
    read: { means, plan in
      let id = plan.parameters["snapshot"] ?? ""
      async let facts = means.cloud.database(of: plan)
      async let snapshot = means.cloud.snapshot(id, of: plan.parameters["database"] ?? "")
      let status = try await snapshot?.status ?? DatabaseSnapshot.none
      return try await facts.fields.merging([DatabaseSnapshot.statusField: status]) { $1 }
    },
    perform: { means, _, step, _ in try await means.cloud.takeSnapshot(step) })
}

/// Plans a snapshot of the database.
enum DatabaseSnapshot {
  /// How long RDS may take: the first snapshot copies every block.
  static let verifyWithinMs = 3 * Span.hour
  static let statusField = "snapshot.status"
  /// The status of a snapshot that is not there.
  static let none = "none"
  /// The status of one that will never be there.
  static let failed = "failed"

  /// The plan, or why there is none.
  static func plan(change: String, site: String, facts: DatabaseFacts) throws -> Plan {
    if facts.status != "storage-optimization" { try facts.checkAvailable() }
    let snapshot = name(for: change)
    return Plan(
      change: change, kind: ChangeKind.databaseSnapshot.id, site: site,
      title: "Take the snapshot \(snapshot) of the database", guarding: .logged,
      parameters: ["database": facts.id, "snapshot": snapshot], locks: [facts.lock],
      preconditions: [
        Reading(DatabaseFacts.statusField, "Status", facts.status),
        Reading(statusField, "Snapshot", none),
      ],
      steps: [take(snapshot, of: facts.id)],
      expected: [Reading(statusField, "Snapshot", "available")],
      failure: [Reading(statusField, "Snapshot", failed)], verifyWithinMs: verifyWithinMs,
      effects: [
        facts.multiAZ
          ? "The blog goes on: the snapshot is taken from the standby."
          : "The database stops for some seconds while the snapshot begins.",
        "It is kept, and counted, until somebody deletes it: RDS keeps snapshots and backups up "
          + "to the size of the database for nothing and bills each GB beyond that.",
      ],
      cost: .none)
  }

  /// The name of the snapshot that a change takes.
  static func name(for change: String) -> String { "caretaker-\(change.prefix(12))" }

  static func take(_ snapshot: String, of instance: String) -> Step {
    Step(
      service: "rds", operation: "CreateDBSnapshot", words: "Take the snapshot \(snapshot)",
      parameters: ["DBSnapshotIdentifier": snapshot, "DBInstanceIdentifier": instance],
      recovery: .namedCreate)
  }
}

extension Cloud {
  /// A snapshot by its name; nil when there is none.
  func snapshot(_ id: String, of instance: String) async throws -> RDS.Snapshot? {
    try await rds.describeDBSnapshots(instance: instance).first { $0.id == id }
  }

  /// Makes the CreateDBSnapshot or CopyDBSnapshot of a step. The name is the change's own, so one
  /// that is taken was taken by it.
  func takeSnapshot(_ step: Step) async throws -> String {
    let values = step.parameters
    do throws(AWSError) {
      let snapshot =
        if let copy = values["TargetDBSnapshotIdentifier"] {
          try await rds.copyDBSnapshot(
            values["SourceDBSnapshotIdentifier"] ?? "", to: copy, kmsKeyID: values["KmsKeyId"])
        } else {
          try await rds.createDBSnapshot(
            values["DBSnapshotIdentifier"] ?? "", of: values["DBInstanceIdentifier"] ?? "")
        }
      return "RDS answered that the snapshot \(snapshot.id) is \(snapshot.status)."
    } catch {
      guard error.code?.hasPrefix("DBSnapshotAlreadyExists") == true else { throw error }
      return "RDS answered that the snapshot is there already."
    }
  }
}
