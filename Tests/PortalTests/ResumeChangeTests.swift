import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// Going on with a run whose outcome nobody knows. In turn with the other runs.
extension RunChangeTests {
  private func unknown(_ query: String, drop: String, on stage: Stage) async throws -> Int64 {
    let number = try await approved(query, on: stage)
    try peer.faults(
      """
      [{"service": "ecs", "operation": "UpdateService", "times": 1, "drop": "\(drop)"}]
      """)
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .unknown)
    return number
  }

  private func resume(_ number: Int64, on stage: Stage) async throws -> Response {
    try await stage.browser(as: "operator-2").resume(number)
  }

  @Test func `a call that never arrived is made again when a person says so, by a second attempt`()
    async throws
  {
    let stage = try await stage()
    let number = try await unknown("kind=ecs.count&count=2", drop: "before", on: stage)
    #expect(try await resume(number, on: stage).status == .seeOther)
    #expect(try await settled(number, on: stage) == .succeeded)
    let attempts = try stage.portal.storage.readNow { db in
      try AuditStore.entries(of: number, in: db).filter { $0.type == "run.started" }
        .compactMap { $0.data["attempt"]?.number }
    }
    #expect(attempts == [1, 2])
    #expect(try await resume(number, on: stage).status == .conflict)
    try await stage.end()
  }

  @Test func `a refusal of the second call says nothing of the first, which stays unknown`()
    async throws
  {
    let stage = try await stage()
    let number = try await unknown("kind=ecs.count&count=2", drop: "before", on: stage)
    try peer.faults(
      """
      [{"service": "ecs", "operation": "UpdateService", "times": 1,
        "code": "InvalidParameterException", "status": 400}]
      """)
    #expect(try await resume(number, on: stage).status == .seeOther)
    #expect(try await settled(number, on: stage) == .unknown)
    #expect(try Verifiers.verdict(on: stage.folder + "/caretaker.sqlite").exitCode == 2)
    try await stage.end()
  }

  @Test func `going on asks once more, as a run does, and a wrong password sends nothing`()
    async throws
  {
    let stage = try await stage()
    let number = try await unknown("kind=ecs.count&count=2", drop: "before", on: stage)
    let browser = try await stage.browser(as: "operator-2")
    #expect(await browser.get("/changes/\(number)").text.contains("Your password"))
    for fields in [[:], ["password": "wrong"]] {
      let response = await browser.post("/changes/\(number)/resumption", fields)
      #expect(response.status == .unprocessableContent)
      #expect(response.text.contains("The password is not right"))
    }
    #expect(try peer.calls("UpdateService").count == 1)
    #expect(await browser.resume(number).status == .seeOther)
    #expect(try await settled(number, on: stage) == .succeeded)
    let confirmed = try stage.portal.storage.readNow { db in
      try AuditStore.entries(of: number, in: db).filter { $0.type == "run.started" }
        .map { $0.data["confirmed_by"]?.text }
    }
    #expect(confirmed == ["password", "password"])
    try await stage.end()
  }

  @Test func `what AWS did after all is not made again`() async throws {
    let stage = try await stage()
    let number = try await unknown("kind=ecs.count&count=2", drop: "after", on: stage)
    let response = try await resume(number, on: stage)
    #expect(response.text.contains("Desired tasks was 1, is 2 now"))
    #expect(try stage.change(number).storedState == .unknown)
    #expect(try peer.calls("UpdateService").count == 1)
    try await stage.end()
  }

  @Test func `only the calls that are left are made`() async throws {
    let stage = try await stage()
    let number = try await unknown(
      "kind=ecs.task-size&size=512-1024", drop: "before", on: stage)
    #expect(try await resume(number, on: stage).status == .seeOther)
    #expect(try await settled(number, on: stage) == .succeeded)
    #expect(try peer.calls("RegisterTaskDefinition").count == 1)
    try await stage.end()
  }

  @Test func `a freeze that began since stops the going on, and nothing is sent`() async throws {
    let stage = try await stage()
    let number = try await unknown("kind=ecs.count&count=2", drop: "before", on: stage)
    let freezer = try stage.person("approver")
    try stage.portal.storage.writeNow { [now = stage.clock.now] db in
      try HouseStore.insert(
        Freeze(
          number: 0, from: now, to: now.adding(ms: Span.hour), reason: "Election", exceptions: []),
        by: freezer, at: now, in: db)
    }
    let refused = try await resume(number, on: stage)
    #expect(refused.status == .conflict)
    #expect(refused.text.contains("There is a freeze until"))
    #expect(try stage.change(number).storedState == .unknown)
    #expect(try peer.calls("UpdateService").count == 1)
    stage.clock.advance(ms: Span.hour)
    #expect(try await resume(number, on: stage).status == .seeOther)
    #expect(try await settled(number, on: stage) == .succeeded)
    try await stage.end()
  }

  @Test func `nobody goes on with what a disabled person had asked for`() async throws {
    let stage = try await stage()
    let number = try await unknown("kind=ecs.count&count=2", drop: "before", on: stage)
    try stage.accounts().disable(login: "operator")
    #expect(
      try await resume(number, on: stage).text.contains(
        "The requester&#39;s account has been disabled since"))
    #expect(try peer.calls("UpdateService").count == 1)
    try await stage.end()
  }

  @Test func `neither who ran it first nor who went on with it says what became of it`()
    async throws
  {
    let stage = try await stage()
    let number = try await unknown("kind=ecs.count&count=2", drop: "before", on: stage)
    try peer.faults(
      """
      [{"service": "ecs", "operation": "UpdateService", "times": 1, "drop": "before"}]
      """)
    let second = try await stage.browser(as: "approver-2")
    #expect(await second.resume(number).status == .seeOther)
    #expect(try await settled(number, on: stage) == .unknown)
    let finding = ["found": "not-done", "note": "CloudTrail shows no call"]
    for login in ["operator-2", "approver-2"] {
      let browser = try await stage.browser(as: login)
      #expect(await browser.get("/changes/\(number)").text.contains("other than those who ran it"))
      let refused = await browser.post("/changes/\(number)/finding", finding)
      #expect(refused.text.contains("somebody else has to say what became of it"), "\(login)")
    }
    let other = try await stage.browser(as: "operator")
    #expect(await other.post("/changes/\(number)/finding", finding).status == .seeOther)
    #expect(try stage.change(number).storedState == .failedNoEffect)
    try await stage.end()
  }

  @Test func `the clock is not asked to run what has to be named by hand`() async throws {
    let stage = try await stage()
    let browser = try await stage.browser(as: "operator")
    let preview = await browser.get("/changes/preview?kind=rds.delete").text
    #expect(preview.contains("so the clock can’t."))
    #expect(!preview.contains("run_at"))
    let asked = await browser.get("/changes/preview?kind=rds.delete&run_at=2030-01-01T10%3A00")
    #expect(asked.status == .unprocessableContent)
    #expect(asked.text.contains("Somebody has to type the name of what is lost"))
    try await stage.end()
  }

  @Test func `who previews what needs no approval is told that the clock runs it`() async throws {
    let stage = try await stage()
    let browser = try await stage.browser(as: "operator")
    let preview = "/changes/preview?kind=rds.retention&days=7"
    #expect(await browser.get(preview).text.contains("You run it yourself, and it is in the log."))
    let timed = await browser.get(preview + "&run_at=2030-01-01T10%3A00").text
    #expect(timed.contains("The clock runs it, and it is in the log."))
    try await stage.end()
  }

  @Test func `an approval that comes after the time waits for a person, and the page says so`()
    async throws
  {
    let stage = try await stage()
    let runAt = Moment(ms: stage.clock.now.adding(ms: 2 * Span.minute).ms / 60_000 * 60_000)
    let text = runAt.iso8601Minutes.replacing(":", with: "%3A")
    let number = try await proposed("kind=ecs.count&count=2&run_at=\(text)", on: stage)
    stage.clock.advance(ms: 3 * Span.minute)
    try await Proposals.approve(number, on: stage)
    try await stage.portal.runWhatIsDue()
    #expect(try stage.change(number).storedState == .approved)
    let page = await (try stage.browser(as: "operator")).get("/changes/\(number)").text
    #expect(page.contains("The clock was to run it on"))
    #expect(try await run(number, on: stage).status == .seeOther)
    #expect(try await settled(number, on: stage) == .succeeded)
    try await stage.end()
  }

  @Test func `the clock runs what is due once, and writes why it could not`() async throws {
    let stage = try await stage()
    let runAt = Moment(ms: stage.clock.now.adding(ms: 2 * Span.minute).ms / 60_000 * 60_000)
    var text = runAt.iso8601Minutes
    text = text.replacing(":", with: "%3A")
    let number = try await approved("kind=ecs.count&count=2&run_at=\(text)", on: stage)
    try await stage.portal.runWhatIsDue()
    #expect(try stage.change(number).storedState == .approved)
    let page = await (try stage.browser(as: "operator")).get("/changes/\(number)").text
    #expect(page.contains("Nothing has changed yet: the clock runs it."))
    try peer.drift(#"{"ecs_desired": 3}"#)
    stage.clock.advance(ms: runAt.since(stage.clock.now))
    try await stage.portal.runWhatIsDue()
    #expect(try stage.change(number).storedState == .stale)
    let refusals = try stage.portal.storage.readNow { db in
      try AuditStore.entries(of: number, in: db).filter { $0.type == "change.refused" }
    }
    #expect(refusals.count == 1)
    #expect(refusals.first?.data["why"]?.text?.contains("Desired tasks was 1, is 3 now") == true)
    try await stage.portal.runWhatIsDue()
    #expect(try peer.calls("UpdateService").isEmpty)
    try await stage.end()
  }
}

extension Moment {
  /// As a browser's field for date and time writes it, in UTC.
  fileprivate var iso8601Minutes: String {
    String(When(self, now: self).iso.prefix("2026-11-24T10:05".count))
  }
}
