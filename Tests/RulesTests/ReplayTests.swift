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
      let end = AuditEvent.changeMoved(
        number: number, from: .executing, state: state, why: "Seen.")
      #expect(broken(end, by: nil, in: &replay) == nil)
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
}
