import Rules
import Testing

/// How far the continuous copy is behind, by what it has put beside what was written.
@Suite struct ReplicaTests {
  private let start = Moment(ms: 1_000 * Span.day)
  private let patienceMs = 3 * Span.minute

  private func at(_ minutes: Int64) -> Moment { start.adding(ms: minutes * Span.minute) }

  /// The standing after looks a minute apart; nil for one without an answer.
  private func standing(_ looks: [(puts: Double, writes: Int)?]) -> ReplicaStanding {
    var watch = ReplicaWatch()
    for (index, look) in looks.enumerated() {
      if let look {
        watch.see(puts: look.puts, writes: look.writes, at: at(Int64(index)))
      } else {
        watch.miss("Nobody answers.", at: at(Int64(index)))
      }
    }
    return watch.standing(patienceMs: patienceMs, at: at(Int64(looks.count - 1)))
  }

  @Test func `nothing is known before it has put something while somebody looked`() {
    #expect(ReplicaWatch().standing(patienceMs: patienceMs, at: start).health == .unknown)
    #expect(standing([(7, 1)]).health == .unknown)
    #expect(standing([(7, 1), (7, 1), (7, 1), (7, 1), (7, 1)]).health == .unknown)
  }

  @Test func `while it puts what is written the copy is in step`() {
    #expect(standing([(7, 1), (8, 2)]) == .inStep(lagMs: 0))
    #expect(standing([(7, 1), (8, 2), (8, 2), (8, 2)]) == .inStep(lagMs: 0))
    #expect(standing([(7, 1), (8, 2), (8, 3), (8, 4)]) == .inStep(lagMs: Span.minute))
  }

  @Test func `what was written and is not put for too long is behind, and a put ends that`() {
    let stuck: [(puts: Double, writes: Int)?] = [
      (7, 1), (8, 2), (8, 3), (8, 4), (8, 5), (8, 6), (8, 7),
    ]
    #expect(standing(stuck) == .behind(lagMs: 4 * Span.minute))
    #expect(standing(stuck + [(9, 8)]) == .inStep(lagMs: 0))
    // Also where it has never put anything.
    #expect(
      standing([(7, 1), (7, 2), (7, 3), (7, 4), (7, 5), (7, 6)]) == .behind(lagMs: 4 * Span.minute))
    // A start of its own, which counts anew, is no put.
    #expect(
      standing([(7, 1), (8, 2), (8, 3), (1, 4), (1, 5), (1, 6), (1, 7)])
        == .behind(lagMs: 4 * Span.minute))
  }

  @Test func `without an answer nobody knows, whatever was seen before`() {
    let standing = standing([(7, 1), (8, 2), nil, nil, nil])
    #expect(standing.health == .unknown)
    #expect(standing.sentence.contains("Nobody answers. So for 2 minutes."))
    #expect(SelfCheck.replica(standing).standing == .unknown)
    #expect(SelfCheck.replica(.behind(lagMs: 1)).standing == .unsafe)
    #expect(SelfCheck.replica(.inStep(lagMs: 0)).standing == .good)
  }
}
