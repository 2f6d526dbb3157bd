import Mustache
import Rules

/// The strip of how well something was in the last day, by half-hours. Those in a row that were
/// alike are one bar.
struct Beats: TemplateData {
  private let bars: [Bar]
  /// The strip in words.
  private let words: String

  static let fields: [Field<Beats>] = [
    .list("bars", { $0.bars }), .text("beatsWords", { $0.words }),
    .text("beatsBox", { _ in "0 0 \(HealthStrip.count * 10) 10" }),
  ]

  /// - Parameter edges: the strip's edges in words, which all strips of a page share.
  init(_ strip: HealthStrip, edges: [String]) {
    let healths = strip.healths
    var bars: [Bar] = []
    var start = 0
    while start < healths.count {
      let end = healths[start...].firstIndex { $0 != healths[start] } ?? healths.count
      bars.append(
        Bar(range: start..<end, health: healths[start], words: "\(edges[start]) to \(edges[end])"))
      start = end
    }
    self.bars = bars
    words = Health.allCases.reversed().compactMap { health in
      let number = healths.count { $0 == health }
      return number == 0 ? nil : "\(health.lowercasedWord) \(number)"
    }
    .joined(separator: ", ")
  }

  struct Bar: TemplateData {
    /// Its half-hours.
    let range: Range<Int>
    /// Nil where nothing was noted.
    let health: Health?
    /// From when to when.
    let words: String

    static let fields: [Field<Bar>] = [
      .text("x", { String($0.range.lowerBound * 10) }),
      .text("width", { String($0.range.count * 10) }),
      .text("tone", { $0.health?.tone ?? "none" }),
      .text("barWords", { "\($0.health?.word ?? "Not watched"), \($0.words)" }),
    ]
  }
}

extension Health {
  fileprivate var lowercasedWord: String {
    switch self {
    case .good: "good"
    case .unknown: "unknown"
    case .attention: "attention"
    case .danger: "danger"
    }
  }
}
