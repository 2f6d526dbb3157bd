/// A point in time: whole milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
///
/// Rules never ask what time it is; they are told.
public struct Moment: Hashable, Comparable, Codable, Sendable {
  /// Milliseconds since 1970, negative before.
  public let ms: Int64

  /// A moment from milliseconds since 1970.
  public init(ms: Int64) { self.ms = ms }

  /// The moment `milliseconds` later; stays at the far end of time instead of overflowing.
  public func adding(ms milliseconds: Int64) -> Moment {
    let (sum, overflow) = ms.addingReportingOverflow(milliseconds)
    return Moment(ms: overflow ? (milliseconds > 0 ? .max : .min) : sum)
  }

  /// Milliseconds from `earlier` to this moment; negative when `earlier` is later.
  public func since(_ earlier: Moment) -> Int64 {
    let (difference, overflow) = ms.subtractingReportingOverflow(earlier.ms)
    return overflow ? (ms > earlier.ms ? .max : .min) : difference
  }

  /// The moment in UTC for sentences: `24 November 2026, 10:05 UTC`. Any year from 1 on.
  ///
  /// Days to dates by eras of 400 years, which all have 146 097 days.
  public var words: String {
    let minutes = ms.flooredQuotient(Span.minute)
    let day = minutes.flooredQuotient(1_440)
    let sinceEra = day + 719_468
    let era = sinceEra.flooredQuotient(146_097)
    let dayOfEra = sinceEra - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let date = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let year = yearOfEra + era * 400 + (monthFromMarch < 10 ? 0 : 1)
    let clock = minutes - day * 1_440
    func two(_ number: Int64) -> String { (number < 10 ? "0" : "") + String(number) }
    return "\(date) \(Self.months[Int(monthFromMarch)]) \(year), "
      + "\(two(clock / 60)):\(two(clock % 60)) UTC"
  }

  /// From March on, so that a leap day is the last of its year.
  private static let months = [
    "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December", "January", "February",
  ]

  /// Earlier before later.
  public static func < (left: Moment, right: Moment) -> Bool { left.ms < right.ms }
}

/// Lengths of time in milliseconds, so that limits read as words.
public enum Span {
  /// One second.
  public static let second: Int64 = 1_000
  /// One minute.
  public static let minute: Int64 = 60 * second
  /// One hour.
  public static let hour: Int64 = 60 * minute
  /// One day of 24 hours.
  public static let day: Int64 = 24 * hour
}

extension Int64 {
  /// The quotient rounded down, also below zero; the divisor is positive.
  fileprivate func flooredQuotient(_ divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}

extension Span {
  /// A length in words, in the largest unit that divides it: `24 hours`, `90 minutes`.
  public static func words(ms: Int64) -> String {
    let units: [(Int64, String)] = [
      (day, "day"), (hour, "hour"), (minute, "minute"), (second, "second"), (1, "millisecond"),
    ]
    guard ms != 0, let (length, name) = units.first(where: { ms % $0.0 == 0 }) else {
      return "no time"
    }
    let count = ms / length
    return "\(count) \(name)\(count == 1 ? "" : "s")"
  }

  /// A length in words, rounded down to the largest unit that fits: `3 hours`; `no time` below a
  /// second.
  public static func about(ms: Int64) -> String {
    let units: [(Int64, String)] = [
      (day, "day"), (hour, "hour"), (minute, "minute"), (second, "second"),
    ]
    let magnitude = Int64(clamping: ms.magnitude)
    guard let (length, name) = units.first(where: { magnitude >= $0.0 }) else { return "no time" }
    let count = magnitude / length
    return "\(count) \(name)\(count == 1 ? "" : "s")"
  }

  /// A number of days in words: `1 day`, `30 days`.
  public static func words(days: Int64) -> String { days == 1 ? "1 day" : "\(days) days" }
}
