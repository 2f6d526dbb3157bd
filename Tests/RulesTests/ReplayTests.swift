import Rules
import Testing

/// What a log must not tell of, far behind what it told before.
@Suite struct ReplayTests {
  private let digest = Samples.digest

  /// What the log breaks with an event, in words; nil when it breaks nothing.
  private func broken(
    _ event: AuditEvent, by person: Int64?, in replay: inout AuditReplay
  ) -> String? {
    replay.apply(type: event.type, person: person, at: 0, data: .object(event.data))
  }

  private func proposal(of number: Int64) -> AuditEvent {
    .changeProposed(number: number, digest: digest, plan: Samples.plan(), reason: "why")
  }

  private func approval(of number: Int64) -> AuditEvent {
    .changeDecided(number: number, digest: digest, decision: .approve, note: "")
  }

  private func run(of number: Int64, attempt: Int64 = 1) -> AuditEvent {
    .runStarted(
      number: number, digest: digest, approvers: [2], attempt: attempt, emergency: nil)
  }

  private func moved(_ number: Int64, to state: ChangeState) -> AuditEvent {
    .changeMoved(number: number, from: .executing, state: state, why: "Seen.")
  }

  /// A log in which changes were run, the even ones to their end.
  private func replay(of numbers: [Int64]) -> AuditReplay {
    var replay = AuditReplay()
    for (person, role) in [(1, .operator_), (2, .approver)] as [(Int64, Role)] {
      #expect(broken(.personAdded(person: person, role: role), by: nil, in: &replay) == nil)
    }
    for number in numbers {
      #expect(broken(proposal(of: number), by: 1, in: &replay) == nil)
      #expect(broken(approval(of: number), by: 2, in: &replay) == nil)
    }
    for number in numbers.reversed() {
      let state: ChangeState = number.isMultiple(of: 2) ? .succeeded : .unknown
      #expect(broken(run(of: number), by: 1, in: &replay) == nil)
      for next in [ChangeState.verifying, state] {
        #expect(broken(moved(number, to: next), by: nil, in: &replay) == nil)
      }
    }
    return replay
  }

  @Test(arguments: [Array(1...200), [2, 1_000_000, 1 << 62, .max - 1]] as [[Int64]])
  func `whatever the log says of a change after its end is found, however many have ended`(
    numbers: [Int64]
  ) {
    let replay = replay(of: numbers)
    for number in numbers {
      let hasEnded = number.isMultiple(of: 2)
      let step = AuditEvent.stepFinished(number: number, step: 1, outcome: "done", detail: "")
      let acts: [(AuditEvent, Int64?, String)] = [
        (step, nil, "went on after its end"),
        (run(of: number, attempt: 2), 1, "was run after its end"),
      ]
      for (event, person, words) in acts {
        var copy = replay
        let found = broken(event, by: person, in: &copy)
        #expect(found == (hasEnded ? "CR-\(number) \(words)" : nil))
      }
      var copy = replay
      #expect(broken(proposal(of: number), by: 1, in: &copy)?.contains("proposed twice") == true)
    }
  }

  @Test func `nobody who ever ran a change settles it, nor another account of theirs`() {
    func found(by person: Int64) -> String? {
      var replay = replay(of: [1])
      #expect(broken(.personAdded(person: 3, role: .operator_), by: nil, in: &replay) == nil)
      #expect(broken(.personAdded(person: 4, role: .approver), by: nil, in: &replay) == nil)
      #expect(broken(.personLinked(person: 4, sameAs: [1]), by: nil, in: &replay) == nil)
      #expect(broken(run(of: 1, attempt: 2), by: 3, in: &replay) == nil)
      #expect(broken(moved(1, to: .unknown), by: nil, in: &replay) == nil)
      return broken(
        .changeFound(number: 1, state: .succeeded, note: "seen"), by: person, in: &replay)
    }
    for person: Int64 in [1, 3, 4] {
      #expect(found(by: person) == "CR-1 was settled by who ran it")
    }
    #expect(found(by: 2) == nil)
  }

  @Test func `what the clock ran is not settled by who proposed it`() {
    var replay = approved()
    #expect(broken(run(of: 1), by: nil, in: &replay) == nil)
    #expect(broken(moved(1, to: .unknown), by: nil, in: &replay) == nil)
    let finding = AuditEvent.changeFound(number: 1, state: .succeeded, note: "seen")
    #expect(broken(finding, by: 1, in: &replay) == "CR-1 was settled by who ran it")
  }

  /// A log in which a change is approved.
  private func approved() -> AuditReplay {
    var replay = replay(of: [])
    #expect(broken(proposal(of: 1), by: 1, in: &replay) == nil)
    #expect(broken(approval(of: 1), by: 2, in: &replay) == nil)
    return replay
  }

  @Test func `a change goes only where its state leads`() {
    let from: [ChangeState: [ChangeState]] = [
      .approved: [], .executing: [.executing], .verifying: [.executing, .verifying],
      .unknown: [.executing, .unknown],
    ]
    let allowed: [ChangeState: Set<ChangeState>] = [
      .approved: [.expired, .stale],
      .executing: [.verifying, .unknown, .failedNoEffect, .failedPartial],
      .verifying: [.unknown, .succeeded, .failedPartial],
      .unknown: [.succeeded, .failedNoEffect, .failedPartial],
    ]
    for (state, way) in from {
      var replay = approved()
      if !way.isEmpty { #expect(broken(run(of: 1), by: 1, in: &replay) == nil) }
      for next in way.dropFirst() {
        #expect(broken(moved(1, to: next), by: nil, in: &replay) == nil)
      }
      for next in ChangeState.allCases {
        var copy = replay
        let isAllowed = allowed[state]?.contains(next) == true
        #expect((broken(moved(1, to: next), by: nil, in: &copy) == nil) == isAllowed)
      }
    }
  }

  @Test func `a call names the plan and the run that it belongs to`() {
    func call(_ digest: String, attempt: Int64) -> String? {
      var replay = approved()
      #expect(broken(run(of: 1), by: 1, in: &replay) == nil)
      return broken(
        .stepIntended(number: 1, digest: digest, attempt: attempt, step: 1, call: "ecs:Do"),
        by: nil, in: &replay)
    }
    #expect(call(digest, attempt: 1) == nil)
    #expect(call("other", attempt: 1) == "CR-1 made a call of another plan or run")
    #expect(call(digest, attempt: 2) == "CR-1 made a call of another plan or run")
  }

  @Test func `other prices void every approval, and nobody gives them by hand`() {
    let other = String(repeating: "e", count: 64)
    func repriced(_ terms: Terms = Samples.terms(revision: 2)) -> AuditEvent {
      .changeRepriced(
        number: 1, digest: other, plan: Samples.plan(terms: terms), why: "It costs more.")
    }
    let run = AuditEvent.runStarted(
      number: 1, digest: other, approvers: [2], attempt: 1, emergency: nil)
    var replay = approved()
    var byHand = replay
    #expect(broken(repriced(), by: 1, in: &byHand)?.contains("by somebody") == true)
    #expect(broken(repriced(), by: nil, in: &replay) == nil)
    var early = replay
    #expect(
      broken(run, by: 1, in: &early) == "CR-1 was run without 1 other persons who count")
    let approval = AuditEvent.changeDecided(
      number: 1, digest: other, decision: .approve, note: "")
    #expect(broken(approval, by: 2, in: &replay) == nil)
    #expect(broken(run, by: 1, in: &replay) == nil)
  }

  @Test func `nothing is run for somebody who was disabled, nor taken back while it runs`() {
    var replay = approved()
    #expect(broken(.personDisabled(person: 1), by: nil, in: &replay) == nil)
    #expect(broken(run(of: 1), by: 2, in: &replay) == "CR-1 was run for somebody disabled")
    var running = approved()
    #expect(broken(run(of: 1), by: 1, in: &running) == nil)
    for event in [
      AuditEvent.changeWithdrawn(number: 1), .changeRevoked(number: 1, note: ""),
      .changeDecided(number: 1, digest: digest, decision: .reject, note: "no"),
    ] {
      var copy = running
      #expect(broken(event, by: 1, in: &copy) == "CR-1 was taken back after its run began")
    }
  }

  @Test func `a password chosen by the author's link is one that they gave`() {
    let tie = AuditEvent.policySet(settings: ["tie_ms": Span.hour])
    for (by, counts) in [(Int64(1), false), (3, true)] {
      var replay = approved()
      #expect(broken(tie, by: nil, in: &replay) == nil)
      #expect(broken(.passwordChosen(person: 2, by: by), by: nil, in: &replay) == nil)
      #expect((broken(run(of: 1), by: 1, in: &replay) == nil) == counts)
    }
  }

  @Test func `an emergency is not reviewed by another account of who declared it`() {
    var replay = replay(of: [])
    let declared = AuditEvent.emergencyDeclared(
      emergency: 1, until: Moment(ms: Span.hour), reason: "down")
    let reviewed = AuditEvent.emergencyReviewed(emergency: 1, note: "seen")
    #expect(broken(.personLinked(person: 2, sameAs: [1]), by: nil, in: &replay) == nil)
    #expect(broken(declared, by: 1, in: &replay) == nil)
    #expect(broken(reviewed, by: 2, in: &replay) == "E-1 was reviewed by who declared it")
  }
}
