import Cryptography
import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules
import SoftwareAuthenticator
import Testing

@testable import Portal

/// Signing in with a passkey, and confirming with one.
@Suite struct PasskeySignInTests {
  private static let path = "/sign-in/passkey"

  private func stage() async throws -> (Stage, PasskeyRing) {
    let stage = try Stage.withAddress()
    let browser = try await stage.browser(as: "approver")
    return (stage, try await stage.addPasskey(of: "approver", by: browser).ring)
  }

  @Test func `a passkey alone signs in, and goes on to where one wanted`() async throws {
    var (stage, ring) = try await stage()
    ring.authenticator.counter = 4
    let browser = Browser(stage.portal)
    let page = await browser.get("/sign-in?next=/costs")
    #expect(page.text.contains("Sign in with a passkey"))
    let answer = ring.answer(try page.offer(), to: Self.path)
    let response = await browser.post(Self.path, ["passkey": answer, "next": "/costs"])
    #expect(response.headers[.location] == "/costs")
    browser.take(response)
    #expect(await browser.get("/account").status == .ok)
    #expect(try stage.auditTypes().last == "session.started")

    let replayed = await Browser(stage.portal).post(Self.path, ["passkey": answer])
    #expect(replayed.status == .unprocessableContent)
    #expect(try stage.auditTypes().last == "session.refused")
    // A copy of the authenticator, which has not counted as far.
    let cloned = ring.answer(try await Browser(stage.portal).get("/sign-in").offer(), to: Self.path)
    let again = await Browser(stage.portal).post(Self.path, ["passkey": cloned])
    #expect(again.status == .unprocessableContent)
    try await stage.end()
  }

  @Test func `who signs in elsewhere does not get round it by a passkey`() async throws {
    let (stage, ring) = try await stage()
    try await stage.portal.storage.write { db in
      try db.execute(
        sql: "UPDATE people SET password_hash = ? WHERE id = ?",
        arguments: [PersonStore.noPassword, ring.person])
    }
    let answer = ring.answer(try await Browser(stage.portal).get("/sign-in").offer(), to: Self.path)
    let response = await Browser(stage.portal).post(Self.path, ["passkey": answer])
    #expect(response.status == .unprocessableContent)
    #expect(response.text.contains("you sign in another way here"))
    #expect(response.headers[.setCookie] == nil)
    try await stage.end()
  }

  @Test func `whatever is wrong is answered alike, and counted against the account`() async throws {
    let (stage, ring) = try await stage()
    var elsewhere = ring
    elsewhere.authenticator.host = "example.com"
    var unknown = ring
    unknown.authenticator.id = [1]
    let forger = PasskeyRing(of: try stage.person("approver"))
    func offer() async throws -> String {
      try await Browser(stage.portal).get("/sign-in").offer()
    }
    func send(_ answer: String) async -> Response {
      await Browser(stage.portal).post(Self.path, ["passkey": answer])
    }
    let answers = [
      unknown.answer(try await offer(), to: Self.path),
      elsewhere.answer(try await offer(), to: Self.path),
      ring.answer(try await offer(), to: "/sign-in/factor"),
      ring.answer(try await offer(), to: Self.path, handle: ring.person + 1),
      forger.answer(try await offer(), to: Self.path),
    ]
    for answer in answers {
      let response = await send(answer)
      #expect(response.status == .unprocessableContent)
      #expect(response.text.contains("The passkey did not sign you in"))
    }
    #expect(
      try stage.auditTypes().suffix(4) == Array(repeating: "session.refused", count: 4),
      "one for each that names an account")
    for _ in 0...Throttle.free { _ = await send(answers[1]) }
    let waiting = await send(ring.answer(try await offer(), to: Self.path))
    #expect(waiting.status == .tooManyRequests)
    try await stage.end()
  }

  @Test func `an offer ends after five minutes, and nobody disabled comes in`() async throws {
    let (stage, ring) = try await stage()
    func signIn(after ms: Int64) async throws -> HTTPResponse.Status {
      let offer = try await Browser(stage.portal).get("/sign-in").offer()
      stage.clock.advance(ms: ms)
      let answer = ring.answer(offer, to: Self.path)
      return await Browser(stage.portal).post(Self.path, ["passkey": answer]).status
    }
    #expect(try await signIn(after: PasskeyOffer.liveMs) == .unprocessableContent)
    #expect(try await signIn(after: PasskeyOffer.liveMs - 1) == .seeOther)
    // Who waits for a link to a password signs in by nothing else.
    let hash = try await stage.portal.storage.write { db in
      let hash = try PersonStore.passwordHash(of: ring.person, in: db)
      try PersonStore.removePassword(ring.person, in: db)
      return hash
    }
    #expect(try await signIn(after: 0) == .unprocessableContent)
    try await stage.portal.storage.write { db in
      try PersonStore.rehash(ring.person, hash: #require(hash), in: db)
    }
    #expect(try await signIn(after: 0) == .seeOther)
    try await stage.portal.storage.write { db in
      try PersonStore.disable(ring.person, at: stage.clock.now, in: db)
    }
    #expect(try await signIn(after: 0) == .unprocessableContent)
    try await stage.end()
  }

  @Test func `after the password a passkey does in place of the code`() async throws {
    let (stage, ring) = try await stage()
    let browser = try await stage.halfBrowser(as: "approver")
    let page = await browser.get("/sign-in/factor")
    #expect(page.text.contains("Use a passkey"))
    #expect(page.text.contains("One of your recovery codes."))
    let other = ring.answer(try page.offer(), to: Self.path)
    let refused = await browser.post("/sign-in/factor", ["passkey": other])
    #expect(refused.status == .unprocessableContent)
    let answer = ring.answer(try refused.offer(), to: "/sign-in/factor")
    #expect(await browser.post("/sign-in/factor", ["passkey": answer]).status == .seeOther)
    try await stage.end()
  }

  @Test func `a decision is confirmed by a passkey, for this plan and this decision alone`()
    async throws
  {
    let (stage, ring) = try await stage()
    let first = try await Proposals.propose(on: stage)
    let second = try await Proposals.propose(on: stage)
    let browser = try await stage.browser(as: "approver", with: ring)
    let digest = try stage.change(first).digest
    let path = "/changes/\(first)/approval"
    func vote(_ path: String, _ fields: [String: String]) async -> Response {
      await browser.post(path, ["digest": digest, "note": "Because"].merging(fields) { $1 })
    }
    let page = await browser.get("/changes/\(first)")
    #expect(page.text.contains("Your passkey is asked for"))
    #expect(!page.text.contains("name=\"password\"") && !page.text.contains("name=\"code\""))
    let bare = await vote(path, ["password": Stage.password])
    #expect(bare.status == .unprocessableContent, "the password alone is not enough any more")
    #expect(bare.text.contains("No passkey of yours has confirmed this"))

    let approval = ring.answer(try page.offer(), to: path, about: digest)
    for (path, fields) in [
      ("/changes/\(first)/rejection", ["passkey": approval]),
      (path, ["passkey": ring.answer(try bare.offer(), to: path, about: "another plan")]),
      (path, ["passkey": approval]),  // The offer was used up by the rejection.
    ] {
      #expect(await vote(path, fields).status == .unprocessableContent)
    }
    #expect(try stage.change(first).votes.isEmpty)

    let offer = try await browser.get("/changes/\(first)").offer()
    let answer = ring.answer(offer, to: path, about: digest)
    #expect(await vote(path, ["passkey": answer]).status == .seeOther)
    let entry = try stage.portal.storage.readNow { db in
      try AuditStore.entry(AuditStore.head(in: db).count, in: db)
    }
    #expect(entry?.data["confirmed_by"]?.text == "passkey")
    let other = "/changes/\(second)/approval"
    #expect(
      await vote(other, ["digest": try stage.change(second).digest, "passkey": answer]).status
        == .unprocessableContent)
    try await stage.end()
  }

  @Test func `an emergency and the signature for the log take a passkey too`() async throws {
    let stage = try Stage.withAddress()
    let operating = try await stage.browser(as: "operator")
    let (ring, _) = try await stage.addPasskey(of: "operator", by: operating)
    var fields = ["reason": "The blog is down"]
    fields["passkey"] = ring.answer(
      try await operating.get("/safety").offer(), to: "/emergencies")
    let declared = await operating.post("/emergencies", fields)
    #expect(declared.headers[.location] == "/safety?said=emergency")

    let auditing = try await stage.browser(as: "auditor")
    let (other, _) = try await stage.addPasskey(of: "auditor", by: auditing)
    try stage.reviewAll()
    let page = await auditing.get("/audit/review")
    let head = try page.hidden("head")
    let offers = [try page.offer(), try await auditing.get("/audit/review").offer()]
    func sign(_ offer: String, about bound: String) async throws -> Response {
      let answer = other.answer(offer, to: "/audit/periods", about: bound)
      return await auditing.post(
        "/audit/periods", ["last": try page.hidden("last"), "head": head, "passkey": answer])
    }
    #expect(
      try await sign(offers[0], about: "").text.contains("No passkey of yours has confirmed this"))
    #expect(try await sign(offers[1], about: head).status == .seeOther)
    try await stage.end()
  }

  @Test func `running names the plan that was on the page`() async throws {
    let stage = try Stage.withAddress()
    let number = try await Proposals.propose(on: stage)
    try await Proposals.approve(number, on: stage)
    let browser = try await stage.browser(as: "operator")
    #expect(
      await browser.get("/changes/\(number)").text
        .contains("name=\"digest\" value=\"\(try stage.change(number).digest)\""))
    let response = await browser.post(
      "/changes/\(number)/execution", ["password": Stage.password, "digest": "another"])
    #expect(response.status == .conflict)
    #expect(try stage.change(number).storedState == .approved)
    try await stage.end()
  }
}

extension Stage {
  /// A browser that has signed in with a passkey.
  func browser(as login: String, with ring: PasskeyRing) async throws -> Browser {
    let browser = Browser(portal)
    let offer = try await browser.get("/sign-in").offer()
    let response = await browser.post(
      "/sign-in/passkey", ["passkey": ring.answer(offer, to: "/sign-in/passkey")])
    try #require(response.status == .seeOther)
    try await browser.resume(response)
    return browser
  }
}
