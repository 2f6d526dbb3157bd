import Cryptography
import Testing

@testable import AWS

struct SignerTests {
  private let nowMs: Int64 = 1_440_938_160_000

  private func credentials(token: String? = nil) -> Credentials {
    Credentials(
      accessKeyID: "AKIDEXAMPLE",
      secretAccessKey: Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
      sessionToken: token.map { Secret($0) })
  }

  private func sign(_ vector: Vector, body: String? = nil) -> [HTTPHeader] {
    Signer(service: "service", region: "us-east-1", pathRule: vector.rule).sign(
      method: vector.method, path: vector.path, query: vector.query,
      headers: [HTTPHeader("Host", "example.amazonaws.com")] + vector.headers,
      body: Array((body ?? vector.body).utf8), with: credentials(token: vector.token), at: nowMs)
  }

  private func authorization(_ headers: [HTTPHeader]) -> String {
    headers.first { $0.name == "Authorization" }?.value ?? ""
  }

  @Test(arguments: Vector.all)
  func `the signature is the published one`(vector: Vector) {
    #expect(authorization(sign(vector)).hasSuffix("Signature=\(vector.signature)"))
  }

  @Test func `all published cases are there`() {
    #expect(Vector.all.count == 38)
  }

  @Test func `another body has another signature`() throws {
    let vector = try #require(Vector.all.first { !$0.body.isEmpty })
    #expect(authorization(sign(vector)) != authorization(sign(vector, body: "Param1=value2")))
  }

  @Test func `S3 is sent the hash of the body, and signs it`() {
    let headers = Signer(service: "s3", region: "us-west-2", pathRule: .once).sign(
      method: "GET", path: "/bucket/a%20b", query: "versioning=",
      headers: [HTTPHeader("Host", "s3.us-west-2.amazonaws.com")], body: [], with: credentials(),
      at: nowMs)
    #expect(
      headers.contains(HTTPHeader("X-Amz-Content-Sha256", SHA256.hexDigest([UInt8]()))))
    #expect(
      authorization(headers).contains("SignedHeaders=host;x-amz-content-sha256;x-amz-date,"))
  }

  @Test func `S3's example of the API reference has its published signature`() {
    let signer = Signer(service: "s3", region: "us-east-1", pathRule: .once)
    let headers = signer.sign(
      method: "GET", path: "/", query: "lifecycle",
      headers: [HTTPHeader("Host", "examplebucket.s3.amazonaws.com")], body: [],
      with: Credentials(
        accessKeyID: "AKIAIOSFODNN7EXAMPLE",
        secretAccessKey: Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")),
      at: 1_369_353_600_000)
    #expect(
      authorization(headers).hasSuffix(
        "Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"))
  }

  @Test func `no secret is in any field but the token's own`() {
    let headers = Signer(service: "ecs", region: "us-west-2").sign(
      method: "POST", path: "/", query: "", headers: [HTTPHeader("Host", "a")], body: [],
      with: credentials(token: "canary"), at: nowMs)
    #expect(headers.filter { $0.value.contains("canary") }.map(\.name) == ["X-Amz-Security-Token"])
    #expect(!headers.contains { $0.value.contains("wJalrXUtnFEMI") })
  }
}
