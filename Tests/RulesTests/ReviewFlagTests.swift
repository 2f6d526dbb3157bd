import Rules
import Testing

@Suite struct ReviewFlagTests {
  private func flag(_ event: AuditEvent) -> ReviewFlag? {
    ReviewFlag(type: event.type, data: .object(event.data))
  }

  private func outcome(_ event: AuditEvent) -> AuditOutcome {
    AuditOutcome(type: event.type, data: .object(event.data))
  }

  @Test func `what two people are needed for, what failed and what was refused is flagged`() {
    let approved = AuditEvent.changeDecided(number: 1, digest: "d", decision: .approve, note: "")
    #expect(flag(approved) == .approval)
    func run(_ approvers: [Int64], emergency: Int64? = nil) -> AuditEvent {
      .runStarted(
        number: 1, digest: "d", approvers: approvers, attempt: 1, emergency: emergency)
    }
    #expect(flag(run([2])) == .run)
    #expect(flag(run([], emergency: 1)) == .emergency)
    #expect(flag(run([])) == nil, "it needed no second person")
    #expect(flag(.changeMoved(number: 1, from: .executing, state: .unknown, why: "")) == .unknown)
    #expect(
      flag(.changeMoved(number: 1, from: .executing, state: .failedPartial, why: "")) == .failed)
    #expect(flag(.changeFound(number: 1, state: .succeeded, note: "n")) == .unknown)
    #expect(flag(.accessRefused(route: "GET /audit", change: nil, why: "w")) == .refused)
    #expect(flag(.changeRefused(number: 1, act: "approve", why: "w")) == .refused)
    #expect(flag(.personAdded(person: 2, role: .viewer)) == .people)
    #expect(flag(.passwordReset(person: 2)) == .people)
  }

  @Test func `the daily round is not flagged`() {
    #expect(flag(.portalStarted(version: "1")) == nil)
    #expect(flag(.sessionStarted) == nil)
    #expect(flag(.sessionEnded) == nil)
    #expect(flag(.stepIntended(number: 1, digest: "d", attempt: 1, step: 1, call: "c")) == nil)
    #expect(flag(.stepFinished(number: 1, step: 1, outcome: "failed", detail: "")) == nil)
    #expect(flag(.changeMoved(number: 1, from: .executing, state: .succeeded, why: "")) == nil)
    #expect(flag(.sessionRefused(person: 1)) == nil, "one mistyped password is no news")
  }

  @Test(arguments: [
    ("policy.changed", ReviewFlag.policy), ("person.role_changed", .people),
    ("person.erased", .erasure), ("log.exported", .export), ("log.key_rotated", .log),
    ("spool.imported", .log), ("clock.accepted", .log), ("emergency.declared", .emergency),
    ("act.refused", .refused),
    ("freeze.lifted", .policy), ("person.linked", .people),
    ("factor.removed", .people), ("recovery.used", .people),
  ])
  func `events are flagged by what they are about`(type: String, expected: ReviewFlag) {
    #expect(ReviewFlag(type: type, data: .object([:])) == expected)
  }

  @Test func `an outcome is read from the type, the step and the state`() {
    #expect(outcome(.sessionRefused(person: 1)) == .refused)
    #expect(outcome(.accessRefused(route: "r", change: nil, why: "w")) == .refused)
    #expect(outcome(.stepFinished(number: 1, step: 1, outcome: "done", detail: "")) == .good)
    #expect(outcome(.stepFinished(number: 1, step: 1, outcome: "failed", detail: "")) == .failed)
    #expect(outcome(.stepFinished(number: 1, step: 1, outcome: "unknown", detail: "")) == .unknown)
    #expect(
      outcome(.changeMoved(number: 1, from: .executing, state: .unknown, why: "")) == .unknown)
    #expect(
      outcome(.changeMoved(number: 1, from: .executing, state: .failedNoEffect, why: "")) == .failed
    )
    #expect(outcome(.changeMoved(number: 1, from: .executing, state: .executing, why: "")) == .good)
    #expect(outcome(.sessionStarted) == .good)
  }

  @Test func `five refused sign-ins within fifteen minutes are a burst, four or slower are not`() {
    let now = Moment(ms: 1_000_000_000)
    func ago(_ minutes: Int64...) -> [Moment] {
      minutes.map { now.adding(ms: -$0 * Span.minute) }
    }
    #expect(SignInBurst.isReached(at: now, earlier: ago(1, 2, 3, 15)))
    #expect(!SignInBurst.isReached(at: now, earlier: ago(1, 2, 3)))
    #expect(!SignInBurst.isReached(at: now, earlier: ago(1, 2, 3, 16)))
  }
}
