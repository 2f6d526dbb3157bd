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
  init(_ strip: HealthStrip, edges: inout EdgeWords) {
    let healths = strip.healths
    var bars: [Bar] = []
    var start = 0
    while start < healths.count {
      let end = healths[start...].firstIndex { $0 != healths[start] } ?? healths.count
      bars.append(
        Bar(
          range: start..<end, health: healths[start], from: edges.words(of: start),
          until: edges.words(of: end)))
      start = end
    }
    self.bars = bars
    words = Health.allCases.reversed().compactMap { health in
      let number = bars.reduce(0) { $0 + ($1.health == health ? $1.range.count : 0) }
      return number == 0 ? nil : "\(health.lowercasedWord) \(number)"
    }
    .joined(separator: ", ")
  }

  struct Bar: TemplateData {
    /// Its half-hours.
    let range: Range<Int>
    /// Nil where nothing was noted.
    let health: Health?
    let from: String
    let until: String

    static let fields: [Field<Bar>] = [
      .text("x", { tens[$0.range.lowerBound] }), .text("width", { tens[$0.range.count] }),
      .text("tone", { $0.health?.tone ?? "none" }),
      .text("word", { $0.health?.word ?? "Not watched" }),
      .text("from", { $0.from }), .text("until", { $0.until }),
    ]

    /// Lengths in the strip's picture: a page has thousands.
    private static let tens = (0...HealthStrip.count).map { String($0 * 10) }
  }
}

/// The edges of strips in words, each made when a bar first ends there: most strips have few bars.
struct EdgeWords {
  private let edges: [Moment]
  private var made: [String?]

  init(of strip: HealthStrip) {
    edges = strip.edges
    made = Array(repeating: nil, count: edges.count)
  }

  mutating func words(of edge: Int) -> String {
    if let words = made[edge] { return words }
    let words = edges[edge].local
    made[edge] = words
    return words
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
