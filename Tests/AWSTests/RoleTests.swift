import Cryptography
import Foundation
import Testing

@testable import AWS

/// Roles of containers and machines, asked for over loopback.
@Suite(.timeLimit(.minutes(2)))
struct RoleTests {
  private static let role = """
    {"Code": "Success", "AccessKeyId": "ASIA", "SecretAccessKey": "s", "Token": "t",
     "Expiration": "2030-01-01T00:00:00Z"}
    """
  private static let credentials = Credentials(
    accessKeyID: "ASIA", secretAccessKey: Secret("s"), sessionToken: Secret("t"),
    expiresAtMs: 1_893_456_000_000)

  private func find(_ environment: [String: String]) async -> CredentialsCache.Found {
    let transport = Transport()
    return await CredentialsFinder(
      environment: environment, profile: nil, role: nil, time: Script([]).time,
      send: { call throws(TransportProblem) in try await transport.send(call) }
    ).find(region: "us-west-2", endpoint: nil)
  }

  private func sentence(_ found: CredentialsCache.Found) -> String? {
    if case .failure(let problem) = found { problem.sentence } else { nil }
  }

  @Test func `a container's role is asked for with its token`() async throws {
    let server = try LoopbackServer { _ in .answer(200, Self.role) }
    let found = await find([
      "AWS_CONTAINER_CREDENTIALS_FULL_URI": server.url + "/role?x=1",
      "AWS_CONTAINER_AUTHORIZATION_TOKEN": "Basic secret",
    ])
    #expect(try found.get() == Self.credentials)
    #expect(server.received.map(\.target) == ["/role?x=1"])
    #expect(server.received.first?.headers["authorization"] == "Basic secret")
  }

  @Test func `the token's file comes before the token`() async throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try Data("of-file\n".utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let server = try LoopbackServer { _ in .answer(200, Self.role) }
    let found = await find([
      "AWS_CONTAINER_CREDENTIALS_FULL_URI": server.url,
      "AWS_CONTAINER_AUTHORIZATION_TOKEN": "direct",
      "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": file.path,
    ])
    #expect(try found.get() == Self.credentials)
    #expect(server.received.first?.headers["authorization"] == "of-file")
  }

  @Test func `a token's file that can't be read is said, and nothing is asked without it`()
    async throws
  {
    let server = try LoopbackServer { _ in .answer(200, Self.role) }
    let found = await find([
      "AWS_CONTAINER_CREDENTIALS_FULL_URI": server.url,
      "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/nowhere/at/all",
    ])
    #expect(sentence(found)?.contains("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") == true)
    #expect(server.received.isEmpty)
  }

  @Test(arguments: [
    "http://evil.example/", "http://127.0.0.1.evil.example/", "http://127.0.0.1@evil.example/",
    "https://10.0.0.1/", "ftp://127.0.0.1/", "http://169.254.169.254/",
  ])
  func `a container's token goes to no other host`(uri: String) async {
    let found = await find([
      "AWS_CONTAINER_CREDENTIALS_FULL_URI": uri, "AWS_CONTAINER_AUTHORIZATION_TOKEN": "t",
    ])
    #expect(sentence(found)?.contains("FULL_URI") == true)
  }

  @Test(arguments: ["", "<html>", "{}", #"{"Code": "Failed"}"#])
  func `an answer without credentials is a sentence`(body: String) async throws {
    let server = try LoopbackServer { _ in .answer(200, body) }
    let found = await find(["AWS_CONTAINER_CREDENTIALS_FULL_URI": server.url])
    #expect(sentence(found)?.contains("gave no credentials") == true)
  }

  @Test func `a machine's role is asked for in version 2, with a session token`() async throws {
    let path = "/latest/meta-data/iam/security-credentials/"
    let server = try LoopbackServer { request in
      if request.method == "PUT" {
        return request.headers["x-aws-ec2-metadata-token-ttl-seconds"] == nil
          ? .answer(400, "") : .answer(200, "session")
      }
      guard request.headers["x-aws-ec2-metadata-token"] == "session" else {
        return .answer(401, "")
      }
      switch request.target {
      case path: return .answer(200, "Blog Role\n")
      case path + "Blog%20Role": return .answer(200, Self.role)
      default: return .answer(404, "")
      }
    }
    let found = await find(["AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url + "/"])
    #expect(try found.get() == Self.credentials)
    #expect(server.received.first?.target == "/latest/api/token")
  }

  @Test func `a machine without a role, or that says nothing, is a sentence`() async throws {
    let none = try LoopbackServer { $0.method == "PUT" ? .answer(200, "t") : .answer(404, "") }
    let mute = try LoopbackServer { _ in .silence() }
    for server in [none, mute] {
      let found = await find(["AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url])
      #expect(sentence(found)?.contains("No AWS credentials were found") == true)
    }
  }

  @Test func `metadata that is switched off is not asked`() async throws {
    let server = try LoopbackServer { _ in .answer(200, "") }
    let found = await find([
      "AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url, "AWS_EC2_METADATA_DISABLED": "TRUE",
    ])
    #expect(sentence(found)?.contains("switched off") == true)
    #expect(server.received.isEmpty)
  }

  @Test func `metadata is asked of no other host`() async {
    let found = await find(["AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://evil.example"])
    #expect(sentence(found)?.contains("not EC2's") == true)
  }
}
