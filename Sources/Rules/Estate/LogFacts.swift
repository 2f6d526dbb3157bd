/// What was read of the log group, and of the last hour's lines in it.
public struct LogFacts: Observed {
  /// What they are facts of.
  public static let subject = Subject.logs

  /// How many days lines are kept; nil means for ever.
  public var retentionDays: Int64?
  /// Bytes kept.
  public var storedBytes: Int64
  /// How often each known sign of trouble was seen in the last hour, by its id.
  public var signatures: [String: Int64]
  /// The newest lines that tell of an error.
  public var errors: [LogLineSeen]
  /// Whether every line of the hour was looked at.
  public var isComplete: Bool

  /// Facts, as read.
  public init(
    retentionDays: Int64?, storedBytes: Int64, signatures: [String: Int64] = [:],
    errors: [LogLineSeen] = [], isComplete: Bool = true
  ) {
    self.retentionDays = retentionDays
    self.storedBytes = storedBytes
    self.signatures = signatures
    self.errors = errors
    self.isComplete = isComplete
  }
}

/// One line of the log.
public struct LogLineSeen: Codable, Hashable, Sendable {
  /// When it was written.
  public var at: Moment
  /// The line, without what looks like a secret.
  public var text: String

  /// A line.
  public init(at: Moment, text: String) {
    self.at = at
    self.text = text
  }
}
