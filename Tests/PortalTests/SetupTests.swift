import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// The first administrator of a new data folder.
@Suite struct SetupTests {
  private func form(_ token: String, _ changes: [String: String] = [:]) -> [String: String] {
    [
      "setup_password": token, "login": "Ana", "name": "Ana Example",
      "new_password": Stage.password,
    ].merging(changes) { $1 }
  }

  @Test func `whoever has the token becomes the first administrator, signed in`() async throws {
    let stage = try Stage(hasTeam: false)
    let token = try #require(try stage.portal.beginSetup())
    #expect(token.count == 43)
    let browser = Browser(stage.portal)
    #expect(await browser.get("/setup").text.contains("Become the first administrator"))
    let answer = await browser.post("/setup", form(token))
    #expect(answer.status == .seeOther)
    #expect(answer.headers[.location] == "/setup/checks")
    #expect(answer.headers[.setCookie]?.contains("HttpOnly") == true)
    #expect(try stage.person("ana").role == .administrator)
    #expect(try stage.auditTypes().suffix(2) == ["person.added", "session.started"])
    #expect(await browser.get("/setup").status == .notFound)
    #expect(await browser.post("/setup", form(token, ["login": "eve"])).status == .notFound)
    #expect(try stage.portal.beginSetup() == nil)
    try await browser.signIn(as: "ana")
    await stage.portal.signLog()
    let verdict = try Verifiers.verdict(on: stage.database)
    #expect(verdict.exitCode == 2)
    for (name, data) in try stage.files() {
      #expect(data.range(of: Data(token.utf8)) == nil, "\(name)")
    }
    try await stage.end()
  }

  @Test func `a wrong token makes nobody, and guesses are slowed down`() async throws {
    let stage = try Stage(hasTeam: false)
    let old = try #require(try stage.portal.beginSetup())
    let token = try #require(try stage.portal.beginSetup())
    let browser = Browser(stage.portal)
    for wrong in ["", "x", old] {
      let answer = await browser.post("/setup", form(wrong))
      #expect(answer.status == .unprocessableContent)
      #expect(answer.text.contains("not the token of this start"))
      #expect(answer.text.contains("Ana Example") && !answer.text.contains(Stage.password))
    }
    for _ in 0..<4 { _ = await browser.post("/setup", form("x")) }
    #expect(await browser.post("/setup", form(token)).status == .tooManyRequests)
    stage.clock.advance(ms: Span.hour)
    #expect(await browser.post("/setup", form(token)).status == .seeOther)
    try await stage.end()
  }

  @Test(
    arguments: [
      ("login", "", "Type a login"), ("name", "", "Type a name"),
      ("new_password", "short", "Use at least 15 characters"),
    ])
  func `what is missing is said, and the token is still good`(
    field: String, typed: String, says: String
  ) async throws {
    let stage = try Stage(hasTeam: false)
    let token = try #require(try stage.portal.beginSetup())
    let browser = Browser(stage.portal)
    let answer = await browser.post("/setup", form(token, [field: typed]))
    #expect(answer.status == .unprocessableContent)
    #expect(answer.text.contains(says) && !answer.text.contains(token))
    #expect(await browser.post("/setup", form(token)).status == .seeOther)
    try await stage.end()
  }

  @Test func `of two forms at once one makes the first administrator`() async throws {
    let stage = try Stage(hasTeam: false)
    let token = try #require(try stage.portal.beginSetup())
    let browser = Browser(stage.portal)
    async let one = browser.post("/setup", form(token, ["login": "one"]))
    async let two = browser.post("/setup", form(token, ["login": "two"]))
    let statuses = await [one.status.code, two.status.code].sorted()
    #expect(statuses.first == 303 && statuses.last != 303, "\(statuses)")
    let people = try stage.portal.storage.readNow { try PersonStore.all(in: $0) }
    #expect(people.count == 1)
    try await stage.end()
  }

  @Test func `with people there is no set-up, and no token`() async throws {
    let stage = try Stage()
    #expect(try stage.portal.beginSetup() == nil)
    #expect(await Browser(stage.portal).get("/setup").status == .notFound)
    try await stage.end()
  }
}

/// The live tests of the set-up, against the AWS peer.
extension RunSessionTests {
  @Test func `the set-up names each action that AWS does not allow, and what is not set up`()
    async throws
  {
    try peer.faults(
      #"""
      [{"service": "rds", "operation": "DescribeDBInstances", "status": 403,
        "code": "AccessDenied", "message": "no", "times": 9}]
      """#)
    let stage = try Stage(endpoint: peer.url)
    let page = await (try stage.browser(as: "administrator")).get("/setup/checks").text
    #expect(page.contains("123456789012:user/"))
    #expect(page.contains("role the action “rds:DescribeDBInstances”"))
    #expect(page.contains("AWS: database"))
    #expect(page.contains("github_token_file") && page.contains("ghost_key_file"))
    #expect(page.contains("Does not work") && page.contains("Not set up"))
    #expect(page.contains("Look again"))
    try await stage.end()
  }
}
