internal import Cryptography

/// What a request is signed with.
struct Credentials: Sendable, Equatable {
  /// The public half, `AKIA…`.
  let accessKeyID: String
  /// The secret half.
  let secretAccessKey: Secret
  /// Given with temporary credentials; nil for a user's own key.
  let sessionToken: Secret?
  /// When temporary credentials end, in milliseconds since 1970; nil when they do not.
  let expiresAtMs: Int64?

  /// Credentials.
  init(
    accessKeyID: String, secretAccessKey: Secret, sessionToken: Secret? = nil,
    expiresAtMs: Int64? = nil
  ) {
    self.accessKeyID = accessKeyID
    self.secretAccessKey = secretAccessKey
    self.sessionToken = sessionToken
    self.expiresAtMs = expiresAtMs
  }
}

/// Where credentials come from.
protocol CredentialsSource: Sendable {
  /// The credentials to sign with now.
  ///
  /// - Parameters:
  ///   - region: Where to call STS, should a role have to be assumed.
  ///   - endpoint: One URL in place of every service's own; nil for AWS.
  func credentials(
    region: String, endpoint: String?
  ) async throws(CredentialsProblem) -> Credentials
}

/// Why there is nothing to sign with.
struct CredentialsProblem: Error {
  /// What was tried, and what to do. Holds no secret.
  let sentence: String
}

extension Credentials: CredentialsSource {
  /// These very credentials.
  func credentials(region: String, endpoint: String?) -> Credentials { self }
}
