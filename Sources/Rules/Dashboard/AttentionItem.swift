/// One thing that asks for somebody, as the start page lists it.
public struct AttentionItem: Hashable, Sendable {
  /// How urgent it is, the most urgent first: what the person can do now, then what is in danger,
  /// then what nobody knows, then what can wait for the morning.
  public enum Rank: Int, Comparable, Sendable {
    /// A change whose outcome nobody knows, for this person to look at.
    case unknown
    /// A change this person can approve.
    case approval
    /// A change this person can run.
    case run
    /// An emergency this person can review.
    case emergency
    /// The review of the log is overdue, and this person reviews.
    case review
    /// Readers see it: the site itself is in danger.
    case outage
    /// A danger with a change that mends it.
    case mend
    /// A danger without one.
    case danger
    /// What could not be told.
    case noData
    /// What is to be looked after.
    case attention

    /// The more urgent first.
    public static func < (left: Rank, right: Rank) -> Bool { left.rawValue < right.rawValue }

    /// How bad it is.
    public var health: Health {
      switch self {
      case .unknown, .noData: .unknown
      case .approval, .run, .review, .attention: .attention
      case .emergency, .outage, .mend, .danger: .danger
      }
    }

    /// Whether it waits for the person who looks.
    public var isAct: Bool { self <= .review }
  }

  /// Where it is told in full.
  public enum Place: Hashable, Sendable {
    /// The change with this number.
    case change(Int64)
    /// What a check found.
    case finding(String)
    /// Everything about one resource.
    case subject(Subject)
    /// Every resource.
    case resources
    /// Who can approve, what is frozen, which emergencies there were.
    case safety
    /// The review of the log.
    case review
  }

  /// How urgent it is.
  public let rank: Rank
  /// What is so, in one sentence; of what is not known, only what that is.
  public let sentence: String
  /// Why that matters, or what it waits for; empty where the sentence says it all.
  public let detail: String
  /// Where it is told in full.
  public let place: Place
  /// What this person can do about it, in words that name the act; nil where they can't.
  public let act: String?
  /// The change that mends it, where this person can propose that.
  public let mend: Mend?
  /// What sorts things of one rank: until when it can be done, or since when it is so.
  public let moment: Moment

  /// One thing.
  public init(
    _ rank: Rank, _ sentence: String, detail: String = "", at place: Place, act: String? = nil,
    mend: Mend? = nil, moment: Moment
  ) {
    self.rank = rank
    self.sentence = sentence
    self.detail = detail
    self.place = place
    self.act = act
    self.mend = mend
    self.moment = moment
  }
}

extension [AttentionItem] {
  /// The most urgent first; within a rank what ends or began first.
  public var inOrder: [AttentionItem] {
    sorted { ($0.rank, $0.moment, $0.sentence) < ($1.rank, $1.moment, $1.sentence) }
  }
}
