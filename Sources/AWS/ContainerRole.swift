/// The role of an ECS task or EKS pod ("Container credential provider", AWS SDKs and Tools
/// Reference Guide).
struct ContainerRole: Sendable {
  static let timeoutMs: Int64 = 2_000
  /// Where ECS and EKS answer. A full URI may name one of these or this machine, nothing else:
  /// it gets the authorization token.
  static let hosts: Set = [
    "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]", "127.0.0.1", "localhost", "[::1]",
  ]

  let environment: [String: String]
  let send: Client.Send

  /// The role's credentials; nil when no variable speaks of them.
  func find() async throws(CredentialsProblem) -> Credentials? {
    guard let url = try url() else { return nil }
    var call = HTTPCall(
      method: "GET", url: url, timeoutMs: Self.timeoutMs, connectTimeoutMs: Self.timeoutMs)
    if let token = try await token() { call.headers = [HTTPHeader("Authorization", token)] }
    let answer: HTTPAnswer
    do { answer = try await send(call) } catch {
      throw CredentialsProblem(
        sentence: "The container's role could not be asked for credentials (\(error.kind)).")
    }
    guard let credentials = RoleAnswer.credentials(answer) else {
      throw CredentialsProblem(
        sentence: "The container's role gave no credentials (status \(answer.status)). Check "
          + "the task's role.")
    }
    return credentials
  }

  private func url() throws(CredentialsProblem) -> String? {
    if let path = environment.nonEmpty("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
      return "http://169.254.170.2" + (path.hasPrefix("/") ? path : "/" + path)
    }
    guard let url = environment.nonEmpty("AWS_CONTAINER_CREDENTIALS_FULL_URI") else { return nil }
    guard let host = URLHost.of(url), Self.hosts.contains(host) else {
      throw CredentialsProblem(
        sentence: "AWS_CONTAINER_CREDENTIALS_FULL_URI names a host that is neither this machine "
          + "nor one of ECS or EKS.")
    }
    return url
  }

  private func token() async throws(CredentialsProblem) -> String? {
    guard let path = environment.nonEmpty("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") else {
      return environment.nonEmpty("AWS_CONTAINER_AUTHORIZATION_TOKEN")
    }
    let token = await SharedFiles.text(path).trimmingSpaces
    guard !token.isEmpty else {
      throw CredentialsProblem(
        sentence: "The file that AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names is empty or can't be "
          + "read. Let Caretaker's account read it.")
    }
    return token
  }
}

/// The host of a URL.
enum URLHost {
  /// Without the port and in lower case; nil for a URL that is not HTTP or names a user, behind
  /// which another host could hide.
  static func of(_ url: String) -> String? {
    guard let scheme = ["http://", "https://"].first(where: url.hasPrefix) else { return nil }
    let authority = url.dropFirst(scheme.count).prefix { !"/?#\\".contains($0) }
    guard !authority.contains("@") else { return nil }
    if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
      return authority[...end].lowercased()
    }
    return authority.prefix { $0 != ":" }.lowercased()
  }
}
