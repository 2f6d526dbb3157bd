import Foundation
import Testing

@testable import HTTP

struct DateFieldTests {
  @Test(arguments: [
    (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
    (951_782_399, "Mon, 28 Feb 2000 23:59:59 GMT"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
    (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
  ])
  func `RFC 9110 §5.6.7: a date is written in the preferred form`(seconds: Int, text: String) {
    #expect(HTTPDate.text(seconds) == text)
  }

  @Test(arguments: [
    "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
  ])
  func `RFC 9110 §5.6.7: a date is read in each of its three forms`(text: String) {
    #expect(HTTPDate.unixSeconds(text, at: 1_000_000_000) == 784_111_777)
  }

  @Test(arguments: [
    "Mon, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 UTC",
    "Sun, 6 Nov 1994 08:49:37 GMT",
    "Sun, 06 nov 1994 08:49:37 GMT", "Thu, 31 Feb 1994 08:49:37 GMT",
    "Sun, 06 Nov 1994 24:00:00 GMT",
    "Sun, 06 Nov 1994 08:60:00 GMT", "Sun  06 Nov 1994 08:49:37 GMT",
    "Sun, 06 Nov +994 08:49:37 GMT",
    "Sun, 06 Nov 1994 8:49:037 GMT", "Sat, 06 Nov 1864 08:49:37 GMT", "Sun, 06-Nov-94 08:49:37 GMT",
    "Caturday, 06-Nov-94 08:49:37 GMT", "Sun Nov 06 08:49:37 94", "Sun Nov   6 08:49:37 994",
    "784111777", "", " ", "Sun, 06 Nov 1994 08:49:37 GMT ",
  ])
  func `what is no date of the calendar is none`(text: String) {
    #expect(HTTPDate.unixSeconds(text, at: 1_000_000_000) == nil)
  }

  @Test func `RFC 9110 §5.6.7: a year of two digits is at most fifty years ahead`() {
    let nowS = 1_795_348_800  // 2026
    let dates = ["Wednesday, 01-Jan-76 00:00:00 GMT", "Saturday, 01-Jan-77 00:00:00 GMT"]
    let years = dates.map { HTTPDate.unixSeconds($0, at: nowS).map(HTTPDate.text)?.dropFirst(12) }
    #expect(years == ["2076 00:00:00 GMT", "1977 00:00:00 GMT"])
  }

  @Test func `every date that is written can be read`() throws {
    for seconds in stride(from: 0, to: 4_107_542_400, by: 8_640_007) {
      try #require(HTTPDate.unixSeconds(HTTPDate.text(seconds), at: 0) == seconds)
    }
  }

  @Test func `days of four centuries agree with the calendar`() throws {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(identifier: "GMT")
    formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    for day in stride(from: 0, to: 146_097, by: 13) {
      let seconds = day * 86_400 + day % 86_400
      let date = Date(timeIntervalSince1970: TimeInterval(seconds))
      try #require(HTTPDate.text(seconds) == formatter.string(from: date))
    }
  }

  @Test func `the line is written anew when the second changes`() {
    var field = DateField()
    let first = field.line(at: 0)
    #expect(field.line(at: 0) == first)
    #expect(field.line(at: 1) == Array("Date: Thu, 01 Jan 1970 00:00:01 GMT\r\n".utf8))
  }
}
