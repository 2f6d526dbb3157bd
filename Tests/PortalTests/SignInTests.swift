import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// Who gets in, with what, and what is left of it afterwards.
@Suite struct SignInTests {
  private func signIn(
    _ password: String, from peer: String, forwardedFor: String, on stage: Stage
  ) async throws -> HTTPResponse.Status {
    let forwarded = try #require(HTTPField.Name("X-Forwarded-For"))
    let realIP = try #require(HTTPField.Name("X-Real-IP"))
    return await Browser(stage.portal).send(
      .post, "/session", body: "login=viewer&password=\(percentEncoded(password))",
      extra: [forwarded: forwardedFor, realIP: forwardedFor], peer: peer
    ).status
  }

  private func addresses(_ stage: Stage) throws -> Set<String> {
    try stage.portal.storage.readNow {
      try String.fetchSet($0, sql: "SELECT address FROM sessions")
    }
  }

  @Test func `only a trusted proxy says what address a guess comes from`() async throws {
    let stage = try Stage(trustedProxies: ["10.0.0.1"])
    for (peer, forwarded) in [("10.0.0.1", "192.0.2.7"), ("10.0.0.2", "192.0.2.8")] {
      let status = try await signIn(
        Stage.password, from: peer, forwardedFor: forwarded, on: stage)
      #expect(status == .seeOther)
    }
    // What stands before the last address anybody can write.
    _ = try await signIn(
      Stage.password, from: "10.0.0.1", forwardedFor: "127.0.0.1, 192.0.2.9", on: stage)
    #expect(try addresses(stage) == ["192.0.2.7", "10.0.0.2", "192.0.2.9"])
    try await stage.end()
  }

  @Test func `a new data folder knows nobody`() async throws {
    let stage = try Stage()
    try await stage.portal.close()
    var configuration = stage.portal.configuration
    configuration.dataFolder = stage.folder + "-new"
    let portal = try Portal(
      configuration: configuration, outside: stage.portal.outside, log: Stage.silence,
      passwordScheme: Stage.quickScheme)
    let count = try portal.storage.readNow { try PersonStore.all(in: $0).count }
    #expect(count == 0)
    for login in ["admin", "administrator", "root", "caretaker"] {
      let answer = await Browser(portal).post("/session", ["login": login, "password": login])
      #expect(answer.headers[.setCookie] == nil, "\(login)")
    }
    try await portal.close()
    try? FileManager.default.removeItem(atPath: stage.folder)
    try? FileManager.default.removeItem(atPath: configuration.dataFolder)
  }

  @Test func `each sign-in has a token of its own`() async throws {
    let stage = try Stage()
    var tokens: Set<String> = []
    for _ in 0..<5 {
      let browser = try await stage.browser(as: "viewer")
      tokens.formUnion([browser.cookie, browser.formToken])
    }
    #expect(tokens.count == 10)
    #expect(tokens.allSatisfy { $0.count >= 43 })
    try await stage.end()
  }

  @Test func `signing in ends the session that it comes with`() async throws {
    let stage = try Stage()
    let (browser, kept) = (try await stage.browser(as: "viewer"), Browser(stage.portal))
    kept.cookie = browser.cookie
    #expect(await kept.get("/changes").status == .ok)
    try await browser.signIn(as: "operator")
    #expect(await browser.get("/changes").status == .ok)
    #expect(await kept.get("/changes").status == .seeOther)
    try await stage.end()
  }

  @Test func `another password ends every session`() async throws {
    let stage = try Stage()
    let browsers = [
      try await stage.browser(as: "viewer"), try await stage.browser(as: "viewer"),
    ]
    try stage.accounts().resetPassword(login: "viewer", password: "another long password")
    for browser in browsers { #expect(await browser.get("/changes").status == .seeOther) }
    try await Browser(stage.portal).signIn(as: "viewer", password: "another long password")
    try await stage.end()
  }

  @Test func `who signs in, is refused and signs out is in the log`() async throws {
    let stage = try Stage()
    let before = try stage.auditTypes().count
    _ = await Browser(stage.portal).post("/session", ["login": "viewer", "password": "wrong"])
    let browser = try await stage.browser(as: "viewer")
    let answer = await browser.post("/session/end")
    #expect(
      try stage.auditTypes().dropFirst(before) == [
        "session.refused", "session.started", "session.ended",
      ])
    let clear = try #require(HTTPField.Name("Clear-Site-Data"))
    #expect(answer.headers[clear] == "\"cache\", \"cookies\", \"storage\"")
    #expect(answer.headers[.setCookie]?.contains("Max-Age=0") == true)
    try await stage.end()
  }

  @Test func `the version is told to who is signed in alone`() async throws {
    let stage = try Stage()
    for path in ["/sign-in", "/nope"] {
      let page = await Browser(stage.portal).get(path).text
      #expect(page.contains("Caretaker") && !page.contains("Caretaker \(Portal.version)"))
    }
    let page = await (try stage.browser(as: "viewer")).get("/changes").text
    #expect(page.contains("Caretaker \(Portal.version)"))
    try await stage.end()
  }

  @Test func `text that would end a statement of SQL is text`() async throws {
    let stage = try Stage()
    let viewer = try await stage.browser(as: "viewer")
    for text in [
      "' OR '1'='1", "\"; DROP TABLE people; --", "1) UNION SELECT token_hash--", "%' --",
    ] {
      let answer = await Browser(stage.portal).post(
        "/session", ["login": text, "password": text])
      #expect(answer.status == .unprocessableContent, "\(text)")
      for path in ["/changes?state=", "/todos?owner=", "/deployments?after=", "/images?tag="] {
        let page = await viewer.get(path + percentEncoded(text))
        #expect(page.status != .internalServerError, "\(path)\(text)")
      }
    }
    let people = try stage.portal.storage.readNow { try PersonStore.all(in: $0).count }
    #expect(people == Role.allCases.count * 2)
    try await stage.end()
  }

  @Test func `what goes wrong here is a page with a reference and nothing of the inside`()
    async throws
  {
    let stage = try Stage()
    try stage.portal.storage.writeNow { try $0.execute(sql: "ALTER TABLE themes RENAME TO gone") }
    let browser = try await stage.browser(as: "viewer")
    let page = await browser.get("/themes")
    #expect(page.status == .internalServerError)
    #expect(page.text.contains("Something went wrong here"))
    let reference = try #require(page.text.range(of: "<dt>Reference</dt><dd><code>"))
    #expect(page.text[reference.upperBound...].prefix { $0.isHexDigit }.count == 12)
    for word in ["SELECT", "SQLite", "no such table", "Sources/", ".swift", stage.folder] {
      #expect(!page.text.contains(word), "\(word)")
    }
    #expect(await browser.get("/changes").status == .ok)
    try await stage.end()
  }
}
