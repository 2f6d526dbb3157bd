import Foundation
import Mustache
import Rules

/// A moment for people: relative, with the absolute time behind it.
struct When: TemplateData {
  /// `2026-11-23T19:05:00Z`, for machines.
  let iso: String
  /// `23 November 2026, 19:05 UTC`.
  let absolute: String
  /// `23 November, 19:05 UTC`, for deadlines.
  let deadline: String
  /// `12 minutes ago`, `in 3 hours`.
  let relative: String

  static let fields: [Field<When>] = [
    .text("iso", { $0.iso }), .text("absolute", { $0.absolute }),
    .text("deadline", { $0.deadline }), .text("relative", { $0.relative }),
  ]

  init(_ moment: Moment, now: Moment) {
    let date = Date(timeIntervalSince1970: Double(moment.ms) / 1_000)
    iso = date.formatted(.iso8601)
    absolute = Self.words.string(from: date) + " UTC"
    deadline = Self.short.string(from: date) + " UTC"
    relative = Self.relative(ms: now.since(moment))
  }

  private static let words = formatter("d MMMM yyyy, HH:mm:ss")
  private static let short = formatter("d MMMM, HH:mm")

  private static func formatter(_ pattern: String) -> DateFormatter {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_GB_POSIX")
    formatter.timeZone = TimeZone(secondsFromGMT: 0)
    formatter.dateFormat = pattern
    return formatter
  }

  /// The distance from now in the largest unit that fits; positive is past.
  static func relative(ms: Int64) -> String {
    guard ms.magnitude >= UInt64(Span.second) else { return "just now" }
    let words = Span.about(ms: ms)
    return ms > 0 ? "\(words) ago" : "in \(words)"
  }
}
