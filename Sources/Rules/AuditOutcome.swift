/// How what an entry of the log tells of came out.
public enum AuditOutcome: String, CaseIterable, Sendable {
  /// It was done, or it was only said.
  case good
  /// Caretaker did not let it happen.
  case refused
  /// It was tried and is known to have failed, wholly or in part.
  case failed
  /// It was tried, and nobody knows what became of it.
  case unknown

  /// The outcome that an entry's type and data tell of.
  public init(type: String, data: Canonical) {
    if type.hasSuffix(".refused") {
      self = .refused
      return
    }
    switch data["outcome"]?.text {
    case "failed": self = .failed
    case "unknown": self = .unknown
    default:
      switch data["state"]?.text.flatMap(ChangeState.init) {
      case .unknown: self = .unknown
      case .failedNoEffect, .failedPartial: self = .failed
      default: self = .good
      }
    }
  }

  /// The outcome as an adjective.
  public var word: String {
    switch self {
    case .good: "Done"
    case .refused: "Refused"
    case .failed: "Failed"
    case .unknown: "Unknown"
    }
  }
}
