/// How well something was in the last day, by half-hours. The worst of each counts.
public struct HealthStrip: Equatable, Sendable {
  /// How long one stretch is, in milliseconds.
  public static let stretchMs = 30 * Span.minute
  /// How many there are.
  public static let count = 48

  /// The newest stretch, counted from 1970.
  private var newest: Int64
  /// The oldest first; nil where nobody looked.
  public private(set) var healths: [Health?]

  /// A strip of nothing.
  public init(at now: Moment) {
    newest = Self.stretch(at: now.ms)
    healths = Array(repeating: nil, count: Self.count)
  }

  /// A strip as it is kept.
  /// - Parameters:
  ///   - text: a character for each stretch, as `text` gives it.
  ///   - newestMs: when the newest began, in milliseconds since 1970.
  /// - Returns: nil for a text that is none.
  public init?(text: String, newestMs: Int64) {
    guard text.utf8.count == Self.count else { return nil }
    healths = []
    healths.reserveCapacity(Self.count)
    for byte in text.utf8 {
      let health = Health(rawValue: Int(byte) - Int(Self.first))
      guard health != nil || byte == Self.unseen else { return nil }
      healths.append(health)
    }
    newest = Self.stretch(at: newestMs)
  }

  /// The stretch of a moment, counted from 1970.
  private static func stretch(at ms: Int64) -> Int64 { ms / stretchMs }

  private static let unseen = UInt8(ascii: "-")
  private static let first = UInt8(ascii: "0")

  /// The strip as it is kept: `-` where nobody looked, else the number of a health.
  public var text: String {
    let bytes = healths.map { $0.map { Self.first + UInt8(clamping: $0.rawValue) } ?? Self.unseen }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// When its newest stretch began, in milliseconds since 1970.
  public var newestMs: Int64 { newest * Self.stretchMs }

  /// The 49 moments where stretches begin and end, the oldest first.
  public var edges: [Moment] {
    (0...Self.count).map {
      Moment(ms: newestMs).adding(ms: Int64($0 + 1 - Self.count) * Self.stretchMs)
    }
  }

  /// The strip up to a moment; what came after it is not there.
  public func until(_ now: Moment) -> HealthStrip {
    guard Self.stretch(at: now.ms) != newest else { return self }
    var strip = HealthStrip(at: now)
    for (index, health) in healths.enumerated() {
      let (shifted, overflows) = (Int64(index) + newest).subtractingReportingOverflow(strip.newest)
      if !overflows, let place = Int(exactly: shifted), strip.healths.indices.contains(place) {
        strip.healths[place] = health
      }
    }
    return strip
  }

  /// Notes how well it is.
  public mutating func note(_ health: Health, at now: Moment) {
    self = until(now)
    healths[Self.count - 1] = max(healths[Self.count - 1] ?? health, health)
  }
}
