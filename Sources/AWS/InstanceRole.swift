/// The role of an EC2 machine, by its metadata service in version 2 ("Use IMDS", Amazon EC2 User
/// Guide). It is the last place looked at, so its problems say what else was tried.
struct InstanceRole: Sendable {
  static let timeoutMs: Int64 = 1_000
  static let tokenSeconds = 21_600
  static let hosts: Set = [
    "169.254.169.254", "[fd00:ec2::254]", "127.0.0.1", "localhost", "[::1]",
  ]
  private static let rolePath = "/latest/meta-data/iam/security-credentials/"

  let environment: [String: String]
  let send: Client.Send

  /// The role's credentials.
  func find() async throws(CredentialsProblem) -> Credentials {
    if environment["AWS_EC2_METADATA_DISABLED"]?.lowercased() == "true" {
      throw nothing("the machine's metadata is switched off (AWS_EC2_METADATA_DISABLED)")
    }
    let origin = try origin()
    let token = try await text(
      HTTPCall(
        method: "PUT", url: origin + "/latest/api/token",
        headers: [
          HTTPHeader("X-aws-ec2-metadata-token-ttl-seconds", String(Self.tokenSeconds))
        ], timeoutMs: Self.timeoutMs, connectTimeoutMs: Self.timeoutMs))
    let list = try await text(get(origin + Self.rolePath, token))
    let role = list.split(whereSeparator: \.isNewline).first.map(\.trimmingSpaces) ?? ""
    guard !role.isEmpty else { throw nothing("this machine has no role") }
    let answer = try await answer(
      get(origin + Self.rolePath + PercentEncoding.encode(role), token))
    guard let credentials = RoleAnswer.credentials(answer) else {
      throw nothing("this machine's role “\(role)” gave none")
    }
    return credentials
  }

  private func get(_ url: String, _ token: String) -> HTTPCall {
    HTTPCall(
      method: "GET", url: url, headers: [HTTPHeader("X-aws-ec2-metadata-token", token)],
      timeoutMs: Self.timeoutMs, connectTimeoutMs: Self.timeoutMs)
  }

  private func text(_ call: HTTPCall) async throws(CredentialsProblem) -> String {
    let answer = try await answer(call)
    guard answer.status == 200 else {
      throw nothing("this machine's metadata answered with status \(answer.status)")
    }
    return String(decoding: answer.body, as: UTF8.self).trimmingSpaces
  }

  private func answer(_ call: HTTPCall) async throws(CredentialsProblem) -> HTTPAnswer {
    do { return try await send(call) } catch {
      throw nothing("this machine has no metadata service of EC2")
    }
  }

  private func origin() throws(CredentialsProblem) -> String {
    guard let given = environment.nonEmpty("AWS_EC2_METADATA_SERVICE_ENDPOINT") else {
      return "http://169.254.169.254"
    }
    guard let host = URLHost.of(given), Self.hosts.contains(host) else {
      throw nothing("AWS_EC2_METADATA_SERVICE_ENDPOINT names a host that is not EC2's")
    }
    return given.hasSuffix("/") ? String(given.dropLast()) : given
  }

  private func nothing(_ words: String) -> CredentialsProblem {
    CredentialsProblem(
      sentence: "No AWS credentials were found: no keys in the environment, no profile, no role "
        + "of a container, and \(words). Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or "
        + "name a profile, or give the machine a role.")
  }
}
