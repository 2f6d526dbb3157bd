/// How well the portal itself is backed up.
public enum OwnBackupStanding: Hashable, Sendable {
  /// The configuration names no place for backups, and nobody made any.
  case notSetUp
  /// None was made yet.
  case none
  /// The last is as old as it may be, or younger.
  case fresh(ageMs: Int64)
  /// The last is older than twice the time between two.
  case late(ageMs: Int64)
  /// There are some, but the last try failed.
  case failing(ageMs: Int64?, why: String)

  /// - Parameters:
  ///   - everyMs: from one backup to the next; nil where none are made by themselves: who makes
  ///     them by hand or by a clock of their own is held to a day.
  ///   - made: when the last was made.
  ///   - problem: why the last try failed; nil when it did not.
  public init(everyMs: Int64?, made: Moment?, problem: String?, at now: Moment) {
    let ageMs = made.map { now.since($0) }
    switch (everyMs, ageMs, problem) {
    case (nil, nil, _): self = .notSetUp
    case (_?, _, let why?): self = .failing(ageMs: ageMs, why: why)
    case (_, nil, _): self = .none
    case (_, let ageMs?, _):
      let mayBeMs = (everyMs ?? Span.day).multipliedReportingOverflow(by: 2).partialValue
      self = ageMs > mayBeMs ? .late(ageMs: ageMs) : .fresh(ageMs: ageMs)
    }
  }

  /// How well that is.
  public var health: Health {
    switch self {
    case .fresh: .good
    case .notSetUp, .none: .attention
    case .late, .failing: .danger
    }
  }
}
