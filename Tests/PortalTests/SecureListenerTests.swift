import Foundation
import HTTP
import HTTPTypes
import Testing
import WireClient

@testable import Portal

/// The portal where it speaks TLS itself.
@Suite struct SecureListenerTests {
  private func of(_ host: String) throws -> HTTPFields {
    [try #require(HTTPField.Name("Host")): host]
  }

  @Test func `over its own TLS the cookie is secure and bound to the host`() async throws {
    let stage = try Stage()
    var limits = Limits()
    limits.headerTimeoutMs = 300_000  // This test may have to wait for its turn.
    let listener = try Listener(stage.portal, limits: limits, selfSignedFor: ["localhost"])
    let client = try await Client.secure(port: try listener.start())
    let form = "login=operator&password=\(Stage.password)"
    client.send(
      "POST /session HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\n"
        + "Content-Type: application/x-www-form-urlencoded\r\n"
        + "Content-Length: \(form.utf8.count)\r\n\r\n\(form)")
    let answer = try await client.answer()
    #expect(answer.status == 303)
    let cookie = answer.fields["set-cookie"] ?? ""
    #expect(cookie.hasPrefix("__Host-caretaker="))
    #expect(cookie.contains("; Secure"))
    #expect(answer.fields["strict-transport-security"] != nil)
    try await listener.stop()
  }

  @Test func `a proxy that is trusted says how the browser came, also over TLS`() throws {
    var request = Request(method: .get, path: "/", peerAddress: "10.0.0.1", isSecure: true)
    #expect(Origin(of: request, trusting: []).isSecure)
    #expect(Origin(of: request, trusting: ["10.0.0.1"]).isSecure)
    request.headers[try #require(HTTPField.Name("X-Forwarded-Proto"))] = "http"
    #expect(Origin(of: request, trusting: []).isSecure)
    #expect(!Origin(of: request, trusting: ["10.0.0.1"]).isSecure)
  }

  @Test(arguments: [
    ("caretaker.example.com", 443, "https://caretaker.example.com/a?b=c"),
    ("caretaker.example.com:80", 443, "https://caretaker.example.com/a?b=c"),
    ("localhost:8080", 8443, "https://localhost:8443/a?b=c"),
    ("[::1]:8080", 8443, "https://[::1]:8443/a?b=c"), ("[::1]", 443, "https://[::1]/a?b=c"),
  ])
  func `who comes in the clear is sent to the same address with TLS`(
    host: String, port: Int, location: String
  ) throws {
    for method in [HTTPRequest.Method.get, .head] {
      let request = Request(method: method, path: "/a", query: "b=c", headers: try of(host))
      let answer = HTTPSRedirect.answer(request, port: port)
      #expect(answer.status == .permanentRedirect)
      #expect(answer.headers[.location] == location)
    }
  }

  @Test func `an address within a target is not where anybody is sent`() throws {
    let request = Request(
      method: .get, path: "/a", target: "http://evil.example/a", headers: try of("localhost"))
    #expect(HTTPSRedirect.answer(request, port: 443).headers[.location] == "https://localhost/")
  }

  @Test func `what acts in the clear is refused, and says so`() throws {
    let post = Request(method: .post, path: "/session", headers: try of("localhost"))
    let answer = HTTPSRedirect.answer(post, port: 443)
    #expect(answer.status == .forbidden)
    #expect(answer.headers[.location] == nil)
    #expect(answer.text.contains("https://"))
    let old = Request(method: .get, path: "/", headers: [:])
    #expect(HTTPSRedirect.answer(old, port: 443).status == .forbidden)
  }

  @Test func `a certificate is warned of in its last two weeks`() throws {
    let made = 1_795_348_800
    let tls = try TLS(selfSignedFor: ["localhost"], at: made)
    let day = 86_400
    #expect(tls.warning(at: tls.endsAt - 14 * day) == nil)
    #expect(tls.warning(at: tls.endsAt - 14 * day + 1)?.contains("ends on") == true)
    #expect(tls.warning(at: tls.endsAt + 1)?.contains("ended on") == true)
  }
}
