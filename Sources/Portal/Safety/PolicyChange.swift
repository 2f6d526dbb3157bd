import Foundation
import GRDB
import Rules

extension ChangeKind {
  /// How many people changes need, and how long things may take.
  static let policy = ChangeKind(
    id: "policy", label: "Policy",
    about: "The figures in the rules.", ownPath: "/safety",
    formPage: Portal.safety,
    plan: { means, asked in
      let now = try await means.storage.read { try HouseStore.policy(in: $0) }
      return try PolicyChange.plan(
        change: asked.change, site: asked.site.name, from: now,
        to: PolicyChange.policy(from: asked))
    },
    read: { means, _ in
      try await means.storage.read { PolicyChange.fields(try HouseStore.policy(in: $0)) }
    },
    perform: { means, plan, _, _ in
      guard let policy = Policy(settings: plan.parameters.compactMapValues { Int64($0) }) else {
        throw PlanProblem("The plan holds no policy.")
      }
      try await means.storage.write { [now = means.outside.now()] db in
        guard let change = try ChangeStore.find(id: plan.change, in: db) else { return }
        try HouseStore.set(policy, by: .person(change.requester), at: now, in: db)
      }
      return "The policy applies."
    })
}

/// Plans another policy.
enum PolicyChange {
  /// The plan, or why there is none.
  static func plan(
    change: String, site: String, from before: Policy, to after: Policy
  ) throws -> Plan {
    guard before != after else { throw PlanProblem("That is the policy as it is.") }
    let changed = Policy.settings.filter { before[keyPath: $0.path] != after[keyPath: $0.path] }
    return Plan(
      change: change, kind: ChangeKind.policy.id, site: site,
      title: "Change the policy: " + changed.map(\.label).joined(separator: ", "),
      guarding: .guarded, parameters: after.settings.mapValues(String.init), locks: ["policy"],
      preconditions: readings(before),
      steps: [
        Step(
          service: Step.ownService, operation: "SetPolicy", words: "Set the policy",
          parameters: after.settings.mapValues(String.init), recovery: .setTo)
      ],
      expected: readings(after), failure: [], verifyWithinMs: Span.minute,
      effects: [
        "It counts for every change from then on, also for those that wait: whichever is stricter, "
          + "what they were proposed under or what applies."
      ], cost: .none,
      inverse: Inverse(kind: ChangeKind.policy.id, form: form(before)))
  }

  /// The policy that a form asks for: lengths of time in hours.
  static func policy(from asked: Asked) throws -> Policy {
    var settings: [String: Int64] = [:]
    var mistakes: [Mistake] = []
    for setting in Policy.settings {
      let unit = setting.isSpan ? Span.hour : 1
      guard let typed = Int64(asked.field(setting.name)),
        case let (value, overflow) = typed.multipliedReportingOverflow(by: unit), !overflow,
        setting.range.contains(value)
      else {
        let least = words(setting, setting.range.lowerBound)
        mistakes.append(
          Mistake(
            "“\(setting.label)” must be from \(least) to "
              + "\(words(setting, setting.range.upperBound)).",
            at: setting.name))
        continue
      }
      settings[setting.name] = value
    }
    guard let policy = Policy(settings: settings) else { throw PlanProblem(mistakes) }
    return policy
  }

  /// The form that asks for a policy.
  static func form(_ policy: Policy) -> [String: String] {
    Dictionary(
      uniqueKeysWithValues: Policy.settings.map { setting in
        let value = policy[keyPath: setting.path]
        return (setting.name, String(setting.isSpan ? value / Span.hour : value))
      })
  }

  /// Every setting in words, by field.
  static func fields(_ policy: Policy) -> [String: String] {
    Dictionary(uniqueKeysWithValues: readings(policy).map { ($0.field, $0.value) })
  }

  private static func readings(_ policy: Policy) -> [Reading] {
    Policy.settings.map { setting in
      Reading(
        "policy." + setting.name, setting.label, words(setting, policy[keyPath: setting.path]))
    }
  }

  /// A value in words: `4 hours`, `2`.
  static func words(_ setting: Policy.Setting, _ value: Int64) -> String {
    setting.isSpan ? (value == 0 ? "at once" : Span.words(ms: value)) : String(value)
  }
}
