/// What a reviewer says about a flagged entry.
public enum ReviewVerdict: String, CaseIterable, Sendable {
  /// It was as it should be.
  case ok
  /// Something has to be done about it.
  case followUp = "follow_up"
  /// It should not have happened.
  case incident

  /// The verdict as people read it.
  public var words: String {
    switch self {
    case .ok: "In order"
    case .followUp: "Follow-up"
    case .incident: "Incident"
    }
  }
}

/// A flagged entry of the log and what was said about it.
public struct ReviewItem: Hashable, Sendable {
  /// The number of the entry.
  public let entry: Int64
  /// Who did what it tells of; nil when nobody signed in did.
  public let actor: Int64?
  /// What was said about it; nil while it is open.
  public let verdict: ReviewVerdict?

  /// A flagged entry.
  public init(entry: Int64, actor: Int64?, verdict: ReviewVerdict?) {
    self.entry = entry
    self.actor = actor
    self.verdict = verdict
  }

  /// Checks that a person may say something about it.
  /// - Throws: `ReviewRefusal`.
  public func check(_ verdict: ReviewVerdict, note: String, by person: Person) throws {
    guard person.may(.review) else { throw Refusal.notPermitted(.review) }
    guard actor != person.id else { throw ReviewRefusal.ownAct }
    guard self.verdict == nil else { throw ReviewRefusal.alreadyReviewed }
    guard verdict == .ok || !note.isEmpty else { throw ReviewRefusal.noteMissing }
  }
}

/// A stretch of the log that somebody signs for, from the entry behind the last signed one.
public struct ReviewPeriod: Hashable, Sendable {
  /// How long the oldest entry may go without being signed for.
  public static let dueMs = 7 * Span.day

  /// The first entry.
  public let first: Int64
  /// The last entry.
  public let last: Int64
  /// The link of the last entry, in hexadecimal.
  public let head: String
  /// Flagged entries that nobody has said anything about.
  public let open: Int64
  /// Flagged entries that were found in order.
  public let inOrder: Int64
  /// Entries that need something done.
  public let followUps: [Int64]
  /// Entries that should not have happened.
  public let incidents: [Int64]

  /// A stretch of the log.
  public init(
    first: Int64, last: Int64, head: String, open: Int64, inOrder: Int64, followUps: [Int64],
    incidents: [Int64]
  ) {
    self.first = first
    self.last = last
    self.head = head
    self.open = open
    self.inOrder = inOrder
    self.followUps = followUps
    self.incidents = incidents
  }

  /// Checks that a person may sign for it.
  /// - Parameters:
  ///   - isAllOwn: whether every flagged entry in it is the person's own act.
  ///   - seen: the link of the last entry as it stood on the page.
  /// - Throws: `ReviewRefusal`.
  public func checkSigning(by person: Person, isAllOwn: Bool, seen: String) throws {
    guard person.may(.review) else { throw Refusal.notPermitted(.review) }
    guard first <= last, seen == head else { throw ReviewRefusal.periodMoved }
    guard open == 0 else { throw ReviewRefusal.stillOpen(open) }
    guard !isAllOwn else { throw ReviewRefusal.allOwn }
  }
}

/// Why a review was refused. Each case becomes a sentence that says what to do.
public enum ReviewRefusal: Error, Hashable, Sendable {
  /// The person would review their own act.
  case ownAct
  /// The entry needs no review.
  case notFlagged
  /// Somebody has reviewed it before.
  case alreadyReviewed
  /// No verdict was chosen.
  case verdictMissing
  /// A follow-up or an incident came without a note.
  case noteMissing
  /// The log that was shown is not the log to be signed.
  case periodMoved
  /// Flagged entries have not been reviewed.
  case stillOpen(Int64)
  /// Every flagged entry is the person's own act.
  case allOwn

  /// What happened and what to do.
  public var sentence: String {
    switch self {
    case .ownAct: "You did this yourself, so somebody else has to review it."
    case .notFlagged: "This entry is not flagged, so there is nothing to say about it."
    case .alreadyReviewed: "Somebody has reviewed this entry already; what they said stays."
    case .verdictMissing: "Choose what you find."
    case .noteMissing: "Say what has to be done, or what went wrong."
    case .periodMoved:
      "The log is not the one you were shown; somebody may have signed meanwhile. Read it again."
    case .stillOpen(let count):
      count == 1
        ? "1 flagged entry is not reviewed yet. Review it first."
        : "\(count) flagged entries are not reviewed yet. Review them first."
    case .allOwn:
      "Every flagged entry is your own act, so somebody else has to sign for this period."
    }
  }

  /// Whether choosing or typing again helps, so that the form comes back.
  public var isMendable: Bool {
    switch self {
    case .verdictMissing, .noteMissing: true
    default: false
    }
  }
}
