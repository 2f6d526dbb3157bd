import Mustache
import Rules

/// The strip of how well something was in the last day, by half-hours. Those in a row that were
/// alike are one bar.
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
    func edge(_ index: Int) -> Moment { now.adding(ms: -Int64(strip.count - index) * stretchMs) }
    var bars: [Bar] = []
    var start = 0
    while start < strip.count {
      let end = strip[start...].firstIndex { $0 != strip[start] } ?? strip.count
      bars.append(Bar(range: start..<end, health: strip[start], from: edge(start), to: edge(end)))
      start = end
    }
    self.bars = bars
    let noted = strip.compactMap { $0 }
    words =
      Health.allCases.reversed().compactMap { health in
        let number = noted.filter { $0 == health }.count
        return number == 0 ? nil : "\(health.word.lowercased()) \(number)"
      }
      .joined(separator: ", ")
  }

  struct Bar: TemplateData {
    /// Its half-hours.
    let range: Range<Int>
    /// Nil where nothing was noted.
    let health: Health?
    let from: Moment
    let to: Moment

    static let fields: [Field<Bar>] = [
      .text("x", { String($0.range.lowerBound * 10) }),
      .text("width", { String($0.range.count * 10) }),
      .text("tone", { $0.health?.tone ?? "none" }),
      .text(
        "barWords",
        { "\($0.health?.word ?? "Not watched"), \($0.from.local) to \($0.to.local)" }),
    ]
  }
}
