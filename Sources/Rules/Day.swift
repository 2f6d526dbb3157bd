/// A day of the calendar in UTC, counted from 1970-01-01.
public struct Day: Hashable, Comparable, Sendable {
  /// Days since 1970-01-01, negative before.
  public let number: Int64

  /// 1970-01-01.
  public static let first = Day(number: 0)
  /// 9999-12-31, the last that `2026-11-23` can write.
  public static let last = Day(number: 2_932_896)

  /// The day with this number.
  public init(number: Int64) { self.number = number }

  /// The day that a moment falls on.
  public init(_ moment: Moment) {
    let (days, rest) = moment.ms.quotientAndRemainder(dividingBy: Span.day)
    number = rest < 0 ? days - 1 : days
  }

  /// The day written as `2026-11-23` (ISO 8601, years 1970 to 9999); nil for anything else.
  public init?(iso: String) {
    let parts = iso.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == [4, 2, 2],
      parts.allSatisfy({ $0.utf8.allSatisfy(\.isDigit) }),
      let year = Int64(parts[0]), let month = Int64(parts[1]), let day = Int64(parts[2]),
      year >= 1970, (1...12).contains(month), day >= 1
    else { return nil }
    self.init(number: Self.number(year: year, month: month, day: day))
    // The 31st of June would be the 1st of July.
    guard self.iso == iso else { return nil }
  }

  /// Year, month and day of the month in the Gregorian calendar, each from 1 on.
  public var date: (year: Int64, month: Int64, day: Int64) {
    // Years begin in March here, so that the leap day is the last of its year; eras are of 400
    // years, which all have 146 097 days.
    let shifted = number + Self.daysToEpoch
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let fromMarch = (5 * dayOfYear + 2) / 153
    let month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * fromMarch + 2) / 5 + 1)
  }

  /// The day as `2026-11-23`.
  public var iso: String {
    let (year, month, day) = date
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }

  /// The day without its year as `23 November`.
  public var words: String {
    let (_, month, day) = date
    return "\(day) \(Self.months[Int(month) - 1])"
  }

  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
  ]

  /// The first moment of the day.
  public var start: Moment {
    let (ms, overflow) = number.multipliedReportingOverflow(by: Span.day)
    return Moment(ms: overflow ? (number > 0 ? .max : .min) : ms)
  }

  /// The day after.
  public var next: Day { Day(number: number + 1) }

  /// Earlier before later.
  public static func < (left: Day, right: Day) -> Bool { left.number < right.number }

  /// Days from 0000-03-01 to 1970-01-01 in the Gregorian calendar.
  private static let daysToEpoch: Int64 = 719_468

  private static func number(year: Int64, month: Int64, day: Int64) -> Int64 {
    let year = month <= 2 ? year - 1 : year
    let era = year / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - daysToEpoch
  }
}

extension Moment {
  /// The moment in UTC as `2026-11-23T10:05:00.000Z` (RFC 3339).
  public var iso: String {
    "\(Day(self).iso)T\(clock(withSeconds: true)).\(padded(restOfDay % Span.second, 3))Z"
  }

  /// The moment in UTC as `2026-11-23T10:05:00Z`.
  public var isoSeconds: String { "\(Day(self).iso)T\(clock(withSeconds: true))Z" }

  /// The moment in UTC for sentences: `24 November 2026, 10:05 UTC`.
  public var words: String { words(.utc) }

  /// The moment for sentences, as the clocks of a place show it: `24 November 2026, 11:05 UTC+1`.
  public func words(_ offset: ZoneOffset) -> String {
    let local = shown(offset)
    return "\(local.dayInWords), \(local.clock(withSeconds: false)) \(offset.words)"
  }

  /// The same to the second: `24 November 2026, 11:05:00 UTC+1`.
  public func wordsToTheSecond(_ offset: ZoneOffset) -> String {
    let local = shown(offset)
    return "\(local.dayInWords), \(local.clock(withSeconds: true)) \(offset.words)"
  }

  /// The same without its year, for what is near: `24 November, 11:05 UTC+1`.
  public func wordsWithoutYear(_ offset: ZoneOffset) -> String {
    let local = shown(offset)
    return "\(Day(local).words), \(local.clock(withSeconds: false)) \(offset.words)"
  }

  /// The moment whose UTC reads as this one does where clocks are so far ahead.
  private func shown(_ offset: ZoneOffset) -> Moment { adding(ms: offset.minutes * Span.minute) }

  private var dayInWords: String { "\(Day(self).words) \(Day(self).date.year)" }

  private var restOfDay: Int64 { since(Day(self).start) }

  private func clock(withSeconds: Bool) -> String {
    let rest = restOfDay
    let minutes =
      "\(padded(rest / Span.hour, 2)):\(padded(rest % Span.hour / Span.minute, 2))"
    return withSeconds ? "\(minutes):\(padded(rest % Span.minute / Span.second, 2))" : minutes
  }
}

/// A number with zeros before it.
private func padded(_ number: Int64, _ width: Int) -> String {
  let digits = String(number)
  return digits.utf8.count >= width
    ? digits : String(repeating: "0", count: width - digits.utf8.count) + digits
}
