/// What was read of the CloudFormation stack.
public struct StackFacts: Observed {
  /// What they are facts of.
  public static let subject = Subject.stack

  /// Its name.
  public var name: String
  /// `UPDATE_COMPLETE` and others.
  public var status: String
  /// Why it is in that status.
  public var reason: String
  /// `IN_SYNC`, `DRIFTED`, `NOT_CHECKED` or `UNKNOWN`.
  public var drift: String
  /// When drift was last looked for.
  public var driftCheckedAt: Moment?
  /// Whether it refuses to be deleted.
  public var isProtected: Bool
  /// When it was last updated.
  public var updatedAt: Moment?
  /// How many resources it holds.
  public var resources: Int64
  /// The log retention its template declares; nil when it declares none.
  public var logRetentionDays: Int64?
  /// The end of the image's name in its template, `ghost:latest`; nil when it can't be told.
  public var templateImage: String?

  /// Facts, as read.
  public init(
    name: String, status: String, reason: String, drift: String, driftCheckedAt: Moment?,
    isProtected: Bool, updatedAt: Moment?, resources: Int64, logRetentionDays: Int64?,
    templateImage: String? = nil
  ) {
    self.name = name
    self.status = status
    self.reason = reason
    self.drift = drift
    self.driftCheckedAt = driftCheckedAt
    self.isProtected = isProtected
    self.updatedAt = updatedAt
    self.resources = resources
    self.logRetentionDays = logRetentionDays
    self.templateImage = templateImage
  }
}
