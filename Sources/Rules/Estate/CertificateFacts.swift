/// What was read of the certificates.
public struct CertificateFacts: Observed {
  /// What they are facts of.
  public static let subject = Subject.certificates

  /// The certificates, by domain.
  public var certificates: [CertificateSummary]

  /// Facts, as read.
  public init(certificates: [CertificateSummary]) {
    self.certificates = certificates
  }
}

/// One certificate.
public struct CertificateSummary: Codable, Hashable, Sendable {
  /// Its ARN.
  public var arn: String
  /// The domain it is for.
  public var domain: String
  /// `ISSUED`, `PENDING_VALIDATION` and others.
  public var status: String
  /// Until when it is valid.
  public var until: Moment?
  /// Whether something uses it.
  public var isInUse: Bool
  /// `PENDING_AUTO_RENEWAL`, `PENDING_VALIDATION`, `SUCCESS`, `FAILED`; empty before any.
  public var renewal: String
  /// Why a renewal fails.
  public var renewalReason: String
  /// Whether ACM will renew it.
  public var isEligible: Bool
  /// The records that prove the domain to ACM.
  public var validation: [RecordSet]

  /// A certificate.
  public init(
    arn: String, domain: String, status: String, until: Moment?, isInUse: Bool, renewal: String,
    renewalReason: String, isEligible: Bool, validation: [RecordSet]
  ) {
    self.arn = arn
    self.domain = domain
    self.status = status
    self.until = until
    self.isInUse = isInUse
    self.renewal = renewal
    self.renewalReason = renewalReason
    self.isEligible = isEligible
    self.validation = validation
  }
}
