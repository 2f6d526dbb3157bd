import Foundation
import HTTPTypes
import Testing
import WireClient

@testable import HTTP

/// What clients get of a server that speaks TLS (RFC 8446, RFC 5246, RFC 9325).
@Suite struct SecureServerTests {
  static let get = "GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n"

  private func serving(
    _ limits: Limits = .patient, handler: Handler? = nil
  ) throws -> Serving {
    let tls = try TLS(selfSignedFor: ["localhost"], at: CertificateFiles.now)
    return try Serving(
      limits: limits, tls: tls,
      handler: handler ?? { Response(body: Array("\($0.path) \($0.isSecure)".utf8)) })
  }

  @Test(arguments: ["TLSv1.2", "TLSv1.3"])
  func `both versions are spoken, and a request knows that it is secure`(
    version: String
  ) async throws {
    let serving = try serving()
    let client = try await Client.secure(port: serving.port, .only(version))
    client.send(Self.get)
    #expect(try await client.answer().text == "/a true")
    #expect(client.tls?.version == version)
    client.send(Self.get)
    #expect(try await client.answer().status == 200)
    await serving.stop()
  }

  @Test(arguments: ["TLSv1", "TLSv1.1"])
  func `older versions are refused (RFC 8996)`(version: String) async throws {
    let serving = try serving()
    await #expect(throws: Client.Broken.self) {
      _ = try await Client.secure(port: serving.port, .only(version))
    }
    await serving.stop()
  }

  @Test(arguments: [
    ("ECDHE-ECDSA-AES128-GCM-SHA256", true), ("ECDHE-ECDSA-AES256-GCM-SHA384", true),
    ("ECDHE-ECDSA-CHACHA20-POLY1305", true), ("ECDHE-ECDSA-AES128-SHA", false),
    ("ECDHE-ECDSA-AES256-SHA384", false), ("AES128-GCM-SHA256", false), ("AES256-SHA", false),
    ("ECDHE-ECDSA-NULL-SHA", false), ("AECDH-AES128-SHA", false),
  ])
  func `only suites with forward secrecy and authenticated encryption are agreed on`(
    suite: String, isTaken: Bool
  ) async throws {
    let serving = try serving()
    var terms = ClientTLS.Terms.only("TLSv1.2")
    terms.ciphers = suite
    let client = try? await Client.secure(port: serving.port, terms)
    #expect((client?.tls?.cipher == suite) == isTaken)
    await serving.stop()
  }

  @Test func `ALPN gives http/1.1, also to who would rather have another (RFC 7301 §3.2)`()
    async throws
  {
    let serving = try serving()
    var terms = ClientTLS.Terms()
    terms.protocols = ClientTLS.Terms.list(["h2", "http/1.1"])
    let client = try await Client.secure(port: serving.port, terms)
    #expect(client.tls?.chosenProtocol == "http/1.1")
    terms.protocols = ClientTLS.Terms.list(["h2", "http/1.0"])
    await #expect(throws: Client.Broken.self) {
      _ = try await Client.secure(port: serving.port, terms)
    }
    await serving.stop()
  }

  @Test(arguments: ["TLSv1.2", "TLSv1.3"])
  func `a session is resumed`(version: String) async throws {
    let serving = try serving()
    var terms = ClientTLS.Terms.only(version)
    let first = try await Client.secure(port: serving.port, terms)
    first.send(Self.get)
    _ = try await first.answer()
    terms.session = first.tls?.session
    let second = try await Client.secure(port: serving.port, terms)
    #expect(first.tls?.isResumed == false)
    #expect(second.tls?.isResumed == true)
    await serving.stop()
  }

  @Test func `who speaks HTTP to the port is told so in HTTP`() async throws {
    let serving = try serving()
    let client = try Client(port: serving.port)
    client.send(Self.get)
    let answer = try await client.answer()
    #expect(answer.status == 400)
    #expect(answer.text == "This port speaks HTTPS. Begin the address with https://\n")
    await serving.stop()
  }

  @Test func `bodies larger than a record come whole, both ways`() async throws {
    let body = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
    let serving = try serving(handler: { Response(body: $0.body) })
    let client = try await Client.secure(port: serving.port)
    client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.count)\r\n\r\n")
    client.send(body)
    #expect(try await client.answer().body == body)
    await serving.stop()
  }

  @Test func `requests that come in one record are all answered`() async throws {
    let serving = try serving()
    let client = try await Client.secure(port: serving.port)
    client.send(String(repeating: Self.get, count: 300))
    for _ in 0..<300 { #expect(try await client.answer().text == "/a true") }
    await serving.stop()
  }

  @Test func `the end is said, so that it is no cut (RFC 8446 §6.1)`() async throws {
    let serving = try serving()
    let client = try await Client.secure(port: serving.port)
    client.send("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    _ = try await client.rest()
    #expect(client.tls?.isEnded == true)
    client.close()
    await serving.stop()
  }

  @Test func `a handshake that does not go on is ended in the time for a head`() async throws {
    var limits = Limits.patient
    limits.headerTimeoutMs = 200
    let serving = try serving(limits)
    let client = try Client(port: serving.port)
    client.send([0x16, 0x03, 0x01, 0x00])
    #expect(await client.byteCountUntilEnd() == 0)
    try await serving.becomesIdle()
    await serving.stop()
  }

  @Test(arguments: [[0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0], [UInt8](repeating: 0xFF, count: 600)])
  func `what is no handshake ends the connection, and no other`(bytes: [UInt8]) async throws {
    let serving = try serving()
    let other = try await Client.secure(port: serving.port)
    let client = try Client(port: serving.port)
    client.send(bytes)
    _ = await client.byteCountUntilEnd()
    other.send(Self.get)
    #expect(try await other.answer().status == 200)
    await serving.stop()
  }

  @Test func `a stop answers what is under way`() async throws {
    let gate = Gate()
    let serving = try serving(handler: { _ in
      await gate.wait()
      return Response(body: Array("done".utf8))
    })
    let client = try await Client.secure(port: serving.port)
    client.send(Self.get)
    try await eventually { gate.waitingCount == 1 }
    async let stopped: Void = serving.stop()
    gate.open()
    #expect(try await client.answer().text == "done")
    await stopped
  }
}

extension ClientTLS.Terms {
  static func only(_ version: String) -> Self {
    var terms = Self()
    terms.version = version
    return terms
  }

  /// Names as ALPN has them on the wire.
  static func list(_ names: [String]) -> [UInt8] {
    names.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
  }
}
