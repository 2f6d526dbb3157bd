internal import Cryptography

/// One search through the places where credentials may be.
struct CredentialsFinder: Sendable {
  let environment: [String: String]
  let profile: String?
  let role: String?
  let time: Time
  let send: Client.Send

  func find(region: String, endpoint: String?) async -> CredentialsCache.Found {
    do throws(CredentialsProblem) {
      let base = try await base(region: region, endpoint: endpoint)
      guard let role, !role.isEmpty else { return .success(base) }
      let request = RoleRequest(arn: role)
      return .success(
        try await assume(request, with: base, region: region, endpoint: endpoint))
    } catch {
      return .failure(error)
    }
  }

  private func base(
    region: String, endpoint: String?
  ) async throws(CredentialsProblem) -> Credentials {
    if let profile, !profile.isEmpty {
      return try await ofProfile(profile, region: region, endpoint: endpoint)
    }
    if let found = try ofEnvironment() { return found }
    if let named = environment.nonEmpty("AWS_PROFILE") {
      return try await ofProfile(named, region: region, endpoint: endpoint)
    }
    if await SharedFiles.read(environment).profiles["default"] != nil {
      return try await ofProfile("default", region: region, endpoint: endpoint)
    }
    if let found = try await ContainerRole(environment: environment, send: send).find() {
      return found
    }
    return try await InstanceRole(environment: environment, send: send).find()
  }

  /// Keys in variables; nil when there are none.
  func ofEnvironment() throws(CredentialsProblem) -> Credentials? {
    let id = environment.nonEmpty("AWS_ACCESS_KEY_ID")
    let secret = environment.nonEmpty("AWS_SECRET_ACCESS_KEY")
    guard let id, let secret else {
      if id == nil && secret == nil { return nil }
      throw CredentialsProblem(
        sentence: "Only one of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY is set. Set both, or "
          + "neither to have the credentials looked for elsewhere.")
    }
    return Credentials(
      accessKeyID: id, secretAccessKey: Secret(secret),
      sessionToken: environment.nonEmpty("AWS_SESSION_TOKEN").map { Secret($0) })
  }

  /// Temporary credentials of a role.
  func assume(
    _ role: RoleRequest, with base: Credentials, region: String, endpoint: String?
  ) async throws(CredentialsProblem) -> Credentials {
    let client = Client(
      region: region, credentials: base, endpoint: endpoint, time: time,
      random: { Double.random(in: 0..<1) }, send: send)
    do {
      return try await STS(client).assumeRole(role)
    } catch {
      throw CredentialsProblem(
        sentence: "The role “\(role.arn)” could not be assumed. \(error.sentence)")
    }
  }
}

extension [String: String] {
  /// A variable that is set to something.
  func nonEmpty(_ name: String) -> String? {
    self[name].flatMap { $0.isEmpty ? nil : $0 }
  }
}
