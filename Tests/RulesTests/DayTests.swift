import Foundation
import Rules
import Testing

@Suite struct DayTests {
  @Test func `every day of 800 years reads as Foundation writes it, and back`() throws {
    let style = Date.ISO8601FormatStyle().year().month().day()
    for number in stride(from: Int64(0), to: 292_194, by: 1) {
      let day = Day(number: number)
      let date = Date(timeIntervalSince1970: Double(number) * 86_400)
      if number % 7 == 0 || day.iso.hasSuffix("-29") || day.iso.hasSuffix("-01") {
        #expect(day.iso == date.formatted(style))
      }
      #expect(Day(iso: day.iso) == day)
    }
  }

  @Test(arguments: [
    "", "2026", "2026-2-03", "2026-02-30", "2025-02-29", "2026-13-01", "2026-00-10", "2026-01-00",
    "1969-12-31", "2026-11-23 ", "+026-11-23", "２026-11-23", "2026-11-23-", "2026/11/23",
  ])
  func `what is no day of the calendar is none`(text: String) {
    #expect(Day(iso: text) == nil)
  }

  @Test func `a day begins at midnight and holds every moment until the next`() throws {
    let day = try #require(Day(iso: "2028-02-29"))
    #expect(Day(day.start) == day)
    #expect(Day(day.start.adding(ms: Span.day - 1)) == day)
    #expect(Day(day.start.adding(ms: Span.day)) == day.next)
    #expect(day.next.iso == "2028-03-01")
    #expect(Day(Moment(ms: -1)).number == -1)
    #expect(Day.first.iso == "1970-01-01")
    #expect(Day.last.iso == "9999-12-31")
  }

  @Test(arguments: [
    (0, "1970-01-01T00:00:00.000Z"), (1_795_348_800_007, "2026-11-22T12:00:00.007Z"),
    (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
  ])
  func `a moment is written with its milliseconds`(ms: Int64, text: String) {
    #expect(Moment(ms: ms).iso == text)
  }
}
