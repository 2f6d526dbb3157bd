extension SES {
  /// What AWS is told of the account when production access is asked for.
  public struct AccountDetails: Sendable, Equatable, Codable {
    /// `TRANSACTIONAL` or `MARKETING`.
    public var mailType: String
    /// The site the mail is of, to 1,000 characters.
    public var website: String
    /// `EN` or `JA`: the language of AWS's answer.
    public var language: String
    /// What is sent to whom, to 5,000 characters.
    public var useCase: String
    /// Who is told of AWS's answer beside the account: one to four addresses.
    public var contacts: [String]

    /// Details.
    public init(
      mailType: String, website: String, language: String, useCase: String, contacts: [String]
    ) {
      self.mailType = mailType
      self.website = website
      self.language = language
      self.useCase = useCase
      self.contacts = contacts
    }
  }

  private struct Details: Encodable {
    let MailType: String
    let WebsiteURL: String
    let ContactLanguage: String
    let UseCaseDescription: String
    let AdditionalContactEmailAddresses: [String]
    let ProductionAccessEnabled = true
  }

  /// PutAccountDetails (Amazon SES API v2 Reference): asks for production access. It answers at
  /// once; AWS's people decide within about a day, and `getAccount` tells.
  /// - Throws: ``AWSError`` with the code `ConflictException` while a review goes on.
  public func requestProductionAccess(_ details: AccountDetails) async throws(AWSError) {
    try await send(
      .write(.ses, "PutAccountDetails"), "POST", "account/details",
      Details(
        MailType: details.mailType, WebsiteURL: details.website,
        ContactLanguage: details.language, UseCaseDescription: details.useCase,
        AdditionalContactEmailAddresses: details.contacts))
  }

  private struct MailFrom: Encodable {
    let MailFromDomain: String?
    let BehaviorOnMxFailure = "USE_DEFAULT_VALUE"
  }

  /// PutEmailIdentityMailFromAttributes (Amazon SES API v2 Reference). Until its MX record is seen,
  /// SES goes on with its own domain.
  /// - Parameter domain: a domain below the identity's; nil for SES's own.
  public func putMailFrom(_ domain: String?, of identity: String) async throws(AWSError) {
    try await send(
      .write(.ses, "PutEmailIdentityMailFromAttributes"), "PUT",
      "identities/\(PercentEncoding.encode(identity))/mail-from",
      MailFrom(MailFromDomain: domain))
  }

  private struct NewIdentity: Encodable { let EmailIdentity: String }

  /// CreateEmailIdentity (Amazon SES API v2 Reference). AWS writes to an address with a link to
  /// press; a domain is verified by its DKIM records.
  public func createIdentity(_ name: String) async throws(AWSError) {
    try await send(
      .write(.ses, "CreateEmailIdentity"), "POST", "identities", NewIdentity(EmailIdentity: name))
  }
}
