/// A point in time: whole milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
///
/// Rules never ask what time it is; they are told.
public struct Moment: Hashable, Comparable, Codable, Sendable {
  /// Milliseconds since 1970, negative before.
  public let ms: Int64

  /// Whole seconds since 1970, as other programs count.
  public var unixSeconds: Int64 { ms / Span.second }

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
