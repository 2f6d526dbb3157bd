import Cryptography
import Foundation
import Testing

@testable import AWS

@Suite(.timeLimit(.minutes(2)))
struct CredentialsTests {
  private static let noMachine = ["AWS_EC2_METADATA_DISABLED": "true"]

  private func find(
    _ environment: [String: String], profile: String? = nil, role: String? = nil,
    script: Script = Script([.problem(TransportProblem(.couldNotConnect, wasSent: false))])
  ) async -> CredentialsCache.Found {
    await CredentialsFinder(
      environment: Self.noMachine.merging(environment) { $1 }, profile: profile, role: role,
      time: script.time, send: script.send
    ).find(region: "us-west-2", endpoint: "http://127.0.0.1:9")
  }

  private func sentence(_ found: CredentialsCache.Found) -> String? {
    if case .failure(let problem) = found { problem.sentence } else { nil }
  }

  /// Runs `body` with variables that name two files of this content.
  private func withFiles<Result>(
    config: String = "", credentials: String = "",
    _ body: ([String: String]) async throws -> Result
  ) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    let aws = folder.appendingPathComponent(".aws")
    try FileManager.default.createDirectory(at: aws, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(config.utf8).write(to: aws.appendingPathComponent("config"))
    try Data(credentials.utf8).write(to: aws.appendingPathComponent("credentials"))
    return try await body(["HOME": folder.path])
  }

  private static let assumed = Script.Line.text(
    200,
    """
    <AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA</AccessKeyId>
    <SecretAccessKey>role-secret</SecretAccessKey><SessionToken>role-token</SessionToken>
    <Expiration>2030-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult>
    </AssumeRoleResponse>
    """)

  @Test func `keys in the environment come first`() async throws {
    let found = try await withFiles(
      credentials: "[default]\naws_access_key_id=F\naws_secret_access_key=f\n"
    ) {
      await find(
        $0.merging([
          "AWS_ACCESS_KEY_ID": "E", "AWS_SECRET_ACCESS_KEY": "e", "AWS_SESSION_TOKEN": "t",
        ]) { $1 })
    }
    #expect(
      try found.get()
        == Credentials(
          accessKeyID: "E", secretAccessKey: Secret("e"), sessionToken: Secret("t")))
  }

  @Test func `half a key is a mistake, not a reason to look elsewhere`() async {
    #expect(sentence(await find(["AWS_ACCESS_KEY_ID": "E"]))?.contains("Only one") == true)
    #expect(sentence(await find(["AWS_SECRET_ACCESS_KEY": "e"]))?.contains("Only one") == true)
  }

  @Test func `a profile asked for by name is the only place looked at`() async throws {
    let keys = ["AWS_ACCESS_KEY_ID": "E", "AWS_SECRET_ACCESS_KEY": "e"]
    try await withFiles(credentials: "[blog]\naws_access_key_id=B\naws_secret_access_key=b\n") {
      home async throws in
      let found = await find(home.merging(keys) { $1 }, profile: "blog")
      #expect(try found.get().accessKeyID == "B")
      let missing = await find(home.merging(keys) { $1 }, profile: "gone")
      #expect(sentence(missing)?.contains("“gone”") == true)
    }
  }

  @Test func `the default profile is taken, or the one that AWS_PROFILE names`() async throws {
    let text = """
      [default]
      aws_access_key_id=D
      aws_secret_access_key=d
      [blog]
      aws_access_key_id=B
      aws_secret_access_key=b
      """
    try await withFiles(credentials: text) { home async throws in
      #expect(try await find(home).get().accessKeyID == "D")
      let named = home.merging(["AWS_PROFILE": "blog"]) { $1 }
      #expect(try await find(named).get().accessKeyID == "B")
    }
  }

  @Test func `a role is assumed with its source's keys, at the client's region and endpoint`()
    async throws
  {
    let config = """
      [profile operator]
      role_arn = arn:aws:iam::1:role/Operator
      source_profile = base
      external_id = x
      duration_seconds = 900
      """
    let script = Script([Self.assumed])
    let found = try await withFiles(
      config: config, credentials: "[base]\naws_access_key_id=B\naws_secret_access_key=b\n"
    ) { await find($0, profile: "operator", script: script) }
    #expect(
      try found.get()
        == Credentials(
          accessKeyID: "ASIA", secretAccessKey: Secret("role-secret"),
          sessionToken: Secret("role-token"), expiresAtMs: 1_893_456_000_000))
    let call = try #require(script.calls.first)
    #expect(call.url == "http://127.0.0.1:9/")
    let body = String(decoding: call.body, as: UTF8.self)
    #expect(body.contains("RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2FOperator"))
    #expect(body.contains("ExternalId=x") && body.contains("DurationSeconds=900"))
    let authorization = call.headers.first { $0.name == "Authorization" }?.value
    #expect(authorization?.contains("Credential=B/") == true)
    #expect(authorization?.contains("/us-west-2/sts/") == true)
  }

  @Test func `the role given beside the chain is assumed with whatever was found`() async throws {
    let keys = ["AWS_ACCESS_KEY_ID": "E", "AWS_SECRET_ACCESS_KEY": "e"]
    let script = Script([Self.assumed])
    let found = await find(keys, role: "arn:aws:iam::1:role/R", script: script)
    #expect(try found.get().accessKeyID == "ASIA")
    let refused = await find(
      keys, role: "arn:aws:iam::1:role/R", script: Script([.error(403, "AccessDenied")]))
    #expect(sentence(refused)?.contains("sts:AssumeRole") == true)
  }

  @Test func `a role may take the environment's keys, and a profile may be its own source`()
    async throws
  {
    let keys = ["AWS_ACCESS_KEY_ID": "E", "AWS_SECRET_ACCESS_KEY": "e"]
    let config = """
      [profile a]
      role_arn = arn:aws:iam::1:role/R
      credential_source = Environment
      [profile b]
      role_arn = arn:aws:iam::1:role/R
      source_profile = b
      aws_access_key_id = B
      aws_secret_access_key = b
      """
    try await withFiles(config: config) { home async throws in
      for (name, key) in [("a", "E"), ("b", "B")] {
        let script = Script([Self.assumed])
        let found = await find(home.merging(keys) { $1 }, profile: name, script: script)
        #expect(try found.get().accessKeyID == "ASIA")
        let authorization = script.calls.first?.headers.first { $0.name == "Authorization" }
        #expect(authorization?.value.contains("Credential=\(key)/") == true)
      }
    }
  }

  @Test(arguments: ["credential_process = /bin/true", "sso_session = x", "mfa_serial = m"])
  func `a way that is not supported is said`(setting: String) async throws {
    let found = try await withFiles(config: "[default]\n\(setting)\n") { await find($0) }
    let name = setting.split(separator: " ")[0]
    #expect(sentence(found)?.contains("“\(name)”") == true)
  }

  @Test func `profiles that are each other's source end with a sentence`() async throws {
    let config = """
      [profile a]
      role_arn = r
      source_profile = b
      [profile b]
      role_arn = r
      source_profile = a
      """
    let found = try await withFiles(config: config) { await find($0, profile: "a") }
    #expect(sentence(found)?.contains("source_profile") == true)
  }

  @Test func `with nothing anywhere, the sentence says what to do`() async {
    #expect(sentence(await find([:]))?.contains("Set AWS_ACCESS_KEY_ID") == true)
  }
}
