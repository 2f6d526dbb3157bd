import Rules

extension ChangeKind {
  /// Whether a standby runs in a second zone.
  static let databaseStandby = ChangeKind(
    id: "rds.multi-az", label: "Standby in a second zone",
    about: "A standby (Multi-AZ) takes over within about a minute when the database or its zone "
      + "fails. It about doubles what the database costs; the preview has the figures.",
    subject: .database,
    form: { estate in
      let facts = estate[DatabaseFacts.self].facts
      return [
        .toggle("multi_az", "Standby", isOn: facts?.multiAZ ?? false),
        FormField(
          "when", "When it is run",
          .choice([("window", "In the maintenance window"), ("now", "At once")]),
          hint: facts.map { "The window is \($0.windowWords)." } ?? ""),
      ]
    },
    plan: { means, asked in
      let isOn = try asked.isOn("multi_az")
      let facts = try await means.databaseFacts(at: asked.site)
      return try DatabaseStandby.plan(
        change: asked.change, site: asked.site.name, facts: facts, isOn: isOn,
        immediately: asked.field("when") == "now",
        cost: try await DatabaseStandby.cost(of: facts, isOn: isOn, with: means))
    },
    read: { means, plan in try await means.cloud.database(of: plan).fields },
    price: { means, plan in
      try await DatabaseStandby.cost(
        of: try await means.cloud.database(of: plan), isOn: plan.parameters["multi_az"] == "on",
        with: means)
    },
    perform: { means, _, step, _ in try await means.cloud.modifyDatabase(step) })
}

/// Plans a standby in a second zone, or its end.
enum DatabaseStandby {
  /// How long RDS may take to make or remove a standby at once.
  static let verifyWithinMs = 2 * Span.hour

  /// The plan, or why there is none.
  /// - Parameter immediately: now; otherwise in the maintenance window.
  static func plan(
    change: String, site: String, facts: DatabaseFacts, isOn: Bool, immediately: Bool, cost: Cost
  ) throws -> Plan {
    guard isOn != facts.multiAZ else {
      throw PlanProblem(
        isOn
          ? "A standby runs in a second zone already." : "The database runs in one zone already.",
        at: "multi_az")
    }
    try facts.checkAvailable()
    try facts.checkNothingWaits()
    let zones = DatabaseFacts.zones(isOn)
    let when = immediately ? "now" : "window"
    return Plan(
      change: change, kind: ChangeKind.databaseStandby.id, site: site,
      title: (isOn
        ? "Give the database a standby in a second zone" : "Take the standby from the database")
        + (immediately ? "" : ", in the maintenance window"),
      guarding: .guarded,
      parameters: [
        "database": facts.id, "multi_az": DatabaseFacts.onOff(isOn), "when": when,
      ],
      locks: [facts.lock], preconditions: facts.settled,
      steps: [
        .modifyDatabase(
          facts.id,
          words: "Make it \(zones)" + (immediately ? " now" : " in the maintenance window"),
          ["MultiAZ": isOn ? "true" : "false"], immediately: immediately)
      ],
      expected: immediately
        ? [
          Reading(DatabaseFacts.multiAZField, "Zones", zones),
          Reading(DatabaseFacts.statusField, "Status", "available"),
        ] : [Reading(DatabaseFacts.orderedMultiAZField, "Zones ordered", zones)],
      failure: [], verifyWithinMs: verifyWithinMs,
      effects: effects(of: facts, isOn: isOn, immediately: immediately), cost: cost,
      inverse: Inverse(
        kind: ChangeKind.databaseStandby.id,
        form: ["multi_az": DatabaseFacts.onOff(!isOn), "when": when]))
  }

  /// What the database costs with and without a standby.
  static func cost(of facts: DatabaseFacts, isOn: Bool, with means: Means) async throws -> Cost {
    let shape = DatabaseShape(facts)
    var after = shape
    after.multiAZ = isOn
    return try await means.databaseCost(from: shape, to: after)
  }

  private static func effects(
    of facts: DatabaseFacts, isOn: Bool, immediately: Bool
  ) -> [String] {
    let start =
      immediately ? "as soon as the change runs" : "in the window \(facts.windowWords)"
    return [
      isOn
        ? "The blog stays up. RDS copies the database to a second zone, \(start); until then "
          + "writes may be slower."
        : "The blog stays up. From then on it is down, when the zone fails, until AWS brings the "
          + "zone back. RDS takes the standby away \(start).",
      Setting.driftNote,
    ]
  }
}
