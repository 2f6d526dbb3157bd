extension SES {
  /// A domain or an address that mail may be sent as.
  public struct Identity: Sendable, Equatable {
    /// The domain or address.
    public let name: String
    /// Whether SES may send as it.
    public let isVerified: Bool
    /// `PENDING`, `SUCCESS`, `FAILED`, `TEMPORARY_FAILURE` or `NOT_STARTED`.
    public let dkimStatus: String
    /// What the names of the DKIM records begin with; empty where the key is one's own.
    public let dkimTokens: [String]
    /// The domain bounces go to; nil for SES's own.
    public let mailFromDomain: String?
    /// `PENDING`, `SUCCESS`, `FAILED` or `TEMPORARY_FAILURE`; nil without a domain.
    public let mailFromStatus: String?
    /// Whether bounces and complaints are sent on by mail.
    public let forwardsFeedback: Bool
  }

  private struct Page: Decodable {
    let EmailIdentities: [Row]
    let NextToken: String?

    struct Row: Decodable { let IdentityName: String }
  }

  /// ListEmailIdentities (Amazon SES API v2 Reference), every page.
  /// - Returns: the names of the region's identities.
  public func listEmailIdentities() async throws(AWSError) -> [String] {
    let operation = Operation.read(.ses, "ListEmailIdentities")
    return try await client.pages(operation) { token async throws(AWSError) in
      let query = token.map { "NextToken=\(PercentEncoding.encode($0))" } ?? ""
      let body = try await get(operation, "identities", query: query)
      let page = try client.decode(Page.self, body, operation)
      return (page.EmailIdentities.map(\.IdentityName), page.NextToken)
    }
  }

  private struct Answer: Decodable {
    let VerifiedForSendingStatus: Bool?
    let FeedbackForwardingStatus: Bool?
    let DkimAttributes: DKIM?
    let MailFromAttributes: MailFrom?

    struct DKIM: Decodable {
      let Status: String?
      let Tokens: [String]?
    }

    struct MailFrom: Decodable {
      let MailFromDomain: String?
      let MailFromDomainStatus: String?
    }
  }

  /// GetEmailIdentity (Amazon SES API v2 Reference).
  /// - Throws: ``AWSError`` with reason `notFound` when SES has no such identity.
  public func getEmailIdentity(_ name: String) async throws(AWSError) -> Identity {
    let operation = Operation.read(.ses, "GetEmailIdentity")
    let body: [UInt8]
    do {
      body = try await get(operation, "identities/\(PercentEncoding.encode(name))")
    } catch {
      throw error.code == "NotFoundException"
        ? client.failure(.notFound("SES has no identity “\(name)”."), operation) : error
    }
    let answer = try client.decode(Answer.self, body, operation)
    return Identity(
      name: name, isVerified: answer.VerifiedForSendingStatus ?? false,
      dkimStatus: answer.DkimAttributes?.Status ?? "NOT_STARTED",
      dkimTokens: answer.DkimAttributes?.Tokens ?? [],
      mailFromDomain: answer.MailFromAttributes?.MailFromDomain,
      mailFromStatus: answer.MailFromAttributes?.MailFromDomainStatus,
      forwardsFeedback: answer.FeedbackForwardingStatus ?? false)
  }

  private struct Sending: Encodable { let SendingEnabled: Bool }

  /// PutAccountSendingAttributes (Amazon SES API v2 Reference): turns sending in the region on or
  /// off, for every identity. It does not lift a pause that AWS has imposed.
  public func putAccountSendingAttributes(enabled: Bool) async throws(AWSError) {
    try await send(
      .write(.ses, "PutAccountSendingAttributes"), "PUT", "account/sending",
      Sending(SendingEnabled: enabled))
  }
}
