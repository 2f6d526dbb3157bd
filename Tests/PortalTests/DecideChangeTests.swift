import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

@Suite struct DecideChangeTests {
  private func vote(
    _ noun: String, on number: Int64, by browser: Browser, _ stage: Stage,
    _ fields: [String: String] = [:]
  ) async throws -> Response {
    let base = ["digest": try stage.change(number).digest, "password": Stage.password]
    return await browser.post("/changes/\(number)/\(noun)", base.merging(fields) { $1 })
  }

  @Test func `another person approves with the password, and nothing runs`() async throws {
    let stage = try Stage()
    let number = try await Proposals.propose(on: stage)
    let browser = try await stage.browser(as: "approver")
    let response = try await vote("approval", on: number, by: browser, stage)
    #expect(response.headers[.location] == "/changes/1?said=approved")
    let change = try stage.change(number)
    #expect(change.storedState == .approved)
    #expect(change.runBy == stage.clock.now.adding(ms: Policy.standard.runWithinMs))
    #expect(try stage.auditTypes().last == "change.approved")
    #expect(try stage.auditTypes().contains("run.started") == false)
    try await stage.end()
  }

  @Test func `the requester cannot approve: not on the page, not by post, not in the schema`()
    async throws
  {
    let stage = try Stage()
    let browser = try await stage.browser(as: "administrator")
    let form = try Proposals.form(try Proposals.plan(), by: "administrator", on: stage)
    _ = await browser.post("/changes", form)

    let page = await browser.get("/changes/1").text
    #expect(page.contains("You can't approve this one"))
    #expect(!page.contains("/changes/1/approval"))

    let response = try await vote("approval", on: 1, by: browser, stage)
    #expect(response.status == .conflict)
    #expect(response.text.contains("You proposed this change"))
    #expect(try stage.auditTypes().last == "change.refused")

    let change = try stage.change(1)
    let insert = """
      INSERT INTO votes (change_id, requester_id, person_id, digest, decision, note, at)
      VALUES (?, ?, ?, ?, 'approve', '', 0)
      """
    let me = change.requester.id
    for requester in [me, me + 1] {
      #expect(throws: DatabaseError.self) {
        try stage.portal.storage.writeNow { db in
          try db.execute(sql: insert, arguments: [change.id, requester, me, change.digest])
        }
      }
    }
    #expect(try stage.change(1).votes.isEmpty)
    try await stage.end()
  }

  @Test func `a wrong password decides nothing and is counted`() async throws {
    let stage = try Stage()
    let number = try await Proposals.propose(on: stage)
    let browser = try await stage.browser(as: "approver")
    for _ in 0...Throttle.free {
      let response = try await vote(
        "approval", on: number, by: browser, stage,
        ["password": "wrong", "note": "Looks right"])
      #expect(response.status == .unprocessableContent)
      #expect(response.text.contains("The password is not right"))
      #expect(response.text.contains(">Looks right</textarea>"))
    }
    let response = try await vote("approval", on: number, by: browser, stage)
    #expect(response.status == .tooManyRequests)
    #expect(try stage.change(number).storedState == .pending)
    try await stage.end()
  }

  @Test func `a vote for a plan other than the stored one is refused`() async throws {
    let stage = try Stage()
    let number = try await Proposals.propose(on: stage)
    let browser = try await stage.browser(as: "approver")
    let digest = String(repeating: "0", count: 64)
    let response = try await vote(
      "approval", on: number, by: browser, stage, ["digest": digest])
    #expect(response.status == .conflict)
    #expect(response.text.contains("The plan is not the one you were shown"))
    try await stage.end()
  }

  @Test func `a rejection needs a reason and ends the change`() async throws {
    let stage = try Stage()
    let number = try await Proposals.propose(on: stage)
    let browser = try await stage.browser(as: "approver")
    #expect(
      try await vote("rejection", on: number, by: browser, stage).text
        .contains("Say why you reject it"))
    let response = try await vote(
      "rejection", on: number, by: browser, stage, ["note": "Too dear"])
    #expect(response.headers[.location] == "/changes/1?said=rejected")
    #expect(try stage.change(number).storedState == .rejected)
    #expect(await browser.get("/changes/1").text.contains("Too dear"))
    try await stage.end()
  }

  @Test func `twenty approvals of one person at once are one vote`() async throws {
    let stage = try Stage()
    let number = try await Proposals.propose(on: stage)
    let browser = try await stage.browser(as: "approver")
    let digest = try stage.change(number).digest
    await withTaskGroup { group in
      for _ in 0..<20 {
        group.addTask {
          _ = await browser.post(
            "/changes/1/approval", ["digest": digest, "password": Stage.password])
        }
      }
    }
    #expect(try stage.change(number).votes.count == 1)
    #expect(try stage.auditTypes().count { $0 == "change.approved" } == 1)
    try await stage.end()
  }

  @Test func `approving and withdrawing at the same moment give one of the two`() async throws {
    let stage = try Stage()
    let approver = try await stage.browser(as: "approver")
    let requester = try await stage.browser(as: "operator")
    for _ in 0..<10 {
      let number = try await Proposals.propose(on: stage)
      let digest = try stage.change(number).digest
      async let approval = approver.post(
        "/changes/\(number)/approval", ["digest": digest, "password": Stage.password])
      async let withdrawal = requester.post("/changes/\(number)/withdrawal")
      let statuses = await [approval.status, withdrawal.status]
      let change = try stage.change(number)
      #expect(change.storedState == .withdrawn || change.storedState == .approved)
      #expect(statuses.contains(.seeOther))
    }
    try await stage.end()
  }

  @Test func `the requester withdraws, others do not`() async throws {
    let stage = try Stage()
    let number = try await Proposals.propose(on: stage)
    let other = try await stage.browser(as: "operator-2")
    #expect(await other.post("/changes/\(number)/withdrawal").status == .conflict)
    let requester = try await stage.browser(as: "operator")
    #expect(await requester.post("/changes/\(number)/withdrawal").status == .seeOther)
    #expect(try stage.change(number).storedState == .withdrawn)
    try await stage.end()
  }

  @Test func `an expired change says so on its page, and the sweep closes it`() async throws {
    let stage = try Stage()
    let number = try await Proposals.propose(on: stage)
    stage.clock.advance(ms: Policy.standard.reviewWithinMs + 1)
    let browser = try await stage.browser(as: "approver")
    #expect(await browser.get("/changes/1").text.contains("Expired"))
    #expect(try await vote("approval", on: number, by: browser, stage).status == .conflict)
    #expect(try stage.change(number).storedState == .pending)
    let portal = stage.portal
    try await Reconciler(storage: portal.storage, outside: portal.outside, log: portal.log).sweep()
    #expect(try stage.change(number).storedState == .expired)
    try await stage.end()
  }
}
