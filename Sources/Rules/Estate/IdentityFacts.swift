/// What was read of the identities SES may send as.
public struct IdentityFacts: Observed {
  /// What they are facts of.
  public static let subject = Subject.identities

  /// The identities, by name.
  public var identities: [IdentitySummary]
  /// The domain the blog sends from, as far as it is told.
  public var domain: String
  /// The region SES is used in, `us-west-2`.
  public var region: String

  /// Facts, as read.
  public init(identities: [IdentitySummary], domain: String, region: String) {
    self.identities = identities
    self.domain = domain
    self.region = region
  }

  /// What receives bounces for a MAIL FROM domain, as the value of its MX record ("Using a custom
  /// MAIL FROM domain", Amazon SES Developer Guide).
  public var feedbackServer: String { "10 feedback-smtp.\(region).amazonses.com" }
}

/// One identity.
public struct IdentitySummary: Codable, Hashable, Sendable {
  /// A domain or an address.
  public var name: String
  /// Whether SES may send as it.
  public var isVerified: Bool
  /// `SUCCESS`, `PENDING`, `FAILED`, `NOT_STARTED` and others.
  public var dkim: String
  /// The names of the DKIM records.
  public var dkimTokens: [String]
  /// The domain bounces go to; nil for SES's own.
  public var mailFrom: String?
  /// `SUCCESS`, `PENDING`, `FAILED`; empty without a domain.
  public var mailFromStatus: String
  /// Whether SES sends bounces and complaints on by mail.
  public var forwardsFeedback: Bool

  /// An identity.
  public init(
    name: String, isVerified: Bool, dkim: String, dkimTokens: [String], mailFrom: String?,
    mailFromStatus: String, forwardsFeedback: Bool = true
  ) {
    self.name = name
    self.isVerified = isVerified
    self.dkim = dkim
    self.dkimTokens = dkimTokens
    self.mailFrom = mailFrom
    self.mailFromStatus = mailFromStatus
    self.forwardsFeedback = forwardsFeedback
  }
}
