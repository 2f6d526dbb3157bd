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
    #expect(DateField.text(seconds) == text)
  }

  @Test func `days of four centuries agree with the calendar`() throws {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(identifier: "GMT")
    formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    for day in stride(from: 0, to: 146_097, by: 13) {
      let seconds = day * 86_400 + day % 86_400
      let date = Date(timeIntervalSince1970: TimeInterval(seconds))
      try #require(DateField.text(seconds) == formatter.string(from: date))
    }
  }

  @Test func `the line is written anew when the second changes`() {
    var field = DateField()
    let first = field.line(at: 0)
    #expect(field.line(at: 0) == first)
    #expect(field.line(at: 1) == Array("Date: Thu, 01 Jan 1970 00:00:01 GMT\r\n".utf8))
  }
}
