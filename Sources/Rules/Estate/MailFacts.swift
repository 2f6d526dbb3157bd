/// What was read of SES in the site's region.
public struct MailFacts: Observed {
  /// What they are facts of.
  public static let subject = Subject.mail

  /// Whether the account is out of the sandbox.
  public var productionAccess: Bool
  /// Whether sending is on.
  public var sendingEnabled: Bool
  /// `HEALTHY`, `PROBATION` or `SHUTDOWN`.
  public var enforcement: String
  /// Messages allowed in 24 hours; −1 means no limit.
  public var max24Hours: Int64
  /// Messages sent in the last 24 hours.
  public var sent24Hours: Int64
  /// `PENDING`, `GRANTED`, `DENIED`, `FAILED`; nil before production access was asked for.
  public var review: String?
  /// The support case of the review; nil without one.
  public var caseID: String?
  /// Most mails in a second, in thousandths.
  public var maxRateMilli: Int64
  /// For what SES puts an address on its suppression list: `BOUNCE`, `COMPLAINT`.
  public var suppressedReasons: [String]
  /// `TRANSACTIONAL` or `MARKETING`, as AWS was told last; nil where it was told nothing.
  public var mailType: String?

  /// Facts, as read.
  public init(
    productionAccess: Bool, sendingEnabled: Bool, enforcement: String, max24Hours: Int64,
    sent24Hours: Int64, review: String?, caseID: String? = nil, maxRateMilli: Int64 = 0,
    suppressedReasons: [String] = [], mailType: String? = nil
  ) {
    self.productionAccess = productionAccess
    self.sendingEnabled = sendingEnabled
    self.enforcement = enforcement
    self.max24Hours = max24Hours
    self.sent24Hours = sent24Hours
    self.review = review
    self.caseID = caseID
    self.maxRateMilli = maxRateMilli
    self.suppressedReasons = suppressedReasons
    self.mailType = mailType
  }
}
