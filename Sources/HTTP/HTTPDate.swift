/// Moments as fields carry them (RFC 9110 §5.6.7), to the second.
enum HTTPDate {
  /// `Sun, 06 Nov 1994 08:49:37 GMT` (IMF-fixdate).
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

  /// Seconds since 1970 of a date in any of the three forms that have to be understood; nil for
  /// what is none of them, and for a day that is not in the calendar.
  /// - Parameter now: seconds since 1970; a year of two digits is near it.
  static func unixSeconds(_ text: String, at now: Int) -> Int? {
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    switch (words.count, text.utf8.count) {
    case (6, 29):  // Sun, 06 Nov 1994 08:49:37 GMT
      guard words[0].last == ",", words[5] == "GMT" else { return nil }
      return seconds(words[0].dropLast(), words[1], words[2], number(words[3], 4), words[4])
    case (4, 30...33):  // Sunday, 06-Nov-94 08:49:37 GMT
      let date = words[1].split(separator: "-", omittingEmptySubsequences: false)
      guard words[0].last == ",", words[3] == "GMT", date.count == 3,
        weekdaysInFull.contains(String(words[0].dropLast()))
      else { return nil }
      let year = number(date[2], 2).map { full($0, at: now) }
      return seconds(words[0].prefix(3), date[0], date[1], year, words[2])
    case (5, 24):  // Sun Nov 16 08:49:37 1994
      return seconds(words[0], words[2], words[1], number(words[4], 4), words[3])
    case (6, 24):  // Sun Nov  6 08:49:37 1994
      guard words[2].isEmpty, words[3].utf8.count == 1 else { return nil }
      return seconds(words[0], "0" + words[3], words[1], number(words[5], 4), words[4])
    default: return nil
    }
  }

  private static func seconds(
    _ weekday: Substring, _ day: Substring, _ month: Substring, _ year: Int?, _ time: Substring
  ) -> Int? {
    guard let year, year >= 1970, let day = number(day, 2),
      let month = months.firstIndex(of: String(month)), let second = secondOfDay(time)
    else { return nil }
    let days = daysSince1970(year: year, month: month + 1, day: day)
    // Counted back it must be the same: there is no 31 February.
    guard civil(days) == (year, month + 1, day), weekdays[(days + 4) % 7] == weekday else {
      return nil
    }
    return days * 86_400 + second
  }

  /// What looks more than 50 years ahead is the last such year that is past (RFC 9110 §5.6.7).
  private static func full(_ twoDigits: Int, at now: Int) -> Int {
    let thisYear = civil(now / 86_400).year
    let year = thisYear / 100 * 100 + twoDigits
    return year > thisYear + 50 ? year - 100 : year
  }

  private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let weekdaysInFull: Set = [
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
  ]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  private static func twoDigits(_ number: Int) -> String {
    number < 10 ? "0\(number)" : String(number)
  }

  private static func number(_ digits: Substring, _ length: Int) -> Int? {
    digits.utf8.count == length && digits.utf8.allSatisfy(\.isDigit) ? Int(digits) : nil
  }

  private static func secondOfDay(_ time: Substring) -> Int? {
    let parts = time.split(separator: ":", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { number($0, 2) }
    guard parts.count == 3, numbers.count == 3, numbers[0] < 24, numbers[1] < 60, numbers[2] < 60
    else { return nil }
    return numbers[0] * 3_600 + numbers[1] * 60 + numbers[2]
  }

  /// The Gregorian date of a day since 1970. Years are counted from March, so that the leap day
  /// comes last, in eras of 400 years, which are 146 097 days each.
  private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
    let sinceMarchOf0 = days + daysToMarchOf0
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

  private static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let monthFromMarch = (month + 9) % 12
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
    return year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear - daysToMarchOf0
  }

  /// From 1 March of the year 0 to 1 January 1970.
  private static let daysToMarchOf0 = 719_468
}
