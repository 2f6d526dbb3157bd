/// Amazon Simple Email Service, version 2: whether the blog may send mail.
public struct SES: Sendable {
  let client: Client

  /// SES through a client.
  public init(_ client: Client) { self.client = client }

  /// The account's standing in the region.
  public struct Account: Sendable, Equatable {
    /// Whether mail may go to anyone; false in the sandbox.
    public let productionAccess: Bool
    /// Whether sending is on.
    public let sendingEnabled: Bool
    /// `HEALTHY`, `PROBATION` or `SHUTDOWN`.
    public let enforcementStatus: String
    /// Most mails in 24 hours; -1 for no limit.
    public let max24HourSend: Int64
    /// Most mails in a second, in thousandths.
    public let maxSendRateMilli: Int64
    /// Mails in the last 24 hours.
    public let sentLast24Hours: Int64
    /// `PENDING`, `FAILED`, `GRANTED` or `DENIED`; nil before production access is asked for.
    public let reviewStatus: String?
    /// The support case of the review; nil without one.
    public let caseID: String?
    /// What AWS was told of the account last; nil where it was told nothing.
    public let details: AccountDetails?
    /// For what an address is put on the suppression list: `BOUNCE`, `COMPLAINT`.
    public let suppressedReasons: [String]
  }

  private struct Answer: Decodable {
    let ProductionAccessEnabled: Bool
    let SendingEnabled: Bool
    let EnforcementStatus: String
    let SendQuota: Quota
    let Details: Details?
    let SuppressionAttributes: Suppression?

    struct Suppression: Decodable { let SuppressedReasons: [String]? }

    struct Quota: Decodable {
      let Max24HourSend: Double
      let MaxSendRate: Double
      let SentLast24Hours: Double
    }

    struct Details: Decodable {
      let MailType: String?
      let WebsiteURL: String?
      let ContactLanguage: String?
      let UseCaseDescription: String?
      let AdditionalContactEmailAddresses: [String]?
      let ReviewDetails: Review?
    }

    struct Review: Decodable {
      let Status: String?
      let CaseId: String?
    }
  }

  /// GetAccount (Amazon SES API v2 Reference).
  public func getAccount() async throws(AWSError) -> Account {
    let operation = Operation.read(.ses, "GetAccount")
    let answer = try client.decode(Answer.self, try await get(operation, "account"), operation)
    // They come as numbers with a point.
    func whole(_ number: Double) throws(AWSError) -> Int64 {
      guard let whole = Int64(exactly: number.rounded()) else {
        throw client.failure(.unreadable("“SendQuota” is of another kind"), operation)
      }
      return whole
    }
    return Account(
      productionAccess: answer.ProductionAccessEnabled, sendingEnabled: answer.SendingEnabled,
      enforcementStatus: answer.EnforcementStatus,
      max24HourSend: try whole(answer.SendQuota.Max24HourSend),
      maxSendRateMilli: try whole(answer.SendQuota.MaxSendRate * 1_000),
      sentLast24Hours: try whole(answer.SendQuota.SentLast24Hours),
      reviewStatus: answer.Details?.ReviewDetails?.Status,
      caseID: answer.Details?.ReviewDetails?.CaseId,
      details: answer.Details.map {
        AccountDetails(
          mailType: $0.MailType ?? "", website: $0.WebsiteURL ?? "",
          language: $0.ContactLanguage ?? "", useCase: $0.UseCaseDescription ?? "",
          contacts: $0.AdditionalContactEmailAddresses ?? [])
      },
      suppressedReasons: answer.SuppressionAttributes?.SuppressedReasons ?? [])
  }

  private static let root = "/v2/email/"

  /// What SES gives at a path, which goes on after the version.
  func get(
    _ operation: Operation, _ path: String, query: String = ""
  ) async throws(AWSError) -> [UInt8] {
    try await client.answer(
      to: Request(operation: operation, method: "GET", path: Self.root + path, query: query)
    ).body
  }

  /// Sends JSON to a path, which goes on after the version.
  @discardableResult
  func send(
    _ operation: Operation, _ method: String, _ path: String, _ input: some Encodable & Sendable
  ) async throws(AWSError) -> [UInt8] {
    try await client.answer(
      to: Request(
        operation: operation, method: method, path: Self.root + path,
        headers: [HTTPHeader("Content-Type", "application/json")],
        body: try client.encode(input, operation))
    ).body
  }
}
