import AWS
import Foundation
import HTTP
import HTTPTypes
import Logging
import Rules
import Testing

@testable import Portal

/// An OpenID provider as a process of its own, and people who come from it. Tests that share it
/// take turns.
struct FakeProvider: Sendable {
  let peer: PeerProcess
  /// The file with the client's secret.
  let secretFile: String
  /// The way of a browser that follows nothing.
  private let transport = Transport()

  /// The one provider, started when first asked for.
  static let shared = Result { try FakeProvider() }

  private init() throws {
    let folder = NSTemporaryDirectory() + "caretaker-openid-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    secretFile = folder + "/openid_secret"
    peer = try PeerProcess("openid", ["--folder", folder])
  }

  /// How the person it speaks of is linked, unless it was told of another.
  var account: String { "openid:\(peer.url)#248289761001" }

  /// As at the start, with the clock of a new stage.
  func reset() throws {
    try change("reset")
    try at(TestClock().now)
  }

  /// What is so from now on, by the control API's verb.
  func change(_ verb: String, _ json: String = "{}") throws {
    try peer.control("POST", "/_openid/\(verb)", json)
  }

  /// What its clock says.
  func at(_ now: Moment) throws { try change("clock", "{\"now_s\": \(now.ms / 1_000)}") }

  /// The same person with other groups.
  func person(groups: [String]) throws {
    let words = groups.map { "\"\($0)\"" }.joined(separator: ", ")
    try change("person", "{\"sub\": \"248289761001\", \"groups\": [\(words)]}")
  }

  struct Call: Decodable {
    let method: String
    let path: String
    let status: Int
  }

  func calls() throws -> [Call] {
    try JSONDecoder().decode([Call].self, from: peer.control("GET", "/_openid/calls"))
  }

  /// A portal that people sign in to through it.
  func stage(
    log: Logger = Stage.silence, policy: Policy? = nil,
    settings change: (inout OpenIDSettings) -> Void = { _ in }
  ) throws -> Stage {
    var settings = OpenIDSettings(
      issuer: peer.url, client: "caretaker", clientSecretFile: secretFile,
      roles: [
        .init(group: "admins", role: .administrator), .init(group: "approvers", role: .approver),
        .init(group: "auditors", role: .auditor), .init(group: "staff", role: .operator_),
      ], label: "Sign in through Example")
    change(&settings)
    let places = NoticePlaces(address: "https://caretaker.example.com", site: "blog")
    return try Stage(policy: policy, log: log, notices: places, openID: settings)
  }

  /// Presses the button; where the browser goes, and the cookie it keeps.
  func begin(on stage: Stage, next: String = "/") async throws -> (address: String, cookie: String)
  {
    let answer = await Browser(stage.portal).post("/sign-in/openid", ["next": next])
    #expect(answer.status == .ok)
    let refresh = try #require(HTTPField.Name("Refresh"))
    let address = try #require(answer.headers[refresh]).dropFirst("0; url=".count)
    let cookie = try #require(answer.headers[.setCookie])
    #expect(cookie.contains("; HttpOnly; SameSite=Lax") && cookie.contains("Max-Age=600"))
    return (String(address), String(cookie.prefix { $0 != ";" }))
  }

  /// Consents there; where it sends the browser back to, without scheme and host.
  func consent(_ address: String) async throws -> String {
    let answer = try await transport.send(HTTPCall(method: "GET", url: address))
    let place = try #require(answer.header("Location"))
    #expect(place.hasPrefix("https://caretaker.example.com/sign-in/openid/answer?"))
    return String(place.dropFirst("https://caretaker.example.com".count))
  }

  /// Comes back, as a link from another site does.
  func answer(_ target: String, cookie: String, on stage: Stage) async -> Response {
    var headers: HTTPFields = [.cookie: cookie]
    if let name = HTTPField.Name("Sec-Fetch-Dest") { headers[name] = "document" }
    return await Browser(stage.portal).send(
      .get, target, body: "", site: "cross-site", extra: headers)
  }

  /// All of it, and what a thief would like to find of it.
  func signIn(on stage: Stage, next: String = "/") async throws -> (
    answer: Response, browser: Browser, cookie: String, target: String, code: String, state: String
  ) {
    let (address, cookie) = try await begin(on: stage, next: next)
    let target = try await consent(address)
    let answer = await answer(target, cookie: cookie, on: stage)
    let browser = Browser(stage.portal)
    browser.take(answer)
    func field(_ name: String) -> String {
      let mark = target.range(of: name + "=")
      return mark.map { String(target[$0.upperBound...].prefix { $0 != "&" }) } ?? "none"
    }
    return (answer, browser, cookie, target, field("code"), field("state"))
  }
}

extension Stage {
  /// The newest entry of a type.
  func lastEntry(_ type: String) throws -> AuditEntry {
    try portal.storage.readNow { db in
      let seq = try AuditSearch(AuditFilter(type: type), in: db).numbers(limit: 1, in: db).first
      let number = try #require(seq)
      return try #require(try AuditStore.entry(number, in: db))
    }
  }

  /// Everybody.
  func people() throws -> [Person] { try portal.storage.readNow { try PersonStore.all(in: $0) } }
}
