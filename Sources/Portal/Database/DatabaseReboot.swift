import AWS
import Rules

extension ChangeKind {
  /// A restart of the database.
  static let databaseReboot = ChangeKind(
    id: "rds.reboot", label: "Reboot the database",
    about: "Restarts MySQL on the same instance, for when it hangs or holds too many connections. "
      + "The blog is down for about a minute.",
    subject: .database, form: { _ in [] },
    plan: { means, asked in
      try DatabaseReboot.plan(
        change: asked.change, site: asked.site.name,
        facts: try await means.databaseFacts(at: asked.site))
    },
    read: { means, plan in
      let facts = try await means.cloud.database(of: plan)
      let steps = try await means.storage.read { db in
        try ExecutionStore.steps(of: plan.change, in: db)
      }
      let isTaken = steps.contains(where: \.isDone)
      return facts.fields.merging([DatabaseReboot.takenField: isTaken ? "yes" : "no"]) { $1 }
    },
    perform: { means, _, step, _ in
      let answer = try await means.cloud.rds.rebootDBInstance(
        id: step.parameters["DBInstanceIdentifier"] ?? "")
      return "RDS answered that the instance is \(answer.status)."
    })
}

/// Plans a restart of the database.
enum DatabaseReboot {
  /// How long RDS may take; recovery after many writes is the long part.
  static let verifyWithinMs = Span.hour
  /// Whether RDS has answered that it reboots. Afterwards the instance looks as it did before, so
  /// nothing at AWS tells whether a lost call was made.
  static let takenField = "reboot.taken"

  /// The plan, or why there is none.
  static func plan(change: String, site: String, facts: DatabaseFacts) throws -> Plan {
    try facts.checkAvailable()
    return Plan(
      change: change, kind: ChangeKind.databaseReboot.id, site: site,
      title: "Reboot the database \(facts.id)", guarding: .guarded,
      parameters: ["database": facts.id], locks: [facts.lock],
      preconditions: facts.settled + [Reading(takenField, "RDS took the reboot", "no")],
      steps: [
        Step(
          service: "rds", operation: "RebootDBInstance", words: "Reboot the instance",
          parameters: ["DBInstanceIdentifier": facts.id], recovery: .oneShot)
      ],
      expected: [
        Reading(takenField, "RDS took the reboot", "yes"),
        Reading(DatabaseFacts.statusField, "Status", "available"),
      ],
      failure: [], verifyWithinMs: verifyWithinMs,
      effects: [
        "The blog is down for about a minute, longer after many writes: Ghost can't answer "
          + "without its database, and connects again by itself.",
        "What was being saved at that moment is lost in the editor's window; what was saved stays.",
        "Nothing is changed, so the stack does not drift.",
      ],
      cost: .none, restoresService: true)
  }
}
