/// AWS Certificate Manager: the certificates of the blog's load balancer.
public struct ACM: Sendable {
  let client: Client

  /// ACM through a client.
  public init(_ client: Client) { self.client = client }

  /// A certificate.
  public struct Certificate: Sendable, Equatable {
    /// Its ARN.
    public let arn: String
    /// The domain it is for.
    public let domain: String
    /// `PENDING_VALIDATION`, `ISSUED`, `INACTIVE`, `EXPIRED`, `VALIDATION_TIMED_OUT`, `REVOKED` or
    /// `FAILED`.
    public let status: String
    /// `AMAZON_ISSUED`, `IMPORTED` or `PRIVATE`.
    public let type: String
    /// Until when it is valid, in milliseconds since 1970; nil before it is issued.
    public let notAfterMs: Int64?
    /// What uses it, by ARN: load balancers and others.
    public let inUseBy: [String]
    /// Whether ACM will renew it by itself.
    public let isEligibleForRenewal: Bool
    /// `PENDING_AUTO_RENEWAL`, `PENDING_VALIDATION`, `SUCCESS` or `FAILED`; nil before the first
    /// renewal.
    public let renewalStatus: String?
    /// Why the renewal failed, `CAA_ERROR`; nil when it did not.
    public let renewalReason: String?
    /// The records by which the domains are proven to ACM, while it is validated and at each
    /// renewal; empty where it is proven by mail.
    public let validation: [ValidationRecord]
  }

  /// A record that proves a domain.
  public struct ValidationRecord: Sendable, Equatable {
    /// Its name, with a dot at the end.
    public let name: String
    /// `CNAME`.
    public let type: String
    /// Its value, with a dot at the end.
    public let value: String
  }

  /// Every kind of key. Without naming them ACM lists certificates of RSA with 1,024 and 2,048
  /// bits alone.
  private static let keyTypes = [
    "RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1",
    "EC_secp521r1",
  ]

  private struct Listing: Encodable {
    let Includes = Filters()
    let NextToken: String?

    struct Filters: Encodable { let keyTypes = ACM.keyTypes }
  }

  private struct Page: Decodable {
    let CertificateSummaryList: [Row]
    let NextToken: String?

    struct Row: Decodable { let CertificateArn: String }
  }

  /// ListCertificates (AWS Certificate Manager API Reference), every page, with every kind of key.
  /// - Returns: the ARNs of the region's certificates.
  public func listCertificates() async throws(AWSError) -> [String] {
    let operation = Operation.read(.acm, "ListCertificates")
    return try await client.pages(operation) { token async throws(AWSError) in
      let page = try await client.json(operation, Listing(NextToken: token), as: Page.self)
      return (page.CertificateSummaryList.map(\.CertificateArn), page.NextToken)
    }
  }

  /// DescribeCertificate (AWS Certificate Manager API Reference).
  /// - Throws: ``AWSError`` with reason `notFound` when there is no such certificate.
  public func describeCertificate(_ arn: String) async throws(AWSError) -> Certificate {
    let operation = Operation.read(.acm, "DescribeCertificate")
    do {
      return Certificate(
        try await client.json(operation, Reference(CertificateArn: arn), as: Answer.self)
          .Certificate)
    } catch {
      throw named(error, arn)
    }
  }

  private struct Wanted: Encodable {
    let DomainName: String
    let SubjectAlternativeNames: [String]?
    let ValidationMethod = "DNS"
    let IdempotencyToken: String
  }

  /// RequestCertificate (AWS Certificate Manager API Reference): one proven by records in the zone.
  /// It is issued once they are there, within 72 hours.
  /// - Parameters:
  ///   - others: Domains it is for besides.
  ///   - token: 1 to 32 letters, digits and underscores. The same again within an hour is the same
  ///     certificate.
  /// - Returns: its ARN. Its records are known some seconds later.
  public func requestCertificate(
    domain: String, others: [String] = [], token: String
  ) async throws(AWSError) -> String {
    let operation = Operation.write(.acm, "RequestCertificate")
    let wanted = Wanted(
      DomainName: domain, SubjectAlternativeNames: others.isEmpty ? nil : others,
      IdempotencyToken: token)
    return try await client.json(operation, wanted, as: Reference.self).CertificateArn
  }

  /// DeleteCertificate (AWS Certificate Manager API Reference). Refused with
  /// `ResourceInUseException` while something uses it.
  /// - Throws: ``AWSError`` with reason `notFound` when there is no such certificate.
  public func deleteCertificate(_ arn: String) async throws(AWSError) {
    let operation = Operation.write(.acm, "DeleteCertificate")
    do {
      _ = try await client.json(
        operation, body: try client.encode(Reference(CertificateArn: arn), operation))
    } catch {
      throw named(error, arn)
    }
  }

  /// The failure, with the certificate's ARN where it is not there.
  private func named(_ error: AWSError, _ arn: String) -> AWSError {
    error.code == "ResourceNotFoundException"
      ? client.failure(.notFound("There is no certificate “\(arn)”."), error.operation) : error
  }
}

/// A certificate's ARN as ACM takes and gives it.
private struct Reference: Codable { let CertificateArn: String }

private struct Answer: Decodable {
  let Certificate: Detail

  struct Detail: Decodable {
    let CertificateArn: String
    let DomainName: String
    let Status: String
    let `Type`: String
    let NotAfter: EpochTime?
    let InUseBy: [String]?
    let RenewalEligibility: String?
    let RenewalSummary: Renewal?
    let DomainValidationOptions: [Validation]?
  }

  struct Renewal: Decodable {
    let RenewalStatus: String
    let RenewalStatusReason: String?
  }

  struct Validation: Decodable { let ResourceRecord: Record? }

  struct Record: Decodable, Hashable {
    let Name: String
    let `Type`: String
    let Value: String
  }
}

extension ACM.Certificate {
  fileprivate init(_ detail: Answer.Detail) {
    arn = detail.CertificateArn
    domain = detail.DomainName
    status = detail.Status
    type = detail.Type
    notAfterMs = detail.NotAfter?.ms
    inUseBy = detail.InUseBy ?? []
    isEligibleForRenewal = detail.RenewalEligibility == "ELIGIBLE"
    renewalStatus = detail.RenewalSummary?.RenewalStatus
    renewalReason = detail.RenewalSummary?.RenewalStatusReason
    // A domain and its wildcard are proven by the same record.
    var seen: Set<Answer.Record> = []
    validation = (detail.DomainValidationOptions ?? []).compactMap(\.ResourceRecord)
      .filter { seen.insert($0).inserted }
      .map { ACM.ValidationRecord(name: $0.Name, type: $0.Type, value: $0.Value) }
  }
}
