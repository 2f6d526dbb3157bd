import Rules

/// A change that sends one message. Nothing at its receiver can be read, so that only the answer to
/// the call tells whether it was sent.
struct OneMessage {
  let kind: String
  let title: String
  let lock: String
  let step: Step
  let effects: [String]

  static let field = "message"
  static let notSent = "not sent"
  static let sent = "sent"
  /// What an answer that never came leaves.
  static let notKnown = "not known to be sent"

  func plan(for asked: Asked, parameters: [String: String] = [:]) -> Plan {
    Plan(
      change: asked.change, kind: kind, site: asked.site.name, title: title, guarding: .logged,
      parameters: parameters, locks: [lock],
      preconditions: [Reading(Self.field, "The message", Self.notSent)], steps: [step],
      expected: [Reading(Self.field, "The message", Self.sent)], failure: [],
      verifyWithinMs: Span.minute, effects: effects, cost: .none)
  }
}

extension Means {
  /// Whether the message of a change was sent, by what its only call was answered.
  func sent(_ plan: Plan) async throws -> [String: String] {
    let steps = try await storage.read { try ExecutionStore.steps(of: plan.change, in: $0) }
    guard let step = steps.first else { return [OneMessage.field: OneMessage.notSent] }
    return [
      OneMessage.field: step.isDone
        ? OneMessage.sent : step.outcome == "failed" ? OneMessage.notSent : OneMessage.notKnown
    ]
  }
}
