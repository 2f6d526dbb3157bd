import Mustache
import Rules

/// The strip of how well something was in the last day, half an hour a bar.
struct Beats: TemplateData {
  private let bars: [Bar]
  /// The strip in words.
  private let words: String

  static let lengthMs = Span.day
  static let count: Int64 = 48

  static let fields: [Field<Beats>] = [
    .list("bars", { $0.bars }), .text("beatsWords", { $0.words }),
    .text("beatsBox", { _ in "0 0 \(count * 10) 10" }),
  ]

  init(_ strip: [Health?], now: Moment) {
    let stretchMs = Self.lengthMs / Self.count
    bars = strip.enumerated().map { index, health in
      let begin = now.adding(ms: -(Int64(strip.count - index) * stretchMs))
      return Bar(x: index * 10, health: health, from: begin)
    }
    let noted = strip.compactMap { $0 }
    words =
      Health.allCases.reversed().compactMap { health in
        let number = noted.filter { $0 == health }.count
        return number == 0 ? nil : "\(health.word.lowercased()) \(number)"
      }
      .joined(separator: ", ")
  }

  struct Bar: TemplateData {
    let x: Int
    /// Nil where nothing was noted.
    let health: Health?
    let from: Moment

    static let fields: [Field<Bar>] = [
      .text("x", { String($0.x) }),
      .text("tone", { $0.health.map { Tag($0).tone } ?? "none" }),
      .text("barWords", { "\($0.health?.word ?? "Not watched"), from \($0.from.words)" }),
    ]
  }
}
