/// The Date field (RFC 9110 §6.6.1), written once a second.
struct DateField {
  private var second: Int?
  private var line: [UInt8] = []

  mutating func line(at unixSeconds: Int) -> [UInt8] {
    if second != unixSeconds {
      second = unixSeconds
      line = Array("Date: \(Self.text(unixSeconds))\r\n".utf8)
    }
    return line
  }

  /// `Sun, 06 Nov 1994 08:49:37 GMT` (IMF-fixdate, RFC 9110 §5.6.7).
  /// - Parameter unixSeconds: since 1970, not negative.
  static func text(_ unixSeconds: Int) -> String {
    let days = unixSeconds / 86_400
    let second = unixSeconds % 86_400
    let (year, month, day) = civil(days)
    // 1 January 1970 was a Thursday.
    let name = weekdays[(days + 4) % 7]
    let time = [second / 3_600, second / 60 % 60, second % 60].map(twoDigits)
    return "\(name), \(twoDigits(day)) \(months[month - 1]) \(year) "
      + "\(time.joined(separator: ":")) GMT"
  }

  private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  private static func twoDigits(_ number: Int) -> String {
    number < 10 ? "0\(number)" : String(number)
  }

  /// The Gregorian date of a day since 1970. Years are counted from March, so that the leap day
  /// comes last, in eras of 400 years, which are 146 097 days each.
  private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
    let sinceMarchOf0 = days + 719_468
    let era = sinceMarchOf0 / 146_097
    let dayOfEra = sinceMarchOf0 % 146_097
    let leaps = dayOfEra / 1_460 - dayOfEra / 36_524 + dayOfEra / 146_096
    let yearOfEra = (dayOfEra - leaps) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }
}
