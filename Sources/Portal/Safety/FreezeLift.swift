import GRDB
import Rules

extension ChangeKind {
  /// The end of a freeze before its time: lowering a guard takes two.
  static let freezeLift = ChangeKind(
    id: "freeze.lift", label: "Lift a freeze",
    about: "Before its end, which needs a second person.", ownPath: "/safety",
    formPage: Portal.safety,
    plan: { means, asked in
      let now = means.outside.now()
      let freezes = try await means.storage.read { try HouseStore.freezes(in: $0) }
      guard let number = Int64(asked.field("freeze")),
        let freeze = freezes.first(where: { $0.number == number }), !freeze.isOver(at: now)
      else { throw PlanProblem("That freeze is over. There is nothing to lift.") }
      return FreezeLift.plan(change: asked.change, site: asked.site.name, freeze)
    },
    read: { means, plan in
      try await means.storage.read { db in
        try HouseStore.freezes(in: db).first { String($0.number) == plan.parameters["freeze"] }
          .map(FreezeLift.fields) ?? [:]
      }
    },
    perform: { means, plan, _, _ in
      try await means.storage.write { [now = means.outside.now()] db in
        try HouseStore.lift(Int64(plan.parameters["freeze"] ?? "") ?? 0, at: now, in: db)
      }
      return "The freeze is lifted."
    })
}

/// Plans the early end of a freeze.
enum FreezeLift {
  static func plan(change: String, site: String, _ freeze: Freeze) -> Plan {
    let number = String(freeze.number)
    return Plan(
      change: change, kind: ChangeKind.freezeLift.id, site: site,
      title: "Lift freeze F-\(number)", guarding: .guarded, parameters: ["freeze": number],
      locks: ["freeze:\(number)"],
      preconditions: [
        Reading(field, "Freeze F-\(number)", "stands"),
        Reading("freeze.reason", "Its reason", freeze.reason),
        Reading("freeze.to", "Its end", freeze.to.words),
      ],
      steps: [
        Step(
          service: Step.ownService, operation: "LiftFreeze", words: "Lift freeze F-\(number)",
          parameters: ["freeze": number], recovery: .setTo)
      ],
      expected: [Reading(field, "Freeze F-\(number)", "lifted")], failure: [],
      verifyWithinMs: Span.minute,
      effects: ["Every approved change can be run again at once."], cost: .none)
  }

  private static let field = "freeze.state"

  static func fields(_ freeze: Freeze) -> [String: String] {
    [
      field: freeze.liftedAt == nil ? "stands" : "lifted", "freeze.reason": freeze.reason,
      "freeze.to": freeze.to.words,
    ]
  }
}
