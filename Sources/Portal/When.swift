import Mustache
import Rules

/// A moment for people: relative, with the absolute time behind it.
struct When: TemplateData {
  private let moment: Moment
  /// `12 minutes ago`, `in 3 hours`.
  let relative: String

  static let fields: [Field<When>] = [
    .text("iso", { $0.iso }), .text("absolute", { $0.absolute }),
    .text("deadline", { $0.deadline }), .text("relative", { $0.relative }),
  ]

  init(_ moment: Moment, now: Moment) {
    self.moment = moment
    relative = Self.relative(ms: now.since(moment))
  }

  /// `2026-11-23T19:05:00Z`, for machines.
  var iso: String { moment.isoSeconds }
  /// `23 November 2026, 19:05:00 UTC`.
  var absolute: String { moment.wordsToTheSecond }
  /// `23 November, 19:05 UTC`, for deadlines.
  var deadline: String { moment.wordsWithoutYear }

  /// The distance from now in the largest unit that fits; positive is past.
  static func relative(ms: Int64) -> String {
    guard ms.magnitude >= UInt64(Span.second) else { return "just now" }
    let words = Span.about(ms: ms)
    return ms > 0 ? "\(words) ago" : "in \(words)"
  }
}
