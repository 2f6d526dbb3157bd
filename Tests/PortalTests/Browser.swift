import Foundation
import HTTP
import HTTPTypes
import Testing

@testable import Portal

/// A browser without a screen: keeps the cookie, fills in the form token, follows nothing.
///
/// `@unchecked Sendable`: `lock` guards the cookie; `formToken` is set by the one task that signs
/// in, and never changes while several use it.
final class Browser: @unchecked Sendable {
  private let portal: Portal
  private let lock = NSLock()
  private var kept = ""
  var cookie: String {
    get { lock.withLock { kept } }
    set { lock.withLock { kept = newValue } }
  }
  var formToken = ""

  init(_ portal: Portal) { self.portal = portal }

  /// Keeps the cookie of an answer.
  func take(_ response: Response) {
    cookie = response.headers[.setCookie].map { String($0.prefix { $0 != ";" }) } ?? cookie
  }

  func signIn(as login: String, password: String = Stage.password) async throws {
    let response = await post("/session", ["login": login, "password": password])
    try await resume(response)
  }

  /// Goes on in the session that an answer has begun.
  func resume(_ response: Response) async throws {
    let field = try #require(response.headers[.setCookie])
    cookie = String(field.prefix { $0 != ";" })
    try await readToken()
  }

  /// Reads the token that forms of this session carry.
  func readToken() async throws {
    let page = await get("/changes")
    let text = page.text
    let mark = try #require(text.range(of: "name=\"form_token\" value=\""))
    formToken = String(text[mark.upperBound...].prefix { $0 != "\"" })
  }

  func get(_ target: String) async -> Response {
    await send(.get, target, body: "")
  }

  /// Posts a form of this session, as one of our own pages would.
  func post(
    _ target: String, _ fields: [String: String] = [:], token: String? = nil,
    site: String? = "same-origin"
  ) async -> Response {
    var fields = fields
    fields["form_token"] = token ?? formToken
    let body = fields.map { percentEncoded($0.key) + "=" + percentEncoded($0.value) }
      .joined(separator: "&")
    return await send(.post, target, body: body, site: site)
  }

  /// Runs a change, as its page's form does.
  func run(_ number: Int64, typed: String = "") async -> Response {
    await post(
      "/changes/\(number)/execution", ["password": Stage.password, "typed": typed])
  }

  /// Goes on with an unknown run.
  func resume(_ number: Int64) async -> Response {
    await post("/changes/\(number)/resumption", ["password": Stage.password])
  }

  func send(
    _ method: HTTPRequest.Method, _ target: String, body: String, site: String? = "same-origin",
    extra: HTTPFields = [:], peer: String = "127.0.0.1"
  ) async -> Response {
    let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
    var headers = extra
    if !cookie.isEmpty { headers[.cookie] = cookie }
    if let site, let name = HTTPField.Name("Sec-Fetch-Site") { headers[name] = site }
    let response = await portal.respond(
      to: Request(
        method: method, path: parts[0], query: parts.count > 1 ? parts[1] : nil,
        headers: headers, body: Array(body.utf8), peerAddress: peer))
    // Who has shown anew who they are goes on under another token.
    if !cookie.isEmpty { take(response) }
    return response
  }
}

extension Response {
  var text: String { String(decoding: body, as: UTF8.self) }

  /// The value of a hidden field of the page.
  func hidden(_ name: String) throws -> String {
    let mark = try #require(text.range(of: "name=\"\(name)\" value=\""))
    return text[mark.upperBound...].prefix { $0 != "\"" }
      .replacingOccurrences(of: "&amp;", with: "&")
  }
}
