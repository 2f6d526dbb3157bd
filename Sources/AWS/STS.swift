internal import Cryptography

/// AWS Security Token Service: who calls.
public struct STS: Sendable {
  private let client: Client

  /// STS through a client.
  public init(_ client: Client) { self.client = client }

  /// Who the credentials belong to.
  public struct Identity: Sendable, Equatable {
    /// The user or the role's session.
    public let arn: String
    /// The account's number.
    public let account: String
  }

  /// GetCallerIdentity (AWS STS API Reference). Needs no permission.
  public func getCallerIdentity() async throws(AWSError) -> Identity {
    let operation = Operation.read(.sts, "GetCallerIdentity")
    let result = try await client.query(operation)
    return Identity(
      arn: try client.text("Arn", of: result, operation),
      account: try client.text("Account", of: result, operation))
  }

  /// AssumeRole (AWS STS API Reference). It leaves nothing behind, so it counts as a read.
  func assumeRole(_ role: RoleRequest) async throws(AWSError) -> Credentials {
    let operation = Operation.read(.sts, "AssumeRole")
    var fields = [("RoleArn", role.arn), ("RoleSessionName", role.sessionName)]
    if let id = role.externalID { fields.append(("ExternalId", id)) }
    if let identity = role.sourceIdentity { fields.append(("SourceIdentity", identity)) }
    if let policy = role.policy { fields.append(("Policy", policy)) }
    if let seconds = role.durationSeconds { fields.append(("DurationSeconds", String(seconds))) }
    let result = try await client.query(operation, fields)
    guard let found = result["Credentials"] else {
      throw client.failure(.unreadable("“Credentials” is missing"), operation)
    }
    return Credentials(
      accessKeyID: try client.text("AccessKeyId", of: found, operation),
      secretAccessKey: Secret(try client.text("SecretAccessKey", of: found, operation)),
      sessionToken: Secret(try client.text("SessionToken", of: found, operation)),
      expiresAtMs: Timestamp.ms(iso8601: try client.text("Expiration", of: found, operation)))
  }
}
