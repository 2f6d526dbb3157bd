import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// Runs against the AWS peer over HTTP. The tests take turns: there is one peer.
@Suite(.serialized) struct RunChangeTests: CloudSuite {
  let peer: CloudPeer

  init() throws {
    peer = try CloudPeer.ofRuns.get()
    try peer.reset()
  }

  @Test func `a poll reads the stack, and the page says what is wrong with it`() async throws {
    let stage = try await stage()
    let page = await (try stage.browser(as: "viewer")).get("/resources").text
    for words in [
      "RDS keeps backups for 1 day.", "The database runs in one zone.",
      "The storage is not encrypted.", "Versioning is off.", "There are no alarms.",
      "Log lines are kept for 731 days.", "SES is in the sandbox.", "1 of 1 task runs",
      "ecs:DescribeServices", "rds:DescribeDBInstances",
    ] {
      #expect(page.contains(words), "\(words)")
    }
    try await stage.end()
  }

  @Test func `a preview shows the price of each line and the price date`() async throws {
    let stage = try await stage()
    let browser = try await stage.browser(as: "operator")
    let page = await browser.get("/changes/preview?kind=ecs.task-size&size=512-1024").text
    for words in [
      "$9.01 → $18.02 a month", "+$9.01", "$0.04048 per vCPU-hour", "$0.004445 per GB-hour",
      "2026-10-06", "Left out", "An hour",
    ] {
      #expect(page.contains(words), "\(words)")
    }
    #expect(try peer.calls("UpdateService").isEmpty)
    #expect(try peer.calls("RegisterTaskDefinition").isEmpty)
    try await stage.end()
  }

  @Test(arguments: [
    "kind=ecs.count&count=1", "kind=ecs.count&count=9", "kind=ecs.count&count=x",
    "kind=ecs.task-size&size=256-512", "kind=ecs.task-size&size=256-4096",
    "kind=rds.class&class=db.t3.micro", "kind=rds.class&class=db.z99.huge", "kind=x", "",
  ])
  func `what can't be asked for is refused with a sentence, and nothing is called`(query: String)
    async throws
  {
    let stage = try await stage()
    let browser = try await stage.browser(as: "operator")
    let response = await browser.get("/changes/preview?" + query)
    #expect(response.status == .unprocessableContent)
    #expect(response.text.contains("There is a problem"))
    try await stage.end()
  }

  @Test func `a task count runs: one call, watched to its end, told by the log`() async throws {
    let stage = try await stage()
    let number = try await approved("kind=ecs.count&count=2", on: stage)
    #expect(try await run(number, on: stage).headers[.location] == "/changes/1?said=running")
    #expect(try await settled(number, on: stage) == .succeeded)
    #expect(try peer.calls("UpdateService").count == 1)
    let story = try stage.auditTypes().filter {
      $0.hasPrefix("change.") || $0.hasPrefix("run.") || $0.hasPrefix("step.")
    }
    #expect(
      story == [
        "change.proposed", "change.approved", "run.started", "step.intended",
        "step.finished", "change.moved", "change.moved",
      ])
    try await stage.end()
  }

  @Test func `a task size registers one revision and deploys it`() async throws {
    let stage = try await stage()
    let number = try await approved("kind=ecs.task-size&size=512-1024", on: stage)
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .succeeded)
    #expect(try peer.calls("RegisterTaskDefinition").count == 1)
    #expect(try peer.calls("UpdateService").count == 1)
    try await poll(stage)
    let page = await (try stage.browser(as: "viewer")).get("/scaling").text
    #expect(page.contains("Each Ghost task has <b>0.5 vCPU, 1 GiB</b>"))
    try await stage.end()
  }

  @Test func `a database class changes at once, or waits for the window`() async throws {
    let stage = try await stage()
    let window = try await approved("kind=rds.class&class=db.t3.small&when=window", on: stage)
    _ = try await run(window, on: stage)
    #expect(try await settled(window, on: stage) == .succeeded)
    try peer.reset()
    let now = try await approved("kind=rds.class&class=db.t3.medium&when=now", on: stage)
    _ = try await run(now, on: stage)
    #expect(try await settled(now, on: stage) == .succeeded)
    #expect(try peer.calls("ModifyDBInstance").count == 1)
    try await stage.end()
  }

  @Test func `what changed since the approval stops the run, field by field, and closes it`()
    async throws
  {
    let stage = try await stage()
    let number = try await approved("kind=ecs.count&count=2", on: stage)
    try peer.drift("{\"ecs_desired\": 3}")
    let response = try await run(number, on: stage)
    #expect(response.status == .conflict)
    #expect(response.text.contains("Desired tasks was 1, is 3 now"))
    #expect(try stage.change(number).storedState == .stale)
    #expect(try peer.calls("UpdateService").isEmpty)
    try await stage.end()
  }

  @Test func `a price that rose makes another revision, which waits for votes of its own`()
    async throws
  {
    let stage = try await stage()
    let number = try await approved("kind=ecs.task-size&size=512-1024", on: stage)
    let before = try stage.change(number)
    try peer.change("prices", #"{"times": 3}"#)
    let refused = try await run(number, on: stage)
    #expect(refused.status == .conflict)
    #expect(refused.text.contains("A month was to cost $18.02 and would cost $54.06 now."))
    let change = try stage.change(number)
    #expect(change.storedState == .pending)
    #expect(change.plan.terms.revision == 2)
    #expect(change.plan.steps == before.plan.steps)
    #expect(change.digest != before.digest)
    #expect(change.editors == before.editors)
    #expect(try stage.auditTypes().suffix(2) == ["change.repriced", "change.refused"])
    let page = await (try stage.browser(as: "approver")).get("/changes/\(number)").text
    for words in ["$27.03 → $54.06 a month", "every vote is void", "It needs one approval."] {
      #expect(page.contains(words), "\(words)")
    }
    #expect(try await run(number, on: stage).status == .conflict)
    try await Proposals.approve(number, on: stage)
    #expect(try await run(number, on: stage).status == .seeOther)
    #expect(try await settled(number, on: stage) == .succeeded)
    #expect(try peer.calls("UpdateService").count == 1)
    let verdict = try Verifiers.verdict(on: stage.database)
    #expect(verdict.exitCode == 2, "\(verdict.sentence)")
    let auditor = try await stage.browser(as: "auditor")
    let pack = stage.folder + "/pack.jsonl"
    try await auditor.get("/changes/\(number)/evidence").text
      .write(toFile: pack, atomically: true, encoding: .utf8)
    #expect(try Verifiers.verdict(on: pack, isPack: true).exitCode == 2)
    try await stage.end()
  }

  @Test func `when AWS can't be read nothing runs, and the approval stands`() async throws {
    let stage = try await stage()
    let number = try await approved("kind=ecs.count&count=2", on: stage)
    try peer.faults(
      """
      [{"service": "ecs", "operation": "DescribeServices", "times": 9,
        "code": "AccessDeniedException", "status": 400}]
      """)
    let response = try await run(number, on: stage)
    #expect(response.status == .conflict)
    #expect(response.text.contains("ecs:DescribeServices"))
    #expect(response.text.contains("Nothing was changed."))
    #expect(try stage.change(number).storedState == .approved)
    try peer.faults("[]")
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .succeeded)
    try await stage.end()
  }

  @Test func `a refused call is a failure without effect`() async throws {
    let stage = try await stage()
    let number = try await approved("kind=ecs.count&count=2", on: stage)
    try peer.faults(
      """
      [{"service": "ecs", "operation": "UpdateService", "times": 1,
        "code": "InvalidParameterException", "status": 400}]
      """)
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .failedNoEffect)
    #expect(try peer.calls("UpdateService").count == 1)
    try await stage.end()
  }

  @Test func `AWS acts and the answer is lost: unknown, never sent again, settled by looking`()
    async throws
  {
    let stage = try await stage()
    let number = try await approved("kind=ecs.count&count=2", on: stage)
    try peer.faults(
      """
      [{"service": "ecs", "operation": "UpdateService", "times": 1, "drop": "after"}]
      """)
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .unknown)
    let browser = try await stage.browser(as: "approver")
    #expect(await browser.get("/resources").text.contains("Nobody knows what became of"))
    #expect(await browser.get("/changes/1").text.contains("Say what happened"))

    let again = try await approved("kind=rds.class&class=db.t3.small", on: stage)
    #expect(again == 2)
    try peer.advance(seconds: 600)
    try await poll(stage)
    try peer.advance(seconds: 600)
    try await poll(stage)
    #expect(try stage.change(number).storedState == .succeeded)
    #expect(try peer.calls("UpdateService").count == 1)
    try await stage.end()
  }

  @Test func `a resource with an unknown outcome is locked, and another person settles it`()
    async throws
  {
    let stage = try await stage()
    let number = try await approved("kind=ecs.count&count=2", on: stage)
    let second = try await approved("kind=ecs.task-size&size=512-1024", on: stage)
    try peer.faults(
      """
      [{"service": "ecs", "operation": "UpdateService", "times": 1, "drop": "before"}]
      """)
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .unknown)
    #expect(try await run(second, on: stage).text.contains("CR-1 is changing"))

    let finding = ["found": "not-done", "note": "CloudTrail shows no call"]
    let executor = try await stage.browser(as: "operator-2")
    let refused = await executor.post("/changes/1/finding", finding)
    #expect(refused.text.contains("somebody else has to say what became of it"))
    let other = try await stage.browser(as: "operator")
    #expect(await other.post("/changes/1/finding", finding).status == .seeOther)
    #expect(try stage.change(number).storedState == .failedNoEffect)
    #expect(try await run(second, on: stage).status == .seeOther)
    #expect(try await settled(second, on: stage) == .succeeded)
    try await stage.end()
  }

  @Test func `fifty presses of Run at once are one run`() async throws {
    let stage = try await stage()
    let number = try await approved("kind=ecs.count&count=2", on: stage)
    let browser = try await stage.browser(as: "operator-2")
    let started = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<50 {
        group.addTask { await browser.run(1).status == .seeOther }
      }
      return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(started == 1)
    #expect(try await settled(number, on: stage) == .succeeded)
    #expect(try peer.calls("UpdateService").count == 1)
    try await stage.end()
  }

  @Test func `an approver who lost the role since stops the run`() async throws {
    let stage = try await stage()
    let number = try await approved("kind=ecs.count&count=2", on: stage)
    try stage.portal.storage.writeNow { db in
      try db.execute(sql: "UPDATE people SET role = 'viewer' WHERE login = 'approver'")
    }
    let response = try await run(number, on: stage)
    #expect(
      response.text.contains(
        "It has too few approvals that count now: Approver has a role that does not approve"))
    #expect(try peer.calls("UpdateService").isEmpty)
    try await stage.end()
  }

  @Test func `a wrong stack, region or key gives the page a sentence`() async throws {
    try peer.faults(
      """
      [{"service": "cloudformation", "operation": "ListStackResources", "times": 9,
        "code": "ValidationError", "status": 400,
        "message": "Stack with id GhostInfraStack does not exist"}]
      """)
    let stage = try await stage()
    let page = await (try stage.browser(as: "viewer")).get("/resources").text
    #expect(page.contains("Last try failed:</b> There is no stack “GhostInfraStack”."))
    #expect(page.contains("The stack has not been listed, so this can&#39;t be read."))
    try await stage.end()
  }
}
