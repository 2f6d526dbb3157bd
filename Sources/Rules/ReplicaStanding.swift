/// How far the continuous copy of the database is behind.
public enum ReplicaStanding: Hashable, Sendable {
  /// Nobody can tell, and why.
  case unknown(String)
  /// What was written is in the copy, but for what waits since so long.
  case inStep(lagMs: Int64)
  /// What was written has waited for longer than it may.
  case behind(lagMs: Int64)

  /// How well that is.
  public var health: Health {
    switch self {
    case .unknown: .unknown
    case .inStep: .good
    case .behind: .danger
    }
  }

  /// The state in a sentence or two.
  public var sentence: String {
    switch self {
    case .unknown(let why): why
    case .inStep(let lagMs):
      lagMs < Span.second
        ? "Everything that was written is in the copy."
        : "The copy is \(Span.about(ms: lagMs)) behind at most."
    case .behind(let lagMs):
      "Nothing has reached the copy for \(Span.about(ms: lagMs)), although something was written. "
        + "Look at Litestream and at its bucket."
    }
  }
}

/// What was seen of the continuous copy, look by look: how many parts Litestream has put into its
/// bucket, beside how many transactions were written here. Its other figures tell nothing of a
/// bucket that can't be reached.
public struct ReplicaWatch: Sendable {
  private var puts: Double?
  private var hasRisen = false
  /// Transactions that were written when the count last rose.
  private var settledWrites = 0
  /// The first look that found more written than in the copy; nil while there was none.
  private var waitingSince: Moment?
  private var failure: (why: String, since: Moment)?

  /// Nothing seen yet.
  public init() {}

  /// Notes what a look found.
  /// - Parameters:
  ///   - count: parts put since Litestream's start.
  ///   - writes: transactions that were written here since our start.
  public mutating func see(puts count: Double, writes: Int, at now: Moment) {
    failure = nil
    let hasRisenNow = puts.map { count > $0 } ?? false
    if hasRisenNow || puts == nil {
      settledWrites = writes
      waitingSince = nil
    } else if writes > settledWrites, waitingSince == nil {
      waitingSince = now
    }
    hasRisen = hasRisen || hasRisenNow
    puts = count
  }

  /// Whether Litestream answered at the last look.
  public var hasSeen: Bool { puts != nil && failure == nil }

  /// Notes that a look found nothing, and why.
  public mutating func miss(_ why: String, at now: Moment) {
    failure = (why, failure?.since ?? now)
  }

  /// How the copy stands.
  /// - Parameter patienceMs: how long what was written may wait.
  public func standing(patienceMs: Int64, at now: Moment) -> ReplicaStanding {
    if let failure {
      let sinceMs = now.since(failure.since)
      let since = sinceMs < Span.second ? "" : " So for \(Span.about(ms: sinceMs))."
      return .unknown("Litestream could not be asked. \(failure.why)\(since)")
    }
    guard puts != nil else { return .unknown("Litestream was not asked yet.") }
    let lagMs = waitingSince.map { max(0, now.since($0)) } ?? 0
    if lagMs > patienceMs { return .behind(lagMs: lagMs) }
    guard hasRisen else {
      return .unknown("Litestream answers, and has put nothing since Caretaker began to look.")
    }
    return .inStep(lagMs: lagMs)
  }
}

extension SelfCheck {
  /// How the continuous copy stands.
  public static func replica(_ standing: ReplicaStanding) -> SelfCheck {
    let remedy = "Operations, “A continuous copy”, says what to look at."
    return switch standing {
    case .unknown(let why): SelfCheck("Continuous copy", .unknown, why, remedy: remedy)
    case .inStep: SelfCheck("Continuous copy", .good, standing.sentence)
    case .behind: SelfCheck("Continuous copy", .unsafe, standing.sentence, remedy: remedy)
    }
  }
}
