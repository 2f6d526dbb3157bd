import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// What is left to do: born of evidence, closed by evidence, and what people do about it.
@Suite struct TodoTests {
  /// Reads the account's mail as it is now, and judges it.
  private func read(
    _ stage: Stage, sandbox: Bool, quotaUsed: Int64 = 0, failure: String? = nil
  ) throws {
    let facts = MailFacts(
      productionAccess: !sandbox, sendingEnabled: true, enforcement: "HEALTHY", max24Hours: 100,
      sent24Hours: quotaUsed, review: "")
    let look = Look(
      .mail, source: "ses:GetAccount", failure.map { .failed($0) } ?? .read(facts))
    stage.clock.advance(ms: Span.minute)
    try stage.portal.storage.writeNow { [now = stage.clock.now] db in
      try ObservationStore.store(look, site: "blog", at: now, in: db)
      try FindingStore.judge(site: "blog", at: now, in: db)
    }
  }

  private func all(_ stage: Stage) throws -> [Todo] {
    try stage.portal.storage.readNow { try TodoStore.open(in: $0) + TodoStore.done(in: $0) }
  }

  /// A stage whose account is in the sandbox.
  private func stage() throws -> Stage {
    let stage = try Stage()
    try read(stage, sandbox: true)
    return stage
  }

  private func count(_ type: String, on stage: Stage) throws -> Int {
    try stage.auditTypes().count { $0 == type }
  }

  @Test func `a danger opens one, its end closes it, and its return opens the same again`()
    async throws
  {
    let stage = try stage()
    try read(stage, sandbox: true)
    #expect(try all(stage).map(\.title) == ["Get SES out of the sandbox"])
    #expect(try all(stage).map(\.due) == [Day(number: Day(stage.clock.now).number + 7)])
    try read(stage, sandbox: true, failure: "AWS does not answer.")
    #expect(try all(stage).map(\.isOpen) == [true])
    try read(stage, sandbox: false)
    #expect(try all(stage).map(\.closingNote) == ["SES has production access."])
    try read(stage, sandbox: true)
    let again = try #require(try all(stage).first)
    #expect(try all(stage).count == 1)
    #expect(again.isOpen && again.timesReopened == 1 && again.closingNote.isEmpty)
    for type in ["todo.opened", "todo.closed", "todo.reopened"] {
      #expect(try count(type, on: stage) == 1, "\(type)")
    }
    let page = await (try stage.browser(as: "viewer")).get("/todos/1").text
    for words in [
      "SES is in the sandbox.", "Ask AWS for production access", "Opened again 1 time.",
      "<b>Caretaker</b> opened it: “SES is in the sandbox.”",
      "<b>Caretaker</b> closed it: “SES has production access.”",
    ] {
      #expect(page.contains(words), "\(words)")
    }
    #expect(!page.contains("/todos/1/owner"))
    try await stage.end()
  }

  @Test func `what asks for attention opens one after a day, also if readings failed meanwhile`()
    async throws
  {
    let stage = try Stage()
    try read(stage, sandbox: false, quotaUsed: 90)
    stage.clock.advance(ms: Span.day / 2)
    try read(stage, sandbox: false, failure: "AWS does not answer.")
    try read(stage, sandbox: false, quotaUsed: 90)
    #expect(try all(stage).isEmpty)
    stage.clock.advance(ms: Span.day / 2)
    try read(stage, sandbox: false, quotaUsed: 90)
    #expect(try all(stage).map { $0.source?.finding } == ["ses.quota"])
    try await stage.end()
  }

  @Test func `a check that is not made any more closes its own`() async throws {
    let stage = try stage()
    try stage.portal.storage.writeNow { [now = stage.clock.now] db in
      try TodoStore.follow([], accepted: [], site: "blog", at: now, in: db)
    }
    #expect(try all(stage).map(\.closingNote) == ["The check does not apply any more."])
    try await stage.end()
  }

  @Test func `it can't be closed by hand while the check fails, and nothing typed is lost`()
    async throws
  {
    let stage = try stage()
    let browser = try await stage.browser(as: "approver")
    let answer = await browser.post("/todos/1/end", ["note": "AWS has it"])
    #expect(answer.status == .unprocessableContent)
    for words in ["SES is in the sandbox. It closes by itself", "have the finding accepted"] {
      #expect(answer.text.contains(words), "\(words)")
    }
    #expect(answer.text.contains(">AWS has it</textarea>"))
    #expect(try all(stage).map(\.isOpen) == [true])
    let person = try stage.person("approver").id
    _ = await browser.post(
      "/findings/ses.sandbox/acceptance",
      ["owner": "\(person)", "until": Day(stage.clock.now).next.iso, "reason": "No members yet"])
    let done = await browser.post("/todos/1/end", ["note": "No members yet"])
    #expect(done.headers[.location] == "/todos/1?said=done")
    try read(stage, sandbox: true)
    #expect(try all(stage).map(\.isOpen) == [false])
    stage.clock.advance(ms: Span.day)
    try read(stage, sandbox: true)
    #expect(try all(stage).map(\.isOpen) == [true])
    try await stage.end()
  }

  @Test func `people give it, date it, write to it and snooze it, and the log has each`()
    async throws
  {
    let stage = try stage()
    let browser = try await stage.browser(as: "operator")
    let owner = try stage.person("approver")
    let today = Day(stage.clock.now)
    let until = Day(number: today.number + 3)
    let before = try count("todo.changed", on: stage)
    for (path, fields) in [
      ("owner", ["owner": "\(owner.id)"]), ("due-date", ["day": today.next.iso]),
      ("notes", ["note": "Asked AWS, case 17"]),
      ("snooze", ["until": until.iso, "reason": "AWS is looking"]),
    ] {
      let answer = await browser.post("/todos/1/\(path)", fields)
      #expect(answer.status == .seeOther, "\(path)")
    }
    #expect(try count("todo.changed", on: stage) == before + 4)
    var page = await browser.get("/todos/1").text
    for words in [
      "gave it to Approver", "made it due on \(today.next.iso)", "wrote: “Asked AWS, case 17”",
      "Out of sight until \(until.iso): AWS is looking", "/todos/1/snooze/end",
    ] {
      #expect(page.contains(words), "\(words)")
    }
    #expect(await browser.get("/todos").text.contains("Nothing is left to do"))
    #expect(await browser.get("/todos?state=snoozed").text.contains("Get SES out of the sandbox"))
    stage.clock.advance(ms: 3 * Span.day)
    page = await (try stage.browser(as: "approver")).get("/todos?owner=me&overdue=yes").text
    #expect(page.contains("Get SES out of the sandbox"))
    #expect(page.contains("Overdue"))
    #expect(page.contains("<span class=\"count danger\">1<"))
    // Sound, though nothing outside vouches for the end.
    #expect(try Verifiers.verdict(on: stage.database).exitCode == 2)
    try await stage.end()
  }

  @Test(arguments: [
    ("owner", ["owner": "999"], "Choose somebody of the team."),
    ("due-date", ["day": "31.12."], "Choose a day from today on"),
    ("due-date", ["day": "2020-01-01"], "Choose a day from today on"),
    ("notes", ["note": " "], "Write something to keep."),
    ("snooze", ["until": "2020-01-01", "reason": "Kept words"], "Choose a day after today"),
    ("snooze", ["until": "2026-12-24", "reason": ""], "Say why it can wait."),
    ("reopening", ["note": "Kept words"], "It is open already."),
  ])
  func `what can't be taken is said, and what was typed stays`(
    path: String, fields: [String: String], words: String
  ) async throws {
    let stage = try stage()
    let browser = try await stage.browser(as: "operator")
    let before = try stage.auditTypes()
    let answer = await browser.post("/todos/1/\(path)", fields)
    #expect(answer.status == .unprocessableContent)
    #expect(answer.text.contains(words))
    for value in fields.values where value == "Kept words" || value.hasPrefix("20") {
      #expect(answer.text.contains(value), "\(value)")
    }
    #expect(try stage.auditTypes() == before)
    try await stage.end()
  }

  @Test func `a secret in a note is refused and kept nowhere`() async throws {
    let stage = try stage()
    let browser = try await stage.browser(as: "operator")
    let secret = "AKIA" + "IOSFODNN7EXAMPLE"
    let answer = await browser.post("/todos/1/notes", ["note": "key \(secret)"])
    #expect(answer.text.contains("looks like"))
    #expect(try count("todo.changed", on: stage) == 0)
    try await stage.end()
  }

  @Test func `what is closed takes notes and nothing else, and opens again with a word`()
    async throws
  {
    let stage = try Stage()
    try stage.portal.storage.writeNow { [now = stage.clock.now] db in
      try TodoStore.open("Look at it", change: nil, by: .portal, at: now, in: db)
    }
    let browser = try await stage.browser(as: "operator")
    let quick = await browser.post("/todos/1/end", ["from": "changes"])
    #expect(quick.headers[.location] == "/changes?said=done")
    let refused = await browser.post("/todos/1/due-date", ["day": "2026-12-24"])
    #expect(refused.text.contains("It is closed. Nothing was changed; open it again first."))
    #expect(await browser.post("/todos/1/notes", ["note": "later"]).status == .seeOther)
    #expect(await browser.post("/todos/1/reopening").status == .unprocessableContent)
    let answer = await browser.post("/todos/1/reopening", ["note": "It is back"])
    #expect(answer.headers[.location] == "/todos/1?said=reopened")
    #expect(try stage.auditTypes().last == "todo.reopened")
    try await stage.end()
  }

  @Test func `what the check finds met is not opened again by hand`() async throws {
    let stage = try stage()
    try read(stage, sandbox: false)
    let browser = try await stage.browser(as: "operator")
    let answer = await browser.post("/todos/1/reopening", ["note": "I doubt it"])
    #expect(answer.text.contains("The check is met: SES has production access."))
    #expect(answer.text.contains("I doubt it"))
    try await stage.end()
  }

  @Test func `the board has a column for each standing`() async throws {
    let stage = try stage()
    try stage.portal.storage.writeNow { [now = stage.clock.now] db in
      for title in ["Mine", "Later", "Over"] {
        try TodoStore.open("It is \(title)", change: nil, by: .portal, at: now, in: db)
      }
    }
    let browser = try await stage.browser(as: "operator")
    let person = try stage.person("operator").id
    _ = await browser.post("/todos/2/owner", ["owner": "\(person)"])
    let until = Day(stage.clock.now).next.iso
    _ = await browser.post("/todos/3/snooze", ["until": until, "reason": "w"])
    _ = await browser.post("/todos/4/end", ["note": "n"])
    let page = await browser.get("/todos?view=board").text
    let parts = ["<h2>Open ", "Get SES", "<h2>Mine ", "It is Mine", "<h2>Snoozed ", "It is Later"]
    var rest = page[...]
    for part in parts + ["<h2>Done ", "It is Over"] {
      let place = try #require(rest.range(of: part), "\(part)")
      rest = rest[place.upperBound...]
    }
    #expect(page.contains("2 open, none overdue."))
    try await stage.end()
  }

  @Test func `the change it comes from, and one of the kind that mends it, are shown`()
    async throws
  {
    let stage = try stage()
    let number = try await Proposals.propose(on: stage)
    try stage.portal.storage.writeNow { [now = stage.clock.now] db in
      try TodoStore.open("Look at it", change: number, by: .portal, at: now, in: db)
      try db.execute(
        sql: """
          UPDATE todos SET mend_kind = (SELECT kind FROM plans), site = (SELECT site FROM plans)
          WHERE number = 1
          """)
    }
    let browser = try await stage.browser(as: "viewer")
    for todo in 1...2 {
      let page = await browser.get("/todos/\(todo)").text
      #expect(page.contains("<a href=\"/changes/\(number)\">CR-\(number): "), "\(todo)")
      #expect(page.contains("Waiting for approval"), "\(todo)")
    }
    try await stage.end()
  }

  @Test func `the mending change is a link, and whether one was proposed is said`() async throws {
    let stage = try Stage()
    let facts = MailFacts(
      productionAccess: true, sendingEnabled: false, enforcement: "HEALTHY", max24Hours: 0,
      sent24Hours: 0, review: "")
    try stage.portal.storage.writeNow { [now = stage.clock.now] db in
      try ObservationStore.store(
        Look(.mail, source: "s", .read(facts)), site: "blog", at: now, in: db)
      try FindingStore.judge(site: "blog", at: now, in: db)
    }
    let browser = try await stage.browser(as: "operator")
    let page = await browser.get("/todos/1").text
    #expect(await browser.get("/findings/ses.paused").text.contains("href=\"/todos/1\""))
    #expect(page.contains("/changes/preview?kind=ses.sending&amp;sending=on"))
    #expect(page.contains("No change has been proposed for it."))
    try await stage.end()
  }
}
