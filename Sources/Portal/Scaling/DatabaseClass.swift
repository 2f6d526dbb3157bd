import Rules

extension ChangeKind {
  /// The class of the database instance.
  static let databaseClass = ChangeKind(
    id: "rds.class", label: "Database class",
    about: "Processor and memory of the database. The blog is down for some minutes.",
    subject: .database, ownPath: "/scaling",
    formPage: Portal.scaling,
    plan: { means, asked in
      let facts = try await means.databaseFacts(at: asked.site)
      let newClass = asked.field("class")
      return try DatabaseClassChange.plan(
        change: asked.change, site: asked.site.name, facts: facts, newClass: newClass,
        immediately: asked.field("when") == "now",
        rates: try await means.databaseRates(
          from: facts.instanceClass, to: newClass, multiAZ: facts.multiAZ))
    },
    read: { means, plan in try await means.cloud.database(of: plan).fields },
    price: { means, plan in
      let facts = try await means.cloud.database(of: plan)
      let after = plan.parameters["class"] ?? ""
      return Cost.ofDatabase(
        classes: (facts.instanceClass, after), multiAZ: facts.multiAZ,
        rates: try await means.databaseRates(
          from: facts.instanceClass, to: after, multiAZ: facts.multiAZ))
    },
    perform: { means, _, step, _ in try await means.cloud.modifyDatabase(step) })
}

/// Plans another class for the database instance.
enum DatabaseClassChange {
  /// How long RDS may take to change a class at once.
  static let verifyWithinMs = Span.hour

  /// The plan, or why there is none.
  /// - Parameter immediately: now, with the outage now; otherwise in the maintenance window.
  static func plan(
    change: String, site: String, facts: DatabaseFacts, newClass: String, immediately: Bool,
    rates: DatabaseRates
  ) throws -> Plan {
    guard DatabaseClass.all.contains(newClass) else {
      throw PlanProblem("“\(newClass)” is not one of the classes on offer. Choose one of the list.")
    }
    guard newClass != facts.instanceClass else {
      throw PlanProblem("The database is a \(newClass) already. Choose another class.")
    }
    try facts.checkAvailable()
    try facts.checkNothingWaits()
    return Plan(
      change: change, kind: ChangeKind.databaseClass.id, site: site,
      title: "Make the database a \(newClass) instead of \(facts.instanceClass)"
        + (immediately ? "" : ", in the maintenance window"),
      guarding: .guarded,
      parameters: [
        "database": facts.id, "class": newClass, "when": immediately ? "now" : "window",
      ],
      locks: [facts.lock], preconditions: facts.settled,
      steps: [
        .modifyDatabase(
          facts.id,
          words: "Change the class to \(newClass)"
            + (immediately ? " now" : " in the maintenance window"),
          ["DBInstanceClass": newClass], immediately: immediately)
      ],
      expected: expected(newClass, immediately: immediately), failure: [],
      verifyWithinMs: verifyWithinMs, effects: effects(of: facts, immediately: immediately),
      cost: Cost.ofDatabase(
        classes: (facts.instanceClass, newClass), multiAZ: facts.multiAZ, rates: rates),
      inverse: Inverse(
        kind: ChangeKind.databaseClass.id,
        form: ["class": facts.instanceClass, "when": immediately ? "now" : "window"]))
  }

  private static func expected(_ newClass: String, immediately: Bool) -> [Reading] {
    immediately
      ? [
        Reading(DatabaseFacts.classField, "Class", newClass),
        Reading(DatabaseFacts.statusField, "Status", "available"),
      ] : [Reading(DatabaseFacts.orderedClassField, "Class ordered", newClass)]
  }

  private static func effects(of facts: DatabaseFacts, immediately: Bool) -> [String] {
    let outage =
      facts.multiAZ
      ? "The blog is down for about a minute while RDS fails over"
      : "The blog is down for some minutes while RDS restarts on the new class"
    return [
      outage
        + (immediately
          ? ", as soon as the change runs." : ", in the window \(facts.windowWords)."),
      "Nothing is lost: the data stays where it is.",
      "The stack does not know of this: the next infra-deploy that touches the database puts the "
        + "template's class back, with another outage. Change the CDK code too.",
    ]
  }
}
