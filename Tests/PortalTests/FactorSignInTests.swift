import Cryptography
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

@Suite struct FactorSignInTests {
  @Test func `password and code together begin a session, with a token of its own`() async throws {
    let stage = try Stage()
    let (app, _) = try await stage.addFactor(by: stage.browser(as: "viewer"))
    let browser = Browser(stage.portal)
    let first = await browser.post(
      "/session", ["login": "viewer", "password": Stage.password, "next": "/audit?x=1"])
    browser.take(first)
    let half = browser.cookie
    #expect(await browser.get("/sign-in/factor").text.contains("Your code"))
    let response = await browser.post(
      "/sign-in/factor", ["code": app.code(at: stage.clock.now)])
    #expect(response.headers[.location] == "/audit?x=1")
    browser.take(response)
    #expect(browser.cookie != half)
    #expect(await browser.get("/resources").status == .ok)
    #expect(try stage.auditTypes().last == "session.started")

    let old = Browser(stage.portal)
    old.take(first)
    #expect(await old.get("/sign-in/factor").headers[.location] == "/sign-in")
    try await stage.end()
  }

  @Test func `no route serves with half a session but the one for the code`() async throws {
    let stage = try Stage()
    let admin = try await stage.browser(as: "administrator")
    _ = try await stage.addFactor(by: admin)
    let browser = try await stage.halfBrowser(as: "administrator")
    let before = try stage.auditTypes().count
    var walked = 0
    for route in Portal.routes where route.access != .everyone {
      let path = route.address(naming: "1")
      // The form token of the whole session of the same person opens nothing either.
      let response =
        route.method == .post
        ? await browser.post(path, token: admin.formToken) : await browser.get(path)
      #expect(response.status == .seeOther, "\(route.name)")
      #expect(response.headers[.location]?.hasPrefix("/sign-in") == true, "\(route.name)")
      walked += 1
    }
    #expect(walked > 60)
    #expect(try stage.auditTypes().count == before)
    #expect(await browser.get("/sign-in/factor").status == .ok)
    try await stage.end()
  }

  @Test func `a used code is answered as a wrong one, and never taken again`() async throws {
    let stage = try Stage()
    let (app, recovery) = try await stage.addFactor(by: stage.browser(as: "viewer"))
    func answer(_ code: String) async throws -> (HTTPResponse.Status, String) {
      let browser = try await stage.halfBrowser(as: "viewer")
      let response = await browser.post("/sign-in/factor", ["code": code])
      return (
        response.status,
        response.text.replacing(/<code data-copy>[0-9a-f]{12}<\/code>/, with: "")
      )
    }
    for code in [app.code(at: stage.clock.now), recovery[0]] {
      #expect(try await answer(code).0 == .seeOther)
      let used = try await answer(code)
      let wrong = try await answer("000000")
      #expect(used.0 == .unprocessableContent)
      #expect(used == wrong)
    }
    #expect(try stage.auditTypes().contains("recovery.used"))
    try await stage.end()
  }

  @Test func `two at once with one code make one session`() async throws {
    let stage = try Stage()
    let (app, _) = try await stage.addFactor(by: stage.browser(as: "viewer"))
    var browsers: [Browser] = []
    for _ in 0..<4 { browsers.append(try await stage.halfBrowser(as: "viewer")) }
    let code = app.code(at: stage.clock.now)
    let begun = await withTaskGroup(of: Bool.self) { group in
      for browser in browsers {
        group.addTask { await browser.post("/sign-in/factor", ["code": code]).status == .seeOther }
      }
      return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(begun == 1)
    try await stage.end()
  }

  @Test func `wrong codes are counted apart from passwords, across all halves`() async throws {
    let stage = try Stage()
    let (app, _) = try await stage.addFactor(by: stage.browser(as: "viewer"))
    for _ in 0...Throttle.free {
      // The right password before each does not start the count afresh.
      let browser = try await stage.halfBrowser(as: "viewer")
      let response = await browser.post("/sign-in/factor", ["code": "000000"])
      #expect(response.status == .unprocessableContent)
    }
    #expect(try stage.auditTypes().last == "session.refused")
    let browser = try await stage.halfBrowser(as: "viewer")
    let code = app.code(at: stage.clock.now)
    let refused = await browser.post("/sign-in/factor", ["code": code])
    #expect(refused.status == .tooManyRequests)
    #expect(refused.headers[.retryAfter] == "10")
    stage.clock.advance(ms: Throttle.firstWaitMs)
    #expect(await browser.post("/sign-in/factor", ["code": code]).status == .seeOther)
    try await stage.end()
  }

  @Test func `half a session lasts five minutes, and ends with a new password`() async throws {
    let stage = try Stage()
    _ = try await stage.addFactor(by: stage.browser(as: "viewer"))
    let late = try await stage.halfBrowser(as: "viewer")
    stage.clock.advance(ms: HalfSessionStore.liveMs - 1)
    #expect(await late.get("/sign-in/factor").status == .ok)
    stage.clock.advance(ms: 1)
    #expect(await late.get("/sign-in/factor").headers[.location] == "/sign-in")
    #expect(await late.post("/sign-in/factor").headers[.location] == "/sign-in")

    let reset = try await stage.halfBrowser(as: "viewer")
    try stage.accounts().resetPassword(login: "viewer", password: "another long password")
    #expect(await reset.get("/sign-in/factor").headers[.location] == "/sign-in")
    try await stage.end()
  }
}
