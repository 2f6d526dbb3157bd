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
      parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
      let year = Int64(parts[0]), let month = Int64(parts[1]), let day = Int64(parts[2]),
      year >= 1970, (1...12).contains(month), day >= 1
    else { return nil }
    self.init(number: Self.number(year: year, month: month, day: day))
    // The 31st of June would be the 1st of July.
    guard self.iso == iso else { return nil }
  }

  /// The day as `2026-11-23`.
  public var iso: String {
    func padded(_ number: Int64, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    // Years begin in March here, so that the leap day is the last of its year.
    let shifted = number + Self.daysToEpoch
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let fromMarch = (5 * dayOfYear + 2) / 153
    let month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    let day = dayOfYear - (153 * fromMarch + 2) / 5 + 1
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }

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
  /// The moment as `2026-11-23T19:05:00.123Z`, for files that other programs read (RFC 3339).
  public var iso: String {
    func padded(_ number: Int64, _ width: Int) -> String {
      String(repeating: "0", count: max(0, width - String(number).count)) + String(number)
    }
    let day = Day(self)
    let rest = since(day.start)
    let (hours, minutes) = (rest / Span.hour, rest % Span.hour / Span.minute)
    let (seconds, milliseconds) = (rest % Span.minute / Span.second, rest % Span.second)
    return "\(day.iso)T\(padded(hours, 2)):\(padded(minutes, 2)):\(padded(seconds, 2))"
      + ".\(padded(milliseconds, 3))Z"
  }
}
