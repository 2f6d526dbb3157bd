import Mustache
import Rules

/// A moment for people: relative, with the absolute time behind it, in the zone they chose.
struct When: TemplateData {
  let moment: Moment
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
  /// `23 November 2026, 20:05:00 UTC+1`.
  var absolute: String { moment.wordsToTheSecond(Zone.ofReader.offset(at: moment)) }
  /// `23 November, 20:05 UTC+1`, for deadlines.
  var deadline: String { moment.wordsWithoutYear(Zone.ofReader.offset(at: moment)) }

  /// The distance from now in the largest unit that fits; positive is past.
  static func relative(ms: Int64) -> String {
    guard ms.magnitude >= UInt64(Span.second) else { return "just now" }
    let words = Span.about(ms: ms)
    return ms > 0 ? "\(words) ago" : "in \(words)"
  }
}

extension Moment {
  /// The moment for sentences of a page: `23 November 2026, 20:05 UTC+1`. What is kept, planned or
  /// written to the log says `words`, in UTC.
  var local: String { words(Zone.ofReader.offset(at: self)) }
}
