/// What people are told beside the pages: what happened, in words, and where to look. It never
/// decides anything: whoever reads it signs in and looks.
public struct Notice: Hashable, Sendable {
  /// What it is about.
  public enum Kind: String, CaseIterable, Sendable {
    /// A change waits for somebody's approval.
    case needsReview = "needs_review"
    /// A change was approved, refused, or ended before it was run.
    case decided
    /// A run came to its end, or nobody knows what became of it.
    case ended
    /// The time of a change is nearly over.
    case expiring
    /// Findings have turned red.
    case findingRed = "finding_red"
    /// Somebody declared an emergency.
    case breakGlass = "break_glass"
    /// Somebody wanted to see whether notices arrive.
    case test

    /// Those that people choose; a test comes to whoever asks for it.
    public static let chosen = allCases.filter { $0 != .test }

    /// What a person chooses, in words.
    public var words: String {
      switch self {
      case .needsReview: "A change needs your review"
      case .decided: "A change of yours was decided"
      case .ended: "A run ended"
      case .expiring: "A change is about to expire"
      case .findingRed: "Findings turned red"
      case .breakGlass: "Somebody broke the glass"
      case .test: "A test"
      }
    }

    /// Whether it comes to people who have not chosen. Findings are many, and on the pages anyway.
    public var isUsual: Bool { self != .findingRed }
  }

  /// A way to people.
  public enum Channel: String, CaseIterable, Sendable {
    /// A mail to each person.
    case mail
    /// One message to the team's room.
    case webhook
    /// One message to an SNS topic.
    case topic

    /// Whether everybody gets one of their own; else one goes to all together.
    public var isPersonal: Bool { self == .mail }

    /// Whether a message whose answer was lost is sent again. Two mails have the same id and are
    /// shown as one; two messages in a room are two.
    public var mayRepeat: Bool { self == .mail }

    /// The channel, as the head of a column.
    public var words: String {
      switch self {
      case .mail: "Mail"
      case .webhook: "Webhook"
      case .topic: "SNS topic"
      }
    }
  }

  /// What it is about.
  public let kind: Kind
  /// What it belongs to: `CR-12`. Notices of one thread are shown as one by mail programs.
  public let thread: String
  /// The same for every notice of a thread, or mail programs would take it for another.
  public let subject: String
  /// What happened, in sentences.
  public let body: String
  /// The page to look at: `/changes/12`. Getting it changes nothing.
  public let path: String
  /// The change it is about; nil for none.
  public let change: Int64?

  /// A notice.
  public init(
    kind: Kind, thread: String, subject: String, body: String, path: String, change: Int64? = nil
  ) {
    self.kind = kind
    self.thread = thread
    self.subject = subject
    self.body = body
    self.path = path
    self.change = change
  }
}
