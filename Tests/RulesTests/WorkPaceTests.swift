import Rules
import Testing

/// Time against the usual.
@Suite struct WorkPaceTests {
  @Test(
    arguments: [
      (40_000, [], "Running for 40 seconds."),
      (0, [], "Running for 1 second."),
      (40_000, [120_000], "Running for 40 seconds, usually 2 minutes."),
      (130_000, [110_000], "Running for 2 minutes, longer than the usual 110 seconds."),
      (60_000, [9_000_000], "Running for 1 minute, usually 2 hours."),
    ])
  func `what goes on is held against what it took before`(
    elapsedMs: Int64, beforeMs: [Int64], sentence: String
  ) {
    #expect(WorkPace(elapsedMs: elapsedMs, beforeMs: beforeMs).sentence == sentence)
  }

  @Test func `the usual is the median, which no single slow run moves`() {
    #expect(WorkPace(elapsedMs: 0, beforeMs: [5, 3_600_000, 4, 6, 5]).usualMs == 5)
  }
}
