/// How well something is, the worst last.
public enum Health: Int, Comparable, Codable, CaseIterable, Sendable {
  /// As it should be.
  case good
  /// Not known: never the same as good.
  case unknown
  /// To be mended.
  case attention
  /// Data or the site is at stake.
  case danger

  /// Better before worse.
  public static func < (left: Health, right: Health) -> Bool { left.rawValue < right.rawValue }

  /// The health in one word.
  public var word: String {
    switch self {
    case .good: "Good"
    case .unknown: "Unknown"
    case .attention: "Attention"
    case .danger: "Danger"
    }
  }
}
