import Rules

/// One field of a resource that is set to another value: the shape of many kinds of change.
struct Setting {
  /// The kind of change.
  let kind: String
  /// What is set, as titles say it: `Versioning of media`.
  let label: String
  /// The field, as readings name it.
  let field: String
  /// Its value now and then, as readings have it.
  let before: String
  let after: String
  /// How grave that is.
  let guarding: Guarding
  /// What nothing else may change meanwhile.
  let lock: String
  /// What the kind needs to read the resource again.
  let parameters: [String: String]
  /// The call.
  let step: Step
  /// What else must be so when it runs.
  var others: [Reading] = []
  let effects: [String]
  var cost = Cost.none
  /// What the form says to put it back; nil where that can't be.
  let inverse: [String: String]?

  /// How long a setting may take to be seen.
  static let verifyWithinMs = 15 * Span.minute

  /// What people know of every setting that the stack holds too.
  static let driftNote =
    "The stack does not know of this: the next infra-deploy that touches it puts the template's "
    + "value back. Change the CDK code too."

  /// The plan, or why there is none.
  func plan(for asked: Asked) throws -> Plan {
    guard before != after else { throw PlanProblem("\(label) is “\(after)” already.") }
    return Plan(
      change: asked.change, kind: kind, site: asked.site.name,
      title: "\(label): \(after) instead of \(before)", guarding: guarding,
      parameters: parameters, locks: [lock],
      preconditions: [Reading(field, label, before)] + others, steps: [step],
      expected: [Reading(field, label, after)], failure: [],
      verifyWithinMs: Self.verifyWithinMs, effects: effects, cost: cost,
      inverse: inverse.map { Inverse(kind: kind, form: $0) })
  }
}

extension Asked {
  /// A choice between on and off.
  func isOn(_ name: String) throws -> Bool {
    switch field(name) {
    case "on": return true
    case "off": return false
    default: throw PlanProblem("Choose on or off.", at: name)
    }
  }
}
