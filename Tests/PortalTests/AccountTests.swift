import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// One's own password and sessions.
@Suite struct AccountTests {
  private func form(_ current: String, _ new: String) -> [String: String] {
    ["password": current, "new_password": new, "new_password_again": new]
  }

  @Test func `another password needs the present one, ends all sessions, and gives this one anew`()
    async throws
  {
    let stage = try Stage()
    let browser = try await stage.browser(as: "viewer")
    let other = try await stage.browser(as: "viewer")
    let new = "a lantern on the pier"
    let wrong = await browser.post("/account/password", form("wrong", new))
    #expect(wrong.status == .unprocessableContent)
    #expect(wrong.text.contains("The password is not right. Nothing was changed"))
    #expect(try stage.auditTypes().last == "act.refused")
    let same = await browser.post("/account/password", form(Stage.password, Stage.password))
    #expect(same.text.contains("That is the password you have."))
    #expect(await other.get("/account").status == .ok)

    let before = Browser(stage.portal)
    before.cookie = browser.cookie
    let changed = await browser.post("/account/password", form(Stage.password, new))
    #expect(changed.headers[.location] == "/account?said=password-chosen")
    let cookie = try #require(changed.headers[.setCookie]?.prefix { $0 != ";" })
    #expect(cookie != before.cookie)
    #expect(await before.get("/account").status == .seeOther)
    #expect(await other.get("/account").status == .seeOther)
    let renewed = await Browser(stage.portal).send(
      .get, "/account", body: "", extra: [.cookie: String(cookie)])
    #expect(renewed.status == .ok)
    try await Browser(stage.portal).signIn(as: "viewer", password: new)
    #expect(try stage.auditTypes().contains("person.password_chosen"))
    try await stage.end()
  }

  @Test func `guesses at the present password are counted like those at sign-in`() async throws {
    let stage = try Stage()
    let browser = try await stage.browser(as: "viewer")
    for _ in 0...Throttle.free {
      _ = await browser.post("/account/password", form("wrong", "a lantern on the pier"))
    }
    let refused = await browser.post(
      "/account/password", form(Stage.password, "a lantern on the pier"))
    #expect(refused.status == .tooManyRequests)
    try await stage.end()
  }

  @Test func `one ends one session of one's own, or all others, and nobody else's`() async throws {
    let stage = try Stage()
    let here = try await stage.browser(as: "viewer")
    let (phone, desk) = (
      try await stage.browser(as: "viewer"), try await stage.browser(as: "viewer")
    )
    let stranger = try await stage.browser(as: "operator")
    let ids = try ["viewer", "operator"].map { try stage.person($0).id }
    let marks = try stage.portal.storage.readNow { db in
      try ids.map { try SessionStore.open(of: $0, at: stage.clock.now, in: db).map(\.mark) }
    }
    #expect(marks[0].count == 3)
    let page = await here.get("/account").text
    #expect(page.components(separatedBy: "This one").count == 2)
    let mine = try #require(marks[0].first { !page.contains("/account/sessions/\($0)/end") })
    #expect(await here.post("/account/sessions/\(marks[1][0])/end").status == .notFound)
    #expect(await here.post("/account/sessions/\(mine)/end").status == .notFound)
    let ended = try #require(marks[0].first { $0 != mine })
    #expect(await here.post("/account/sessions/\(ended)/end").status == .seeOther)
    let left = [await phone.get("/account").status, await desk.get("/account").status]
    #expect(left.filter { $0 == .ok }.count == 1)
    #expect(await here.post("/account/sessions/end").status == .seeOther)
    #expect(await phone.get("/account").status == .seeOther)
    #expect(await desk.get("/account").status == .seeOther)
    #expect(await here.get("/account").status == .ok)
    #expect(await stranger.get("/account").status == .ok)

    let admin = try await stage.browser(as: "administrator")
    let id = try stage.person("viewer").id
    #expect(await admin.post("/people/\(id)/sessions/end").status == .seeOther)
    #expect(await here.get("/account").status == .seeOther)
    #expect(try stage.auditTypes().filter { $0 == "session.closed" }.count == 3)
    try await stage.end()
  }

  @Test func `another role ends the sessions of before`() async throws {
    let stage = try Stage()
    let viewer = try await stage.browser(as: "viewer")
    let id = try stage.person("viewer").id
    let number = try await Proposals.propose(
      "kind=person.role&person=\(id)&role=operator", reason: "more work", on: stage)
    try await stage.portal.storage.write { [now = stage.clock.now] db in
      try RoleChange.perform(ChangeStore.find(number, in: db).plan, at: now, in: db)
    }
    #expect(await viewer.get("/account").status == .seeOther)
    #expect(
      try stage.auditTypes().suffix(2).elementsEqual(["person.role_changed", "session.closed"]))
    try await stage.end()
  }
}
