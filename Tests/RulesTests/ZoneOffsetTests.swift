import Rules
import Testing

/// Moments as the clocks of a place show them.
@Suite struct ZoneOffsetTests {
  /// 31 December 2026, 22:30:05 UTC.
  private let moment = Moment(ms: 1_798_756_205_000)

  @Test(arguments: [
    (0, "UTC"), (60, "UTC+1"), (-480, "UTC−8"), (330, "UTC+5:30"), (-5, "UTC−0:05"),
  ])
  func `an offset is named by its distance from UTC`(minutes: Int64, words: String) {
    #expect(ZoneOffset(minutes: minutes).words == words)
  }

  @Test func `the day and the year are those of the place`() {
    let berlin = ZoneOffset(minutes: 120)
    #expect(moment.words == "31 December 2026, 22:30 UTC")
    #expect(moment.words(berlin) == "1 January 2027, 00:30 UTC+2")
    #expect(moment.wordsToTheSecond(berlin) == "1 January 2027, 00:30:05 UTC+2")
    #expect(moment.wordsWithoutYear(ZoneOffset(minutes: -480)) == "31 December, 14:30 UTC−8")
  }
}
