/// How long ago a backup of the portal itself was brought back to see that it can be.
public enum RestoreDrillStanding: Hashable, Sendable {
  /// Nobody has tried.
  case never
  /// The last worked so long ago.
  case fresh(ageMs: Int64)
  /// The last worked, longer ago than it may.
  case old(ageMs: Int64)
  /// The last did not work.
  case failed(ageMs: Int64, why: String)

  /// How old the last may become: 90 days.
  public static let ageMsMax = 90 * Span.day
  /// The days in which one is to be made once it is due.
  public static let dueDays: Int64 = 30
  /// What to do.
  public static let remedy = "Run: caretaker restore --drill BACKUP"
  /// What is left to do, as it is called.
  public static let title = "Restore drill"
  /// What a drill takes, step by step.
  public static let steps = [
    "Have a backup: Backups, “Caretaker itself”, lists where the last ones are. Without one, run "
      + "caretaker backup --to FOLDER.",
    "On the server, as the account that Caretaker runs as, run caretaker restore --drill BACKUP, "
      + "with --key-file where it is sealed.",
    "Read what it says. It unpacks the backup beside the data, proves the database and the log, "
      + "and throws them away; the log keeps how it went.",
    "See that the keys are kept elsewhere, and can be read: no backup holds them.",
  ]

  /// - Parameters:
  ///   - last: when the last was made, and why it failed, nil when it did not; nil for none.
  public init(last: (at: Moment, problem: String?)?, at now: Moment) {
    guard let last else {
      self = .never
      return
    }
    let ageMs = max(0, now.since(last.at))
    if let why = last.problem {
      self = .failed(ageMs: ageMs, why: why)
    } else {
      self = ageMs > Self.ageMsMax ? .old(ageMs: ageMs) : .fresh(ageMs: ageMs)
    }
  }

  /// What the last drill does to what is left to do.
  /// - Parameter isOpen: whether that is open; nil where it was never born.
  public func turn(isOpen: Bool?, at now: Moment) -> TodoTurn? {
    guard health != .good else { return isOpen == true ? .close(note: sentence) : nil }
    guard isOpen != true else { return nil }
    let due = Day(number: Day(now).number + Self.dueDays)
    return isOpen == nil ? .open(due: due) : .reopen(due: due)
  }

  /// How well that is.
  public var health: Health {
    switch self {
    case .fresh: .good
    case .never, .old: .attention
    case .failed: .danger
    }
  }

  /// The state in a sentence.
  public var sentence: String {
    switch self {
    case .never: "No backup of Caretaker itself was ever restored to see that it can be."
    case .fresh(let ageMs): "A restore drill worked \(SelfCheck.ago(ageMs))."
    case .old(let ageMs):
      "The last restore drill worked \(SelfCheck.ago(ageMs)); one is due every "
        + "\(Span.words(ms: Self.ageMsMax))."
    case .failed(let ageMs, let why): "The restore drill \(SelfCheck.ago(ageMs)) failed. \(why)"
    }
  }
}
