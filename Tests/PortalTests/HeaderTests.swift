import Foundation
import Glibc
import HTTP
import HTTPTypes
import Testing
import WireClient

@testable import Portal

/// What every answer says to browsers, whoever made it: a page, a file or the HTTP core.
@Suite struct HeaderTests {
  private static let standing = [
    "strict-transport-security": "max-age=63072000; includeSubDomains",
    "x-content-type-options": "nosniff", "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin",
  ]

  private func check(_ answer: RawClient.Answer, of name: String) {
    for (field, value) in Self.standing {
      #expect(answer.fields[field] == [value], "\(field) of \(name)")
    }
    let policies = answer.fields["content-security-policy"] ?? []
    #expect(policies.count == 1, "\(name)")
    let directives = Set(policies.joined().components(separatedBy: "; "))
    #expect(
      directives.isSuperset(of: [
        "default-src 'none'", "script-src 'self'", "form-action 'self'", "frame-ancestors 'none'",
        "base-uri 'none'",
      ]), "\(name)")
    #expect(!policies.joined().contains("unsafe"), "\(name)")
    #expect(answer.fields["permissions-policy"]?.count == 1, "\(name)")
    #expect(answer.fields["access-control-allow-origin"] == nil, "\(name)")
    #expect(answer.fields["server"] == nil, "\(name)")
    if !answer.body.isEmpty {
      let isTyped = answer.fields["content-type"]?.allSatisfy {
        !$0.hasPrefix("text/") || $0.contains("; charset=utf-8")
      }
      #expect(isTyped == true, "\(name): \(answer.fields["content-type"] ?? [])")
    }
  }

  @Test func `every route's answer has the headers, is not kept, and names its character set`()
    async throws
  {
    let stage = try Stage()
    let listener = try Listener(stage.portal)
    let port = try listener.start()
    for login in ["administrator", nil] {
      let browser = Browser(stage.portal)
      if let login { try await browser.signIn(as: login) }
      for route in Portal.routes where route.name != "POST /session/end" {
        let form = "form_token=\(browser.formToken)"
        let answer = try await RawClient.send(
          """
          \(route.method.rawValue) \(route.address()) HTTP/1.1\r\nHost: a\r\nConnection: close\r
          Cookie: \(browser.cookie)\r\nSec-Fetch-Site: same-origin\r
          Content-Length: \(route.method == .post ? form.utf8.count : 0)\r\n\r
          \(route.method == .post ? form : "")
          """, to: port)
        check(answer, of: route.name)
        #expect(answer.status >= 200, "\(route.name)")
        #expect(answer.fields["cache-control"] == ["no-store"], "\(route.name)")
      }
    }
    try await listener.stop()
    try? FileManager.default.removeItem(atPath: stage.folder)
  }

  /// What the HTTP core answers by itself, with the request that brings it about.
  private static let refused: [(status: Int, request: String)] = [
    (400, "GET / HTTP/1.1\r\n\r\n"), (400, "nonsense\r\n\r\n"),
    (400, "GET /%2e%2e/x HTTP/1.1\r\nHost: a\r\n\r\n"),
    (400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"),
    (413, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n"),
    (414, "GET /\(String(repeating: "a", count: 9_000)) HTTP/1.1\r\nHost: a\r\n\r\n"),
    (417, "GET / HTTP/1.1\r\nHost: a\r\nExpect: x\r\n\r\n"),
    (431, "GET / HTTP/1.1\r\nA: \(String(repeating: "a", count: 40_000))\r\n\r\n"),
    (431, "GET / HTTP/1.1\r\n\(String(repeating: "A: b\r\n", count: 101))\r\n"),
    (501, "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n"), (505, "GET / HTTP/2.0\r\n\r\n"),
  ]

  @Test func `what the HTTP core refuses by itself has the headers too`() async throws {
    let stage = try Stage()
    let listener = try Listener(stage.portal)
    let port = try listener.start()
    for (status, request) in Self.refused {
      let name = String(request.prefix(40))
      let answer = try await RawClient.send(request, to: port)
      #expect(answer.status == status, "\(name)")
      check(answer, of: name)
      #expect(answer.fields["cache-control"] == ["no-store"], "\(name)")
    }
    let wrongMethods = ["PUT /changes", "DELETE /sign-in", "POST /public/caretaker.css"]
    for line in wrongMethods {
      let answer = try await RawClient.send(
        "\(line) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", to: port)
      #expect(answer.status == 405, "\(line)")
      #expect(answer.fields["allow"]?.count == 1, "\(line)")
      check(answer, of: line)
    }
    try await listener.stop()
    try? FileManager.default.removeItem(atPath: stage.folder)
  }

  @Test func `what says half a head and no more is told so with the headers`() async throws {
    let stage = try Stage()
    var limits = Limits()
    limits.headerTimeoutMs = 100
    let listener = try Listener(stage.portal, limits: limits)
    let answer = try await RawClient.send("GET / HTTP/1.1\r\n", to: try listener.start())
    #expect(answer.status == 408)
    check(answer, of: "408")
    #expect(answer.fields["cache-control"] == ["no-store"])
    try await listener.stop()
    try? FileManager.default.removeItem(atPath: stage.folder)
  }

  @Test func `one connection more than the limit is told so with the headers`() async throws {
    let stage = try Stage(connectionsMax: 1)
    let listener = try Listener(stage.portal)
    let port = try listener.start()
    let first = try Client(port: port)
    // Answered, it is counted; until then another loop may let the second in before it.
    first.send("GET /sign-in HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(try await first.answer().status == 200)
    let answer = try await RawClient.send("", to: port)
    #expect(answer.status == 503)
    check(answer, of: "503")
    first.close()
    try await listener.stop()
    try? FileManager.default.removeItem(atPath: stage.folder)
  }
}
