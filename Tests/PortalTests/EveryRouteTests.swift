import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

extension Route {
  /// An address of it; its ids name nothing, where no other is given.
  func address(naming id: String = "999") -> String {
    pattern.split(separator: "/", omittingEmptySubsequences: false)
      .map { $0.hasPrefix(":") ? id : String($0) }.joined(separator: "/")
  }
}

/// Walks the route table: a new route is tested here before anybody remembers to.
@Suite struct EveryRouteTests {
  private func send(_ route: Route, by browser: Browser) async -> Response {
    route.method == .post
      ? await browser.post(route.address()) : await browser.get(route.address())
  }

  private var guarded: [(Route, Permission)] {
    Portal.routes.compactMap { route in
      if case .only(let permission) = route.access { (route, permission) } else { nil }
    }
  }

  @Test func `only signing in, secret links, set-up and readiness are open to everyone`() {
    let open = Portal.routes.filter { $0.access == .everyone }.map(\.name)
    #expect(
      open == [
        "GET /sign-in", "POST /session", "GET /sign-in/factor", "POST /sign-in/factor",
        "POST /sign-in/openid", "GET /sign-in/openid/answer",
        "POST /sign-in/passkey",
        "GET /invitations/:token", "POST /invitations/:token", "GET /setup", "POST /setup",
        "GET /readyz", "GET /calendars/:key",
      ])
    #expect(guarded.count >= 14)
  }

  @Test func `signed out, every other route leads to the sign-in page and leaves no entry`()
    async throws
  {
    let stage = try Stage()
    let before = try stage.auditTypes().count
    for (route, _) in guarded {
      let response = await send(route, by: Browser(stage.portal))
      #expect(response.status == .seeOther, "\(route.name)")
      #expect(response.headers[.location]?.hasPrefix("/sign-in") == true, "\(route.name)")
    }
    #expect(try stage.auditTypes().count == before)
    try await stage.end()
  }

  /// How somebody with a session stands who may use none of it.
  enum HalfState: String, CaseIterable {
    case noted, invited, disabled, idle, old

    func bring(about person: Int64, on stage: Stage, in db: Database) throws {
      let sql =
        switch self {
        case .noted:
          "UPDATE people SET noted_at = 1, disabled_at = 1, password_hash = '' WHERE id = ?"
        case .invited: "UPDATE people SET password_hash = '', password_at = 0 WHERE id = ?"
        case .disabled: "UPDATE people SET disabled_at = 1 WHERE id = ?"
        case .idle:
          "UPDATE sessions SET seen_at = seen_at - \(SessionStore.idleMs) WHERE person_id = ?"
        case .old:
          "UPDATE sessions SET ends_at = ends_at - \(SessionStore.absoluteMs) WHERE person_id = ?"
        }
      try db.execute(sql: sql, arguments: [person])
    }
  }

  @Test(arguments: HalfState.allCases)
  func `a session of somebody not let in, disabled or away too long opens no route`(
    state: HalfState
  ) async throws {
    let stage = try Stage()
    let browser = try await stage.browser(as: "administrator")
    let id = try stage.person("administrator").id
    try await stage.portal.storage.write { try state.bring(about: id, on: stage, in: $0) }
    let before = try stage.auditTypes().count
    for (route, _) in guarded {
      let response = await send(route, by: browser)
      #expect(response.status == .seeOther, "\(route.name)")
      #expect(response.headers[.location]?.hasPrefix("/sign-in") == true, "\(route.name)")
    }
    #expect(try stage.auditTypes().count == before)
    #expect(await browser.get("/sign-in").text.contains("<h1>Sign in</h1>"))
    try await stage.end()
  }

  @Test func `where a second factor is needed, who has none is led to add one, whatever they ask`()
    async throws
  {
    let stage = try Stage(requiresFactor: true)
    let browser = Browser(stage.portal)
    let answer = await browser.post(
      "/session", ["login": "administrator", "password": Stage.password])
    browser.take(answer)
    let page = await browser.get("/account/factors")
    #expect(page.text.contains("A second factor is needed here."))
    browser.formToken = try page.hidden("form_token")
    for (route, _) in guarded where !route.servesWithoutFactor {
      stage.clock.advance(ms: stage.portal.pageLimit.refillMs)
      let response = await send(route, by: browser)
      #expect(response.headers[.location] == "/account/factors", "\(route.name)")
    }
    _ = try await stage.addFactor(by: browser)
    #expect(await browser.get("/changes").status == .ok)
    try await stage.end()
  }

  @Test func `each role too low is refused, and the refusal is in the log`() async throws {
    let stage = try Stage()
    var refusals = 0
    for role in Role.allCases {
      let browser = try await stage.browser(as: role.rawValue)
      for (route, permission) in guarded where !role.permissions.contains(permission) {
        let before = try stage.auditTypes()
        let response = await send(route, by: browser)
        #expect(response.status == .forbidden, "\(role) \(route.name)")
        #expect(response.text.contains("Your role does not let you"), "\(role) \(route.name)")
        #expect(try stage.auditTypes() == before + ["access.refused"], "\(role) \(route.name)")
        refusals += 1
      }
    }
    #expect(refusals >= 17)
    try await stage.end()
  }

  @Test func `each role that may is not refused`() async throws {
    let stage = try Stage()
    for role in Role.allCases {
      let browser = try await stage.browser(as: role.rawValue)
      for (route, permission) in guarded
      where role.permissions.contains(permission) && route.name != "POST /session/end" {
        let response = await send(route, by: browser)
        #expect(response.status != .forbidden, "\(role) \(route.name)")
        #expect(response.status != .tooManyRequests, "\(role) \(route.name)")
        #expect(response.status != .internalServerError, "\(role) \(route.name)")
      }
    }
    try await stage.end()
  }

  @Test func `a post with a wrong, an old or no token is refused, and the refusal is in the log`()
    async throws
  {
    let stage = try Stage()
    let browser = try await stage.browser(as: "administrator")
    let other = try await stage.browser(as: "administrator")
    for (route, _) in guarded where route.method == .post {
      for token in ["", "x", other.formToken] {
        let before = try stage.auditTypes()
        stage.clock.advance(ms: stage.portal.pageLimit.refillMs)
        let response = await browser.post(route.address(), token: token)
        #expect(response.status == .forbidden, "\(route.name)")
        #expect(try stage.auditTypes() == before + ["access.refused"], "\(route.name)")
      }
    }
    try await stage.end()
  }

  @Test(arguments: ["cross-site", "same-site", "none", "nonsense"])
  func `a post from another site's page is refused, even with the token`(site: String)
    async throws
  {
    let stage = try Stage()
    let browser = try await stage.browser(as: "administrator")
    for route in Portal.routes where route.method == .post {
      let response = await browser.post(route.address(), site: site)
      #expect(response.status == .forbidden, "\(route.name)")
    }
    try await stage.end()
  }

  @Test func `without Sec-Fetch-Site the Origin decides, and neither is a refusal`() async throws {
    let stage = try Stage()
    let browser = try await stage.browser(as: "operator")
    let body = "form_token=\(browser.formToken)"
    func post(_ headers: HTTPFields) async -> HTTPResponse.Status {
      await browser.send(
        .post, "/changes/999/withdrawal", body: body, site: nil, extra: headers
      ).status
    }
    let host = try #require(HTTPField.Name("Host"))
    #expect(await post([:]) == .forbidden)
    #expect(await post([host: "a.example", .origin: "http://b.example"]) == .forbidden)
    #expect(await post([host: "a.example", .origin: "null"]) == .forbidden)
    #expect(await post([host: "a.example", .origin: "https://a.example"]) == .forbidden)
    #expect(await post([host: "a.example", .origin: "http://a.example"]) == .notFound)
    try await stage.end()
  }

  @Test func `every method that a route does not take is 405 with Allow`() async throws {
    let stage = try Stage()
    let browser = try await stage.browser(as: "administrator")
    for pattern in Set(Portal.routes.map(\.pattern)) {
      let routes = Portal.routes.filter { $0.pattern == pattern }
      let taken = Set(
        routes.flatMap { $0.method == .get ? ["GET", "HEAD"] : [$0.method.rawValue] })
      for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
      where !taken.contains(method) {
        stage.clock.advance(ms: stage.portal.pageLimit.refillMs)
        let verb = try #require(HTTPRequest.Method(method))
        let response = await browser.send(verb, routes[0].address(), body: "")
        #expect(response.status == .methodNotAllowed, "\(method) \(pattern)")
        #expect(
          response.headers[.allow] == taken.sorted().joined(separator: ", "),
          "\(method) \(pattern)")
      }
    }
    try await stage.end()
  }

  @Test(arguments: ["/nope", "/changes/", "/Changes", "/resource/x", "/changes/1/approval/x"])
  func `an address that no route has is 404 before any handler`(path: String) async throws {
    let stage = try Stage()
    #expect(await Browser(stage.portal).get(path).status == .notFound)
    let browser = try await stage.browser(as: "administrator")
    #expect(await browser.get(path).status == .notFound)
    try await stage.end()
  }

  @Test(arguments: ["0", "-1", "01", "1x", "999999999999999999999", "%31"])
  func `a number that is not one names nothing`(number: String) async throws {
    let stage = try Stage()
    let browser = try await stage.browser(as: "viewer")
    #expect(await browser.get("/changes/\(number)").status == .notFound)
    try await stage.end()
  }

  @Test func `getting any page twice changes nothing in the database`() async throws {
    let stage = try Stage()
    let browser = try await stage.browser(as: "administrator")
    func rows() throws -> [Int] {
      try stage.portal.storage.readNow { db in
        try [
          "audit", "changes", "plans", "votes", "sessions", "people", "steps", "locks", "reviews",
          "review_periods",
        ].map {
          try Int.fetchOne(db, sql: "SELECT count(*) FROM \($0)") ?? 0
        }
      }
    }
    let before = try rows()
    for route in Portal.routes where route.method == .get {
      for _ in 0..<2 {
        stage.clock.advance(ms: stage.portal.pageLimit.refillMs)
        #expect(await browser.get(route.address()).status != .tooManyRequests, "\(route.name)")
      }
    }
    #expect(try rows() == before)
    try await stage.end()
  }
}
