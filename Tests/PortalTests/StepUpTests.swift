import Cryptography
import Foundation
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

@Suite struct StepUpTests {
  private func confirmed(_ stage: Stage) throws -> String? {
    try stage.portal.storage.readNow { db in
      try AuditStore.entry(AuditStore.head(in: db).count, in: db)?.data["confirmed_by"]?.text
    }
  }

  @Test func `who has a factor approves with a code, which is good for this one decision`()
    async throws
  {
    let stage = try Stage()
    let first = try await Proposals.propose(on: stage)
    let second = try await Proposals.propose(on: stage)
    let browser = try await stage.browser(as: "approver")
    let (app, _) = try await stage.addFactor(by: browser)
    func vote(_ noun: String, _ number: Int64, _ fields: [String: String]) async throws -> Response
    {
      let base = ["digest": try stage.change(number).digest, "note": "Because"]
      return await browser.post("/changes/\(number)/\(noun)", base.merging(fields) { $1 })
    }
    let page = await browser.get("/changes/\(first)").text
    #expect(page.contains("<label for=\"code\">Your code</label>"))
    #expect(!page.contains("name=\"password\""))
    #expect(
      try await vote("approval", first, ["password": Stage.password]).status
        == .unprocessableContent, "the password alone is not enough any more")

    let code = app.code(at: stage.clock.now)
    #expect(try await vote("approval", first, ["code": code]).status == .seeOther)
    #expect(try confirmed(stage) == "code")
    for noun in ["approval", "rejection"] {
      let response = try await vote(noun, second, ["code": code])
      #expect(response.status == .unprocessableContent)
      #expect(response.text.contains("each is good once"))
    }
    #expect(try stage.change(second).votes.isEmpty)
    stage.clock.advance(ms: OneTimeCode.stepMs)
    let next = app.code(at: stage.clock.now)
    #expect(try await vote("rejection", second, ["code": next]).status == .seeOther)
    try await stage.end()
  }

  @Test func `who has confirmed goes on under another token, and the one before ends soon`()
    async throws
  {
    let stage = try Stage()
    let number = try await Proposals.propose(on: stage)
    let (browser, thief) = (try await stage.browser(as: "approver"), Browser(stage.portal))
    thief.cookie = browser.cookie
    let vote = ["digest": try stage.change(number).digest, "password": Stage.password, "note": "x"]
    let wrong = vote.merging(["password": "wrong"]) { $1 }
    #expect(await browser.post("/changes/1/approval", wrong).headers[.setCookie] == nil)
    #expect(await browser.post("/changes/1/approval", vote).status == .seeOther)
    #expect(browser.cookie != thief.cookie)
    #expect(await thief.get("/account").status == .ok, "what was under way is answered")
    stage.clock.advance(ms: SessionStore.oldMs)
    #expect(await thief.get("/account").status == .seeOther)
    #expect(await browser.get("/account").status == .ok)
    #expect(await browser.post("/session/end").status == .seeOther)
    try await stage.end()
  }

  @Test func `everybody else goes on with the password, and the log says so`() async throws {
    let stage = try Stage()
    let number = try await Proposals.propose(on: stage)
    let browser = try await stage.browser(as: "approver")
    #expect(
      await browser.get("/changes/\(number)").text
        .contains("<label for=\"password\">Your password</label>"))
    try await Proposals.approve(number, on: stage)
    #expect(try confirmed(stage) == "password")
    try await stage.end()
  }

  @Test func `wrong codes are counted, and the password does not help`() async throws {
    let stage = try Stage()
    let number = try await Proposals.propose(on: stage)
    let browser = try await stage.browser(as: "approver")
    let (app, _) = try await stage.addFactor(by: browser)
    let digest = try stage.change(number).digest
    func approve(_ code: String) async -> HTTPResponse.Status {
      await browser.post("/changes/\(number)/approval", ["digest": digest, "code": code]).status
    }
    for _ in 0...Throttle.free { #expect(await approve("000000") == .unprocessableContent) }
    #expect(await approve(app.code(at: stage.clock.now)) == .tooManyRequests)
    #expect(try stage.change(number).votes.isEmpty)
    try await stage.end()
  }

  @Test func `running what is guarded asks once more, and a wrong password runs nothing`()
    async throws
  {
    let stage = try Stage()
    let number = try await Proposals.propose(on: stage)
    try await Proposals.approve(number, on: stage)
    let browser = try await stage.browser(as: "operator")
    let page = await browser.get("/changes/\(number)").text
    #expect(page.contains("Your password"))
    for fields in [[:], ["password": "wrong"]] {
      let response = await browser.post("/changes/\(number)/execution", fields)
      #expect(response.status == .unprocessableContent)
      #expect(response.text.contains("The password is not right"))
      #expect(try stage.auditTypes().last == "change.refused")
    }
    #expect(try stage.change(number).storedState == .approved)
    try await stage.end()
  }
}
