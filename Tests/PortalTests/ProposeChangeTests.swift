import Cryptography
import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

@Suite struct ProposeChangeTests {
  @Test func `a previewed plan becomes a change with exactly its bytes`() async throws {
    let stage = try Stage()
    let plan = try Proposals.plan()
    let number = try await Proposals.propose(plan, on: stage)
    let stored = try stage.portal.storage.readNow { db in
      try Data.fetchOne(db, sql: "SELECT bytes FROM plans")
    }
    #expect(stored.map { [UInt8]($0) } == plan.bytes)
    let change = try stage.change(number)
    #expect(change.digest == ChangeStore.digest(of: plan.bytes))
    #expect(change.reason == "Sunday's newsletter")
    #expect(change.storedState == .pending)
    #expect(try stage.auditTypes().last == "change.proposed")
    try await stage.end()
  }

  @Test func `fifty posts of the same form at once are one change`() async throws {
    let stage = try Stage()
    let browser = try await stage.browser(as: "operator")
    let form = try Proposals.form(try Proposals.plan(), by: "operator", on: stage)
    let locations = await withTaskGroup(of: String?.self) { group in
      for _ in 0..<50 {
        group.addTask { await browser.post("/changes", form).headers[.location] }
      }
      return await group.reduce(into: Set<String?>()) { $0.insert($1) }
    }
    #expect(locations == ["/changes/1?said=proposed"])
    #expect(try stage.auditTypes().count { $0 == "change.proposed" } == 1)
    try await stage.end()
  }

  @Test func `a plan with one byte changed, or sealed for somebody else, is not taken`()
    async throws
  {
    let stage = try Stage()
    let browser = try await stage.browser(as: "operator")
    let plan = try Proposals.plan()
    let form = try Proposals.form(plan, by: "operator", on: stage)
    let dearer = try Proposals.form(try Proposals.plan(count: 4), by: "operator", on: stage)
    let other = try Proposals.form(plan, by: "approver", on: stage)
    let samples: [[String: String]] = [
      form.merging(["plan": dearer["plan"] ?? ""]) { $1 },
      form.merging(["seal": other["seal"] ?? ""]) { $1 },
      form.merging(["seal": ""]) { $1 }, form.merging(["seal": "1.x"]) { $1 },
      form.merging(["plan": ""]) { $1 }, form.merging(["plan": "e30"]) { $1 }, [:],
    ]
    for sample in samples {
      let response = await browser.post("/changes", sample)
      #expect(response.status == .conflict)
      #expect(response.text.contains("Preview it again"))
    }
    #expect(try stage.auditTypes().contains("change.proposed") == false)
    try await stage.end()
  }

  @Test func `a preview that is too old is not taken`() async throws {
    let stage = try Stage()
    let browser = try await stage.browser(as: "operator")
    let form = try Proposals.form(try Proposals.plan(), by: "operator", on: stage)
    stage.clock.advance(ms: Seal.validMs + 1)
    #expect(await browser.post("/changes", form).status == .conflict)
    try await stage.end()
  }

  @Test func `without a reason the page comes back with the same plan and says so`() async throws {
    let stage = try Stage()
    let browser = try await stage.browser(as: "operator")
    let form = try Proposals.form(
      try Proposals.plan(), by: "operator", on: stage, reason: "  \n")
    let response = await browser.post("/changes", form)
    #expect(response.status == .unprocessableContent)
    #expect(response.text.contains("<title>Error: Check the change"))
    #expect(response.text.contains("Give a reason"))
    #expect(try response.hidden("plan") == form["plan"])
    #expect(try response.hidden("seal") == form["seal"])
    try await stage.end()
  }

  @Test func `a reason is as long as the database counts it`() async throws {
    let stage = try Stage()
    let form = try Proposals.form(
      try Proposals.plan(), by: "operator", on: stage,
      reason: String(repeating: "e\u{301}", count: 1_001))
    let response = await (try stage.browser(as: "operator")).post("/changes", form)
    #expect(response.status == .unprocessableContent)
    #expect(response.text.contains("longer than 2000 characters. Nothing was proposed; shorten"))
    try await stage.end()
  }

  @Test func `where nobody else could approve, nothing is proposed, and who is missing is said`()
    async throws
  {
    let stage = try Stage()
    try stage.portal.storage.writeNow { db in
      try db.execute(
        sql: "UPDATE people SET disabled_at = 1 WHERE role IN ('approver', 'administrator')")
    }
    let browser = try await stage.browser(as: "operator")
    let form = try Proposals.form(try Proposals.plan(), by: "operator", on: stage)
    let response = await browser.post("/changes", form)
    #expect(response.status == .conflict)
    #expect(response.text.contains("It needs 1 other person who can approve it"))
    #expect(response.text.contains("the team has too few"))
    let safety = await browser.get("/safety").text
    #expect(safety.contains("Nobody can approve what Operator or Operator-2 proposes."))
    for name in ["Approver", "Approver-2", "Administrator", "Administrator-2"] {
      #expect(response.text.contains("\(name) is disabled"), "\(name)")
      #expect(safety.contains("\(name) is disabled"), "\(name)")
    }
    let stored = try stage.portal.storage.readNow {
      try Int.fetchOne($0, sql: "SELECT count(*) FROM changes")
    }
    #expect(stored == 0)
    try await stage.end()
  }

  @Test func `what a person has proposed is stopped when they are disabled, and nothing else is`()
    async throws
  {
    let stage = try Stage()
    let waiting = try await Proposals.propose(on: stage)
    let approved = try await Proposals.propose(on: stage)
    try await Proposals.approve(approved, on: stage)
    let running = try await Proposals.propose(on: stage)
    try stage.portal.storage.writeNow { db in
      try db.execute(
        sql: "UPDATE changes SET state = 'unknown' WHERE number = ?", arguments: [running])
    }
    let browser = try await stage.browser(as: "administrator")
    let form = try Proposals.form(try Proposals.plan(), by: "administrator", on: stage)
    #expect(await browser.post("/changes", form).status == .seeOther)
    try stage.accounts().disable(login: "operator")
    let states = try [waiting, approved, running, running + 1].map {
      try stage.change($0).storedState
    }
    #expect(states == [.revoked, .revoked, .unknown, .pending])
    #expect(
      try stage.auditTypes().suffix(3) == ["person.disabled", "change.revoked", "change.revoked"])
    let page = await browser.get("/changes/\(waiting)").text
    #expect(page.contains("Its requester was disabled."))
    try await stage.end()
  }

  @Test func `little time left is said on the change and in the list`() async throws {
    let stage = try Stage()
    let number = try await Proposals.propose(on: stage)
    let browser = try await stage.browser(as: "approver")
    #expect(!(await browser.get("/changes").text.contains("Time runs out")))
    stage.clock.advance(ms: Policy.standard.reviewWithinMs / 4 * 3 + Span.second)
    let later = try await stage.browser(as: "approver")
    #expect(await later.get("/changes").text.contains("Time runs out"))
    #expect(
      await later.get("/changes/\(number)").text.contains(
        "Less than a quarter of the time to approve it is left"))
    try await stage.end()
  }

  @Test func `what ended before anything was done can be previewed again`() async throws {
    let stage = try Stage()
    let number = try await Proposals.propose(on: stage)
    let browser = try await stage.browser(as: "operator")
    #expect(!(await browser.get("/changes/\(number)").text.contains("Preview it again")))
    stage.clock.advance(ms: Policy.standard.reviewWithinMs + 1)
    let later = try await stage.browser(as: "operator")
    #expect(await later.get("/changes/\(number)").text.contains(">Preview it again</a>"))
    try await stage.end()
  }

  @Test func `what a requester writes is shown as text, never as markup`() async throws {
    let stage = try Stage()
    let browser = try await stage.browser(as: "operator")
    let reason = "<script>alert(1)</script> \" onmouseover=x ' & <\u{301}b>"
    let form = try Proposals.form(
      try Proposals.plan(), by: "operator", on: stage, reason: reason)
    _ = await browser.post("/changes", form)
    for path in ["/changes/1", "/audit", "/changes"] {
      let text = await browser.get(path).text
      #expect(!text.contains("<script>"))
      #expect(text.ranges(of: "<script").count == text.ranges(of: "<script src=").count)
      #expect(!text.contains("<\u{301}b>"))
    }
    #expect(await browser.get("/changes/1").text.contains("&lt;script&gt;alert(1)"))
    try await stage.end()
  }
}
