import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

@Suite struct ReviewTests {
  /// A stage where what was flagged at the start is reviewed.
  private func quietStage() throws -> Stage {
    let stage = try Stage()
    try stage.reviewAll()
    return stage
  }

  /// Adds a refused act of a person to the log and gives its number.
  private func flag(_ login: String, on stage: Stage) throws -> Int64 {
    let person = try stage.person(login)
    return try stage.portal.storage.writeNow { db in
      try AuditLog.append(
        .accessRefused(route: "GET /audit", change: nil, why: "w"), by: .person(person),
        at: stage.clock.now, in: db)
      return try AuditStore.head(in: db).count
    }
  }

  private func review(
    _ seq: Int64, _ verdict: String, note: String = "", by browser: Browser
  ) async -> Response {
    await browser.post("/audit/entries/\(seq)/review", ["verdict": verdict, "note": note])
  }

  private func sign(_ browser: Browser, password: String = Stage.password) async throws -> Response
  {
    let page = await browser.get("/audit/review")
    return await browser.post(
      "/audit/periods",
      ["last": try page.hidden("last"), "head": try page.hidden("head"), "password": password])
  }

  @Test func `a flagged entry is reviewed by another person, in the queue and in the log`()
    async throws
  {
    let stage = try quietStage()
    let seq = try flag("operator", on: stage)
    let browser = try await stage.browser(as: "auditor")
    #expect(await browser.get("/audit/review").text.contains("1 flagged entry waits"))
    #expect(await browser.get("/audit").text.contains(">1<span class=\"hidden\"> to review"))
    let answer = await review(seq, "follow_up", note: "Ask Olga", by: browser)
    #expect(answer.headers[.location] == "/audit/review?said=reviewed")
    #expect(try stage.auditTypes().suffix(2) == ["todo.opened", "review.disposed"])
    #expect(await browser.get("/changes").text.contains("Follow up on entry \(seq): Ask Olga"))
    let entry = await browser.get("/audit/entries/\(seq)").text
    #expect(entry.contains("Follow-up") && entry.contains("“Ask Olga”"))
    #expect(!entry.contains("Record the review"))
    #expect(await browser.get("/audit/review").text.contains("Every flagged entry is reviewed."))
    #expect(await browser.get("/audit/review?show=follow_up").text.contains("“Ask Olga”"))
    try await stage.end()
  }

  @Test func `after a review comes the next entry that the person may review`() async throws {
    let stage = try quietStage()
    let older = try flag("operator", on: stage)
    let own = try flag("approver", on: stage)
    let newer = try flag("operator", on: stage)
    let browser = try await stage.browser(as: "approver")
    let first = await review(newer, "ok", by: browser)
    #expect(first.headers[.location] == "/audit/entries/\(older)?said=reviewed")
    let second = await review(older, "ok", by: browser)
    #expect(second.headers[.location] == "/audit/review?said=reviewed")
    #expect(own > older)
    try await stage.end()
  }

  @Test func `nobody reviews their own act: not on the page, not by post, not in the schema`()
    async throws
  {
    let stage = try quietStage()
    let seq = try flag("approver", on: stage)
    let browser = try await stage.browser(as: "approver")
    let page = await browser.get("/audit/entries/\(seq)").text
    #expect(page.contains("You can't review this one"))
    #expect(!page.contains("Record the review"))
    #expect(page.contains("Auditor"))
    let answer = await review(seq, "ok", by: browser)
    #expect(answer.status == .conflict)
    #expect(answer.text.contains("You did this yourself"))
    #expect(try stage.auditTypes().last == "act.refused")
    let person = try stage.person("approver").id
    #expect(throws: DatabaseError.self) {
      try stage.portal.storage.writeNow { db in
        try db.execute(
          sql: """
            UPDATE reviews SET verdict = 'ok', reviewer_id = ?, reviewed_at = 1 WHERE seq = ?
            """, arguments: [person, seq])
      }
    }
    try await stage.end()
  }

  @Test func `a review is given once and stays`() async throws {
    let stage = try quietStage()
    let seq = try flag("operator", on: stage)
    _ = await review(seq, "incident", note: "Why?", by: try await stage.browser(as: "auditor"))
    let second = await review(seq, "ok", by: try await stage.browser(as: "approver"))
    #expect(second.status == .conflict)
    for sql in [
      "UPDATE reviews SET verdict = 'ok'", "UPDATE reviews SET note = ''", "DELETE FROM reviews",
    ] {
      #expect(throws: DatabaseError.self) {
        try stage.portal.storage.writeNow { try $0.execute(sql: sql) }
      }
    }
    try await stage.end()
  }

  @Test func `a form without a verdict, or without a note where one is needed, comes back`()
    async throws
  {
    let stage = try quietStage()
    let seq = try flag("operator", on: stage)
    let browser = try await stage.browser(as: "auditor")
    let before = try stage.auditTypes()
    let without = await review(seq, "", note: "typed", by: browser)
    #expect(without.status == .unprocessableContent)
    #expect(without.text.contains("Choose what you find.") && without.text.contains(">typed<"))
    let bare = await review(seq, "incident", by: browser)
    #expect(bare.text.contains("what went wrong") && bare.text.contains("\"incident\" checked"))
    #expect(try stage.auditTypes() == before, "a slip is no refused act")
    try await stage.end()
  }

  @Test func `a note that holds a secret is not kept`() async throws {
    let stage = try quietStage()
    let seq = try flag("operator", on: stage)
    let secret = "AKIA" + "IOSFODNN7EXAMPLE"
    let browser = try await stage.browser(as: "auditor")
    let answer = await review(seq, "incident", note: "key \(secret)", by: browser)
    #expect(answer.status == .unprocessableContent)
    let kept = try stage.portal.storage.readNow { db in
      try Int.fetchOne(
        db, sql: "SELECT count(*) FROM audit WHERE instr(bytes, CAST(? AS BLOB))",
        arguments: [secret])
    }
    #expect(kept == 0)
    try await stage.end()
  }

  @Test func `what is not flagged has nothing to review`() async throws {
    let stage = try quietStage()
    let browser = try await stage.browser(as: "auditor")
    let signIn = try stage.auditTypes().count
    #expect(!(await browser.get("/audit/entries/\(signIn)").text.contains("Flagged as")))
    #expect(await review(Int64(signIn), "ok", by: browser).status == .conflict)
    #expect(await review(999, "ok", by: browser).status == .notFound)
    try await stage.end()
  }

  @Test func `a reviewed period is signed with the password, and the next begins behind it`()
    async throws
  {
    let stage = try quietStage()
    let seq = try flag("operator", on: stage)
    let browser = try await stage.browser(as: "auditor")
    #expect(await browser.get("/audit/review").text.contains("1 flagged entry is not reviewed"))
    _ = await review(seq, "ok", by: browser)
    let last = try stage.auditTypes().count
    let answer = try await sign(browser)
    #expect(answer.headers[.location] == "/audit/review?said=signed")
    #expect(try stage.auditTypes().last == "review.signed")
    let entry = try stage.portal.storage.readNow { try AuditStore.entry(Int64(last) + 1, in: $0) }
    #expect(entry?.data["first"]?.number == 1)
    #expect(entry?.data["last"]?.number == Int64(last))
    let counts = entry?.data["counts"]?.elements?.compactMap { $0["count"]?.number }
    #expect(counts?.reduce(0, +) == Int64(last))
    let page = await browser.get("/audit/review").text
    #expect(page.contains("Sign for entries \(last + 1) to \(last + 1)"))
    #expect(page.contains(">1 to \(last)</a>"))
    #expect(await browser.get("/audit/entries/\(last + 1)").text.contains("What the period holds"))
    try await stage.end()
  }

  @Test func `a wrong password signs nothing, and is in the log`() async throws {
    let stage = try quietStage()
    let browser = try await stage.browser(as: "auditor")
    let answer = try await sign(browser, password: "wrong wrong wrong")
    #expect(answer.status == .unprocessableContent)
    #expect(answer.text.contains("The password is not right"))
    #expect(try stage.auditTypes().last == "act.refused")
    #expect(try periods(stage) == 0)
    try await stage.end()
  }

  @Test func `a period with open entries, or with own acts alone, is not signed`() async throws {
    let stage = try quietStage()
    let seq = try flag("approver", on: stage)
    let approver = try await stage.browser(as: "approver")
    let auditor = try await stage.browser(as: "auditor")
    func post(_ browser: Browser) async throws -> Response {
      let head = try stage.portal.storage.readNow { try PeriodStore.next(in: $0) }
      let period = try #require(head)
      return await browser.post(
        "/audit/periods",
        ["last": "\(period.last)", "head": period.head, "password": Stage.password])
    }
    #expect(try await post(auditor).text.contains("not reviewed yet"))
    // The refusal above is flagged as well, and the auditor's own.
    let refusal = Int64(try stage.auditTypes().count)
    _ = await review(seq, "ok", by: auditor)
    _ = await review(refusal, "ok", by: approver)
    #expect(try await post(auditor).status == .seeOther)

    let own = try flag("approver", on: stage)
    _ = await review(own, "ok", by: auditor)
    #expect(await approver.get("/audit/review").text.contains("Every flagged entry is your own"))
    #expect(try await post(approver).text.contains("somebody else has to sign"))
    #expect(try periods(stage) == 1)
    try await stage.end()
  }

  @Test func `what is written after the period was shown does not enter it`() async throws {
    let stage = try quietStage()
    let browser = try await stage.browser(as: "auditor")
    let page = await browser.get("/audit/review")
    let last = try #require(Int64(try page.hidden("last")))
    // Flagged, and reviewed by nobody: inside the period it would keep it from being signed.
    let late = try flag("operator", on: stage)
    let answer = await browser.post(
      "/audit/periods",
      ["last": "\(last)", "head": try page.hidden("head"), "password": Stage.password])
    #expect(answer.headers[.location] == "/audit/review?said=signed")
    let seq = Int64(try stage.auditTypes().count)
    let entry = try stage.portal.storage.readNow { try AuditStore.entry(seq, in: $0) }
    #expect(entry?.data["last"]?.number == last)
    let counts = entry?.data["counts"]?.elements?.compactMap { $0["count"]?.number }
    #expect(counts?.reduce(0, +) == last)
    let next = try stage.portal.storage.readNow { try PeriodStore.next(in: $0) }
    #expect(next?.first == last + 1 && next?.open == 1 && late == last + 1)

    // What is decided later is in a later period.
    _ = await review(late, "incident", note: "Why?", by: browser)
    let kept = try stage.portal.storage.readNow { try PeriodStore.signed(limit: 9, in: $0) }
    #expect(kept.map(\.last) == [last])
    try await stage.end()
  }

  @Test func `two who sign the same period at once sign it once`() async throws {
    let stage = try quietStage()
    let browsers = [
      try await stage.browser(as: "auditor"), try await stage.browser(as: "auditor-2"),
    ]
    let page = await browsers[0].get("/audit/review")
    let fields = [
      "last": try page.hidden("last"), "head": try page.hidden("head"), "password": Stage.password,
    ]
    let answers = await withTaskGroup { group in
      for browser in browsers { group.addTask { await browser.post("/audit/periods", fields) } }
      return await group.reduce(into: [Int]()) { $0.append($1.status.code) }
    }
    #expect(answers.sorted() == [303, 409])
    #expect(try periods(stage) == 1)
    try await stage.end()
  }

  @Test func `signed periods follow each other without a gap and are never changed`() async throws {
    let stage = try quietStage()
    _ = try await sign(try await stage.browser(as: "auditor"))
    let insert = """
      INSERT INTO review_periods (first_seq, last_seq, head, reviewer_id, signed_at, entry_seq)
      SELECT last_seq + 5, last_seq + 9, head, reviewer_id, signed_at, last_seq + 10
      FROM review_periods
      """
    for sql in [
      insert, "UPDATE review_periods SET last_seq = last_seq + 1", "DELETE FROM review_periods",
    ] {
      #expect(throws: DatabaseError.self) {
        try stage.portal.storage.writeNow { try $0.execute(sql: sql) }
      }
    }
    try await stage.end()
  }

  @Test func `a week after the oldest entry nobody signed for, the review is overdue and red`()
    async throws
  {
    let stage = try quietStage()
    stage.clock.advance(ms: ReviewPeriod.dueMs)
    let auditor = try await stage.browser(as: "auditor")
    #expect(!(await auditor.get("/audit").text.contains("overdue")))
    stage.clock.advance(ms: 1)
    for path in ["/audit", "/audit/review"] {
      let page = await auditor.get(path).text
      #expect(page.contains("The review is overdue"), "\(path)")
      #expect(page.contains("<span class=\"count danger\">due<"), "\(path)")
    }
    let viewer = try await stage.browser(as: "viewer")
    #expect(!(await viewer.get("/resources").text.contains("count danger")))
    _ = try await sign(auditor)
    #expect(!(await auditor.get("/audit").text.contains("overdue")))
    try await stage.end()
  }

  @Test func `an entry's page shows the very bytes, its link and the entries beside it`()
    async throws
  {
    let stage = try quietStage()
    let number = try await Proposals.propose(on: stage)
    let browser = try await stage.browser(as: "auditor")
    let index = try #require(try stage.auditTypes().firstIndex(of: "change.proposed"))
    let seq = Int64(index) + 1
    let record = try stage.portal.storage.readNow { try AuditStore.record(seq, in: $0) }
    let entry = try #require(record)
    let page = await browser.get("/audit/entries/\(seq)").text
    let raw = entry.raw.replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
    #expect(page.contains(raw))
    #expect(page.contains("href=\"/changes/\(number)\""))
    #expect(page.contains("/audit/entries/\(seq - 1)\""))
    #expect(page.contains("/audit/entries/\(seq + 1)\""))
    let first = await browser.get("/audit/entries/1").text
    #expect(first.contains("None: this is the first entry."))
    #expect(!first.contains("/audit/entries/0\""))
    #expect(await browser.get("/audit/entries/\(Int64.max)").status == .notFound)
    try await stage.end()
  }

  private func periods(_ stage: Stage) throws -> Int {
    try stage.portal.storage.readNow {
      try Int.fetchOne($0, sql: "SELECT count(*) FROM review_periods") ?? -1
    }
  }
}
