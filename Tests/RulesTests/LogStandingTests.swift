import Rules
import Testing

/// When the log is vouched for well enough to begin a guarded change.
@Suite struct LogStandingTests {
  @Test(
    arguments: [
      (0, 0), (0, .max), (1, LogStanding.lateMs), (LogStanding.tailMax, 0),
      (LogStanding.tailMax, LogStanding.lateMs),
    ] as [(Int64, Int64)])
  func `a short and young tail is healthy`(tail: Int64, waitingMs: Int64) {
    let standing = LogStanding(tail: tail, waitingMs: waitingMs)
    #expect(standing == .healthy)
    #expect(standing.sentence == nil)
  }

  @Test(
    arguments: [
      (1, LogStanding.lateMs + 1), (LogStanding.tailMax + 1, 0), (.max, .max),
    ] as [(Int64, Int64)])
  func `a long or old tail is late`(tail: Int64, waitingMs: Int64) {
    let standing = LogStanding(tail: tail, waitingMs: waitingMs)
    #expect(standing == .late(sinceMs: waitingMs, entries: tail))
    #expect(standing.sentence?.contains("guarded changes are not run") == true)
  }

  @Test func `only what may be another log, or is not vouched for, stops guarded changes`() {
    #expect(LogStanding.unanchored.sentence == nil)
    #expect(LogStanding.unchecked.sentence?.contains("has not been compared") == true)
    let behind = LogStanding.behind(anchored: 100, local: 40)
    #expect(behind.sentence?.contains("40 entries") == true)
    #expect(Refusal.logNotVouchedFor(behind).sentence == behind.sentence)
  }
}
