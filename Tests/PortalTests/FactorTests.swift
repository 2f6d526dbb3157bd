import Cryptography
import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

@Suite struct FactorTests {
  @Test
  func `a factor is added with a code and the password, and ten recovery codes are shown once`()
    async throws
  {
    let stage = try Stage()
    let browser = try await stage.browser(as: "viewer")
    let other = try await stage.browser(as: "viewer")
    let (_, recovery) = try await stage.addFactor(by: browser)
    #expect(Set(recovery).count == 10)
    #expect(try stage.auditTypes().last == "factor.added")

    let page = await browser.get("/account/factors").text
    #expect(page.contains("You sign in with your password and a code. 10 recovery codes are left."))
    #expect(!page.contains(recovery[0]) && !page.contains("otpauth:"))
    #expect(await other.get("/account/factors").status == .seeOther, "its session has ended")

    let again = await browser.post("/account/factors", ["offer": "", "code": "", "password": ""])
    #expect(again.headers[.location] == "/account/factors")
    try await stage.end()
  }

  @Test func `without the password or the code nothing is added, and the secret stays the same`()
    async throws
  {
    let stage = try Stage()
    let browser = try await stage.browser(as: "viewer")
    let page = await browser.get("/account/factors")
    let app = try Stage.app(offeredOn: page)
    let offer = try page.hidden("offer")
    let code = app.code(at: stage.clock.now)
    for fields in [
      ["offer": offer, "code": code, "password": "wrong"],
      ["offer": offer, "code": "000000", "password": Stage.password],
    ] {
      let response = await browser.post("/account/factors", fields)
      #expect(response.status == .unprocessableContent)
      #expect(try response.hidden("offer") == offer)
      #expect(try stage.auditTypes().last == "act.refused")
    }
    // An offer is one person's, and for a quarter of an hour.
    let stranger = try await stage.browser(as: "operator")
    let fields = ["offer": offer, "code": code, "password": Stage.password]
    #expect(await stranger.post("/account/factors", fields).status == .unprocessableContent)
    stage.clock.advance(ms: FactorKey.offerMs + 1)
    let late = await browser.post("/account/factors", fields)
    #expect(late.text.contains("That secret was offered too long ago"))
    #expect(try stage.portal.storage.readNow { try FactorStore.all(in: $0) }.isEmpty)
    try await stage.end()
  }

  @Test func `neither secret nor recovery codes are in any file in the clear`() async throws {
    let stage = try Stage()
    let (app, recovery) = try await stage.addFactor(by: stage.browser(as: "viewer"))
    let letters = recovery[0].filter { $0 != "-" }.uppercased()
    let code = try #require(Base32.decode(letters))
    for (name, data) in try stage.files() {
      for hidden in [
        Data(app.secret.bytes), Data(Base32.encode(app.secret.bytes).utf8), Data(code),
        Data(recovery[0].utf8), Data(letters.utf8),
      ] {
        #expect(data.range(of: hidden) == nil, "\(name)")
      }
    }
    try await stage.end()
  }

  @Test func `a flipped bit of a stored secret refuses its code`() async throws {
    let stage = try Stage()
    let (app, _) = try await stage.addFactor(by: stage.browser(as: "viewer"))
    try stage.portal.storage.writeNow { db in
      let stored = try #require(try FactorStore.all(in: db).first)
      var secret = stored.secret
      secret[20] ^= 1
      try db.execute(sql: "UPDATE factors SET secret = ?", arguments: [Data(secret)])
    }
    let browser = try await stage.halfBrowser(as: "viewer")
    let response = await browser.post("/sign-in/factor", ["code": app.code(at: stage.clock.now)])
    #expect(response.status == .unprocessableContent)
    try await stage.end()
  }

  @Test func `removing needs the password and a code, and ends the other sessions`() async throws {
    let stage = try Stage()
    let browser = try await stage.browser(as: "viewer")
    let (app, recovery) = try await stage.addFactor(by: browser)
    func remove(_ password: String, _ code: String) async -> Response {
      await browser.post("/account/factors/end", ["password": password, "code": code])
    }
    #expect(await remove("wrong", app.code(at: stage.clock.now)).status == .unprocessableContent)
    #expect(await remove(Stage.password, "000000").status == .unprocessableContent)
    let other = try await stage.halfBrowser(as: "viewer")
    let response = await remove(Stage.password, recovery[3].uppercased())
    #expect(response.headers[.location] == "/account/factors?said=factor-removed")
    #expect(try stage.auditTypes().suffix(2) == ["recovery.used", "factor.removed"])
    #expect(await other.get("/sign-in/factor").headers[.location] == "/sign-in")
    try await Browser(stage.portal).signIn(as: "viewer")
    try await stage.end()
  }

  @Test func `new recovery codes make the old ones void`() async throws {
    let stage = try Stage()
    let browser = try await stage.browser(as: "viewer")
    let (app, old) = try await stage.addFactor(by: browser)
    let wrong = await browser.post("/account/factors/recovery-codes", ["code": old[0]])
    #expect(wrong.status == .unprocessableContent, "a recovery code renews none")
    let response = await browser.post(
      "/account/factors/recovery-codes", ["code": app.code(at: stage.clock.now)])
    let new = Stage.recoveryCodes(on: response)
    #expect(new.count == 10 && Set(new).isDisjoint(with: old))
    #expect(try stage.auditTypes().last == "recovery.renewed")
    let half = try await stage.halfBrowser(as: "viewer")
    #expect(await half.post("/sign-in/factor", ["code": old[0]]).status == .unprocessableContent)
    #expect(await half.post("/sign-in/factor", ["code": new[0]]).status == .seeOther)
    try await stage.end()
  }

  @Test func `who has lost everything is helped on the command line`() async throws {
    let stage = try Stage()
    let browser = try await stage.browser(as: "viewer")
    _ = try await stage.addFactor(by: browser)
    try stage.accounts().removeFactor(login: "viewer")
    #expect(await browser.get("/account/factors").status == .seeOther)
    try await Browser(stage.portal).signIn(as: "viewer")
    #expect(throws: AccountProblem.self) { try stage.accounts().removeFactor(login: "viewer") }
    try await stage.end()
  }

  @Test func `the key is private, and the start stops without it or with another`() async throws {
    let stage = try Stage()
    let file = stage.portal.configuration.factorKeyFile
    _ = try await stage.addFactor(by: stage.browser(as: "viewer"))
    let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions]
    #expect(mode as? Int == 0o600)
    try await stage.portal.close()
    let key = try Data(contentsOf: URL(fileURLWithPath: file))

    func start(saying expected: String) {
      #expect {
        try Stage(folder: stage.folder)
      } throws: {
        "\($0)".contains(expected)
      }
    }
    try FileManager.default.removeItem(atPath: file)
    start(saying: "\(file), the key that seals second factors, is not there.")
    try Data("\(Base64.encode([UInt8](repeating: 7, count: 32)))\n".utf8)
      .write(to: URL(fileURLWithPath: file))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
    start(saying: "is not the one second factors are sealed with")
    try key.write(to: URL(fileURLWithPath: file))
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
    start(saying: "Others may read or write \(file)")
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
    try await Stage(folder: stage.folder).end()
  }

  @Test func `an offer always fits its code, whatever the login`() throws {
    for login in ["ana", String(repeating: "ü", count: 64), String(repeating: "😀", count: 64)] {
      let offer = FactorOffer(
        sealed: "", secret: Secret(bytes: [UInt8](repeating: 1, count: 20)), login: login)
      #expect(offer.code != nil)
      #expect(offer.address.hasSuffix("&issuer=Caretaker"))
    }
  }
}
