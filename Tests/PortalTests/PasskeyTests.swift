import Cryptography
import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules
import SoftwareAuthenticator
import Testing

@testable import Portal

/// Passkeys on the page of second factors.
@Suite struct PasskeyTests {
  private static let path = "/account/factors/passkeys"

  private func count(_ stage: Stage) throws -> Int {
    try stage.portal.storage.readNow { db in
      try Int.fetchOne(db, sql: "SELECT count(*) FROM passkeys") ?? 0
    }
  }

  @Test func `a passkey is added with the password, and ten recovery codes are shown once`()
    async throws
  {
    let stage = try Stage.withAddress()
    let browser = try await stage.browser(as: "viewer")
    let other = try await stage.browser(as: "viewer")
    let (_, recovery) = try await stage.addPasskey(of: "viewer", by: browser)
    #expect(Set(recovery).count == 10)
    #expect(try stage.auditTypes().suffix(2) == ["session.closed", "factor.added"])
    let entry = try stage.portal.storage.readNow { db in
      try AuditStore.entry(AuditStore.head(in: db).count, in: db)
    }
    #expect(entry?.data["kind"]?.text == "passkey")
    let page = await browser.get("/account/factors").text
    #expect(page.contains("You sign in with a passkey. 10 recovery codes are left."))
    #expect(page.contains("laptop") && !page.contains(recovery[0]))
    #expect(await other.get("/account").status == .seeOther, "its session has ended")
    try await stage.end()
  }

  @Test func `nothing is added without the password, a name, or the right passkey`() async throws {
    let stage = try Stage.withAddress()
    let browser = try await stage.browser(as: "viewer")
    let ring = PasskeyRing(of: try stage.person("viewer"))
    var elsewhere = ring
    elsewhere.authenticator.origin = "https://caretaker.example.org"
    var absent = ring
    absent.authenticator.flags = 0b001
    func add(_ fields: [String: String], by browser: Browser) async -> HTTPResponse.Status {
      await browser.post(Self.path, fields).status
    }
    func fields(_ made: String, label: String = "key") -> [String: String] {
      ["label": label, "password": Stage.password, "new_passkey": made]
    }
    func offer(_ browser: Browser) async throws -> String {
      try await browser.get("/account/factors").offer("new_passkey")
    }
    let good = ring.made(try await offer(browser))
    var wrong = fields(good)
    wrong["password"] = "wrong"
    #expect(await add(wrong, by: browser) == .unprocessableContent)
    #expect(try stage.auditTypes().last == "act.refused")
    for form in [
      fields(good, label: ""), fields(good, label: String(repeating: "x", count: 61)), fields(""),
      fields("x"), fields(good + ".AA"), fields(elsewhere.made(try await offer(browser))),
      fields(absent.made(try await offer(browser))),
      fields(ring.made(try await offer(browser), at: "/account/factors")),
    ] {
      #expect(await add(form, by: browser) == .unprocessableContent)
    }
    let secret = fields(good, label: "password=hunter2hunter2")
    #expect(await add(secret, by: browser) == .conflict)
    let stranger = try await stage.browser(as: "operator")
    #expect(await add(fields(good), by: stranger) == .unprocessableContent, "made for another")
    stage.clock.advance(ms: PasskeyOffer.liveMs)
    #expect(await add(fields(good), by: browser) == .unprocessableContent, "too old")
    #expect(try count(stage) == 0)
    try await stage.end()
  }

  @Test func `one that somebody has already, or an eleventh, is not added`() async throws {
    let stage = try Stage.withAddress()
    let browser = try await stage.browser(as: "viewer")
    let (ring, _) = try await stage.addPasskey(of: "viewer", by: browser)
    let stranger = try await stage.browser(as: "operator")
    let page = await stranger.get("/account/factors")
    let again = [
      "label": "mine", "password": Stage.password,
      "new_passkey": ring.made(try page.offer("new_passkey")),
    ]
    #expect(await stranger.post(Self.path, again).status == .unprocessableContent)
    #expect(try count(stage) == 1)
    try stage.portal.storage.writeNow { db in
      for number in 2...PasskeyStore.countMax {
        #expect(
          try PasskeyStore.insert(
            credential: [UInt8(number)], of: ring.person, key: [], counter: 0, label: "x",
            at: stage.clock.now, in: db))
      }
      let one = try PasskeyStore.insert(
        credential: [0], of: ring.person, key: [], counter: 0, label: "x", at: stage.clock.now,
        in: db)
      #expect(!one)
    }
    let response = await browser.post(Self.path, ["label": "x"])
    #expect(response.text.contains("You have 10 passkeys"))
    try await stage.end()
  }

  @Test func `who has a passkey shows it to add an app, and who has an app a code`() async throws {
    let stage = try Stage.withAddress()
    let browser = try await stage.browser(as: "viewer")
    let (ring, recovery) = try await stage.addPasskey(of: "viewer", by: browser)
    let page = await browser.get("/account/factors")
    let app = try Stage.app(offeredOn: page)
    var fields = [
      "offer": try page.hidden("offer"), "code": app.code(at: stage.clock.now),
      "password": Stage.password,
    ]
    #expect(await browser.post("/account/factors", fields).status == .unprocessableContent)
    fields["passkey"] = ring.answer(try page.offer(), to: "/account/factors")
    let added = await browser.post("/account/factors", fields)
    #expect(added.status == .ok && Stage.recoveryCodes(on: added).isEmpty, "those before stay")
    let both = await browser.get("/account/factors")
    #expect(both.text.contains("with a passkey, or with your password and a code. 10 recovery"))

    var second = PasskeyRing(of: try stage.person("viewer"), id: "second")
    second.authenticator.counter = 1
    stage.clock.advance(ms: OneTimeCode.stepMs)
    let answer = await browser.post(
      Self.path,
      [
        "label": "key", "code": app.code(at: stage.clock.now),
        "new_passkey": second.made(try both.offer("new_passkey")),
      ])
    #expect(answer.headers[.location] == "/account/factors?said=passkey-added")

    let half = try await stage.halfBrowser(as: "viewer")
    #expect(await half.post("/sign-in/factor", ["code": recovery[0]]).status == .seeOther)
    try stage.accounts().removeFactor(login: "viewer")
    #expect(
      try stage.auditTypes().suffix(3) == ["factor.removed", "factor.removed", "factor.removed"])
    #expect(try count(stage) == 0)
    try await Browser(stage.portal).signIn(as: "viewer")
    try await stage.end()
  }

  @Test func `removing needs the password and a factor, and the last one a strong password`()
    async throws
  {
    let stage = try Stage.withAddress()
    let browser = try await stage.browser(as: "viewer")
    let (ring, recovery) = try await stage.addPasskey(of: "viewer", by: browser)
    let number = try stage.portal.storage.readNow { db in
      try String(#require(try PasskeyStore.all(of: ring.person, in: db).first).id)
    }
    func remove(_ fields: [String: String]) async -> Response {
      await browser.post(
        Self.path + "/end", ["removed": number, "password": Stage.password].merging(fields) { $1 })
    }
    let offer = try await browser.get("/account/factors").offer()
    let answer = ring.answer(offer, to: Self.path + "/end")
    #expect(await remove(["passkey": answer, "password": "wrong"]).status == .unprocessableContent)
    #expect(await remove([:]).status == .unprocessableContent)
    #expect(await remove(["code": "000000"]).status == .unprocessableContent)
    #expect(await remove(["removed": "0"]).headers[.location] == "/account/factors")

    let weak = try stage.portal.passwords.hash("eight ch")
    try stage.portal.storage.writeNow { db in
      try db.execute(
        sql: "UPDATE people SET password_hash = ? WHERE id = ?", arguments: [weak, ring.person])
    }
    let refused = await remove(["passkey": answer, "password": "eight ch"])
    #expect(refused.text.contains("your password stands alone"))
    let strong = try stage.portal.passwords.hash(Stage.password)
    try stage.portal.storage.writeNow { db in
      try db.execute(
        sql: "UPDATE people SET password_hash = ? WHERE id = ?", arguments: [strong, ring.person])
    }
    let half = try await stage.halfBrowser(as: "viewer")
    #expect(
      await remove(["code": recovery[0]]).headers[.location]?.contains("factor-removed") == true)
    #expect(try stage.auditTypes().last == "factor.removed")
    #expect(await half.get("/sign-in/factor").headers[.location] == "/sign-in")
    #expect(await browser.get("/account/factors").text.contains("Your password alone signs you in"))
    try await stage.end()
  }

  @Test func `of two factors removed at once, the second stays as if it were the last`()
    async throws
  {
    let stage = try Stage.withAddress()
    let browser = try await stage.browser(as: "viewer")
    let (ring, _) = try await stage.addPasskey(of: "viewer", by: browser)
    #expect(throws: Refusal.self) {
      try stage.portal.storage.writeNow { db in
        for passkey in try PasskeyStore.all(of: ring.person, in: db) {
          _ = try PasskeyStore.remove(passkey.id, of: ring.person, in: db)
        }
        try FactorStore.removeStandIns(of: ring.person, isLast: false, in: db)
      }
    }
    #expect(try count(stage) == 1)
    try await stage.end()
  }

  @Test func `where browsers make none, the pages say so and offer none`() async throws {
    let stage = try Stage()
    #expect(!(await Browser(stage.portal).get("/sign-in").text.contains("/sign-in/passkey")))
    let browser = try await stage.browser(as: "viewer")
    let host = try #require(HTTPField.Name("Host"))
    for (reached, isThere) in [("192.0.2.1:8080", false), ("localhost:8080", true)] {
      let page = await browser.send(
        .get, "/account/factors", body: "", extra: [host: reached]
      ).text
      #expect(page.contains("name=\"new_passkey\"") == isThere)
      #expect(page.contains("Browsers make passkeys only for a site with a name") != isThere)
    }
    try await stage.end()
    let named = try Stage.withAddress()
    let page = await (try await named.browser(as: "viewer")).send(
      .get, "/account/factors", body: "", extra: [host: "localhost:8080"])
    #expect(page.text.contains("for https://caretaker.example.com alone. Open Caretaker there"))
    try await named.end()
  }
}
