import Cryptography
import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

@Suite struct SessionTests {
  @Test func `signing in gives a cookie that scripts can't read, and the start page`() async throws
  {
    let stage = try Stage()
    let response = await Browser(stage.portal).post(
      "/session", ["login": "viewer", "password": Stage.password])
    #expect(response.status == .seeOther)
    #expect(response.headers[.location] == "/")
    let cookie = try #require(response.headers[.setCookie])
    #expect(cookie.hasPrefix("caretaker="))
    #expect(cookie.hasSuffix("; Path=/; HttpOnly; SameSite=Lax"))
    try await stage.end()
  }

  @Test func `behind a trusted proxy with https the cookie is secure and bound to the host`()
    async throws
  {
    let stage = try Stage(trustedProxies: ["10.0.0.1"])
    let proto = try #require(HTTPField.Name("X-Forwarded-Proto"))
    func cookie(peer: String) async -> String? {
      await Browser(stage.portal).send(
        .post, "/session", body: "login=viewer&password=\(percentEncoded(Stage.password))",
        extra: [proto: "https"], peer: peer
      ).headers[.setCookie]
    }
    #expect(await cookie(peer: "10.0.0.1")?.hasPrefix("__Host-caretaker=") == true)
    #expect(await cookie(peer: "10.0.0.1")?.contains("; Secure") == true)
    #expect(await cookie(peer: "10.0.0.2")?.hasPrefix("caretaker=") == true)
    try await stage.end()
  }

  @Test func `a name is the same name in capitals, with spaces and in other Unicode forms`()
    async throws
  {
    let stage = try Stage()
    for login in ["VIEWER", " viewer ", "ｖｉｅｗｅｒ", "Viewer\t"] {
      let browser = Browser(stage.portal)
      try await browser.signIn(as: login)
      #expect(await browser.get("/resources").status == .ok, "\(login)")
    }
    try await stage.end()
  }

  @Test func `an unknown name, a wrong password and a disabled person get the same page`()
    async throws
  {
    let stage = try Stage()
    try stage.portal.storage.writeNow { db in
      let person = try #require(try PersonStore.find(login: "auditor", in: db))
      try PersonStore.disable(person.person.id, at: stage.clock.now, in: db)
    }
    func page(_ login: String, _ password: String) async -> String {
      let response = await Browser(stage.portal).post(
        "/session", ["login": login, "password": password])
      #expect(response.status == .unprocessableContent)
      #expect(response.headers[.setCookie] == nil)
      return response.text.replacingOccurrences(of: login, with: "NAME")
        .replacingOccurrences(
          of: "<code data-copy>[0-9a-f]{12}</code>", with: "", options: .regularExpression)
    }
    let wrong = await page("viewer", "wrong password, sorry")
    #expect(await page("nobody", Stage.password) == wrong)
    #expect(await page("auditor", Stage.password) == wrong)
    try await stage.end()
  }

  @Test func `wrong passwords make every spelling of the name wait, and a right one too`()
    async throws
  {
    let stage = try Stage()
    let spellings = ["viewer", "VIEWER", " viewer", "ｖｉｅｗｅｒ"]
    for attempt in 0...Throttle.free {
      let response = await Browser(stage.portal).post(
        "/session", ["login": spellings[attempt % 4], "password": "wrong"])
      #expect(response.status == .unprocessableContent)
    }
    let right = ["login": "viewer", "password": Stage.password]
    let refused = await Browser(stage.portal).post("/session", right)
    #expect(refused.status == .tooManyRequests)
    #expect(refused.headers[.retryAfter] == "10")
    stage.clock.advance(ms: Throttle.firstWaitMs)
    #expect(await Browser(stage.portal).post("/session", right).status == .seeOther)
    try await stage.end()
  }

  @Test func `a hundred guesses sent at once are not a hundred guesses`() async throws {
    let stage = try Stage()
    let looked = await withTaskGroup(of: HTTPResponse.Status.self) { group in
      for _ in 0..<100 {
        group.addTask {
          await Browser(stage.portal).post(
            "/session", ["login": "viewer", "password": "wrong"]
          ).status
        }
      }
      return await group.reduce(into: 0) { $0 += $1 == .unprocessableContent ? 1 : 0 }
    }
    #expect(looked == Throttle.free + 1)
    try await stage.end()
  }

  @Test func `guesses by a clock that was ahead lock nobody out once it is right`() async throws {
    let stage = try Stage()
    stage.clock.advance(ms: 365 * Span.day)
    let wrong = ["login": "viewer", "password": "wrong"]
    for _ in 0...Throttle.free { _ = await Browser(stage.portal).post("/session", wrong) }
    stage.clock.advance(ms: -365 * Span.day)
    // One try, and from then on they wait as before.
    #expect(await Browser(stage.portal).post("/session", wrong).status == .unprocessableContent)
    #expect(await Browser(stage.portal).post("/session", wrong).status == .tooManyRequests)
    stage.clock.advance(ms: 2 * Throttle.firstWaitMs)
    let right = ["login": "viewer", "password": Stage.password]
    #expect(await Browser(stage.portal).post("/session", right).status == .seeOther)
    try await stage.end()
  }

  @Test func `of two tries at once the one that is counted last does not wait`() async throws {
    let stage = try Stage()
    let waits = try stage.portal.storage.writeNow { [now = stage.clock.now] db in
      try [now, now.adding(ms: -3)].map { try Throttle.attempt(["person:1"], at: $0, in: db) }
    }
    #expect(waits == [0, 0])
    try await stage.end()
  }

  @Test func `a session ends when it is idle, when it is old, and when its person is disabled`()
    async throws
  {
    let stage = try Stage()
    let idle = try await stage.browser(as: "viewer")
    stage.clock.advance(ms: SessionStore.idleMs - 1)
    #expect(await idle.get("/resources").status == .ok)
    stage.clock.advance(ms: SessionStore.idleMs)
    #expect(await idle.get("/resources").status == .seeOther)

    let busy = try await stage.browser(as: "viewer")
    let step = SessionStore.idleMs / 2
    for _ in 0..<(SessionStore.absoluteMs / step - 1) {
      stage.clock.advance(ms: step)
      #expect(await busy.get("/resources").status == .ok)
    }
    stage.clock.advance(ms: step)
    #expect(await busy.get("/resources").status == .seeOther)

    let disabled = try await stage.browser(as: "operator")
    try stage.portal.storage.writeNow { db in
      try db.execute(sql: "UPDATE people SET disabled_at = 1 WHERE login = 'operator'")
    }
    #expect(await disabled.get("/resources").status == .seeOther)
    try await stage.end()
  }

  @Test func `a session does not live longer by as much as the clock is set back`() async throws {
    let stage = try Stage()
    let browser = try await stage.browser(as: "viewer")
    stage.clock.advance(ms: -30 * Span.second)
    #expect(await browser.get("/resources").status == .ok)
    stage.clock.advance(ms: -2 * Span.day)
    #expect(await browser.get("/resources").status == .seeOther)
    try await stage.end()
  }

  @Test func `signing out ends the session on the server`() async throws {
    let stage = try Stage()
    let browser = try await stage.browser(as: "viewer")
    let response = await browser.post("/session/end")
    #expect(response.status == .seeOther)
    #expect(response.headers[.setCookie]?.contains("Max-Age=0") == true)
    #expect(await browser.get("/resources").status == .seeOther)
    #expect(try stage.auditTypes().last == "session.ended")
    try await stage.end()
  }

  @Test func `the database holds neither passwords nor tokens`() async throws {
    let stage = try Stage()
    let browser = try await stage.browser(as: "viewer")
    let token = String(browser.cookie.drop { $0 != "=" }.dropFirst())
    var files = try stage.files()
    files["lock"] = nil
    #expect(files["caretaker.sqlite"] != nil)
    for data in files.values {
      #expect(data.range(of: Data(token.utf8)) == nil)
      #expect(data.range(of: Data(Stage.password.utf8)) == nil)
    }
    try await stage.end()
  }

  @Test func `a hash of other parameters is replaced at the next right password`() async throws {
    let stage = try Stage()
    let older = PasswordHash(memoryKiB: 32, iterations: 2, lanes: 1)
    let salt = [UInt8](repeating: 7, count: PasswordHash.recommendedSaltLength)
    let hash = try older.hash(Array(Stage.password.utf8), salt: salt)
    let id = try stage.person("viewer").id
    try stage.portal.storage.writeNow { try PersonStore.rehash(id, hash: hash, in: $0) }
    let first = try await stage.browser(as: "viewer")
    #expect(await first.get("/resources").status == .ok)
    let stored = try stage.portal.storage.readNow { try PersonStore.passwordHash(of: id, in: $0) }
    #expect(stored != hash)
    #expect(Stage.quickScheme.needsRehash(try #require(stored)) == false)
    _ = try await stage.browser(as: "viewer")
    try await stage.end()
  }

  @Test(arguments: [
    "//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)",
    "/a b", "/\u{1}", "",
  ])
  func `signing in leads only to pages of ours`(next: String) async throws {
    let stage = try Stage()
    let response = await Browser(stage.portal).post(
      "/session", ["login": "viewer", "password": Stage.password, "next": next])
    #expect(response.headers[.location] == "/")
    try await stage.end()
  }

  @Test func `signing in leads back to the page that was asked for`() async throws {
    let stage = try Stage()
    let asked = await Browser(stage.portal).get("/changes?state=open")
    #expect(asked.headers[.location] == "/sign-in?next=%2Fchanges%3Fstate%3Dopen")
    let response = await Browser(stage.portal).post(
      "/session",
      ["login": "viewer", "password": Stage.password, "next": "/changes?state=open"])
    #expect(response.headers[.location] == "/changes?state=open")
    try await stage.end()
  }
}
