/// One thing that is so of an installation, and whether that is safe: a line of `caretaker check`
/// and of its page.
public struct SelfCheck: Hashable, Sendable {
  /// How it stands.
  public enum Standing: String, CaseIterable, Sendable {
    /// Every one, as people are told of them.
    public static let worstFirst: [Standing] = [
      .unsafe, .failed, .unknown, .advised, .absent, .good,
    ]

    case good
    /// It works, and could be safer.
    case advised
    /// It is not set up, and the rest works without it.
    case absent
    /// Nobody can tell: never the same as good.
    case unknown
    /// It was tried and does not work.
    case failed
    /// Data, or who may do what, is at stake.
    case unsafe

    /// Whether something has to be done about it.
    public var isWrong: Bool { self == .failed || self == .unsafe }

    /// The standing in a word or three.
    public var words: String {
      switch self {
      case .good: "Good"
      case .advised: "Could be safer"
      case .absent: "Not set up"
      case .unknown: "Not known"
      case .failed: "Does not work"
      case .unsafe: "Unsafe"
      }
    }
  }

  /// What was looked at: `Listening`, `AWS: stack`.
  public let what: String
  /// How it stands.
  public let standing: Standing
  /// What is so, or why it can't be told.
  public let state: String
  /// What to do about it; empty where nothing is to be done.
  public let remedy: String

  /// A line.
  public init(_ what: String, _ standing: Standing, _ state: String, remedy: String = "") {
    self.what = what
    self.standing = standing
    self.state = state
    self.remedy = remedy
  }
}
