import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// Runs on a machine that can't be trusted with one. They share the peer, and so the suite.
extension RunChangeTests {
  private static let count = "kind=ecs.count&count=2"

  @Test func `with too little room nothing runs, and the approval stands until there is`()
    async throws
  {
    let stage = try await stage()
    let number = try await approved(Self.count, on: stage)
    stage.disk.leave(freeBytes: 300 << 20)
    let response = try await run(number, on: stage)
    #expect(response.status == .conflict)
    #expect(response.text.contains("has only 300 MiB left"))
    #expect(try stage.change(number).storedState == .approved)
    #expect(try peer.calls("UpdateService").isEmpty)
    stage.disk.leave(freeBytes: 1 << 40)
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .succeeded)
    try await stage.end()
  }

  @Test func `with the clock behind the log nothing runs until it is mended or accepted`()
    async throws
  {
    let stage = try await stage()
    let number = try await approved(Self.count, on: stage)
    let ahead = stage.clock.now.adding(ms: 10 * Rules.Span.minute)
    try stage.portal.storage.writeNow { db in
      try AuditLog.append(.sessionEnded, by: .portal, at: ahead, in: db)
    }
    let response = try await run(number, on: stage)
    #expect(response.status == .conflict)
    #expect(response.text.contains("600 seconds behind the latest entry of the log"))
    #expect(try peer.calls("UpdateService").isEmpty)
    try stage.accounts().acceptClock()
    #expect(try stage.auditTypes().last == "clock.accepted")
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .succeeded)
    try await stage.end()
  }

  @Test(arguments: [-600_000, 600_000] as [Int64])
  func `with a clock minutes off AWS's nothing runs`(leadMs: Int64) async throws {
    let stage = try Stage(endpoint: peer.url, cloudClockLeadMs: leadMs)
    try await poll(stage)
    let number = try await approved(Self.count, on: stage)
    let response = try await run(number, on: stage)
    #expect(response.status == .conflict)
    let word = leadMs > 0 ? "behind" : "ahead of"
    #expect(response.text.contains("seconds \(word) AWS"))
    #expect(try stage.change(number).storedState == .approved)
    #expect(try peer.calls("UpdateService").isEmpty)
    try await stage.end()
  }

  /// A run whose call is answered after the database has become full.
  private func runIntoFullDisk() async throws -> Stage {
    let stage = try await stage()
    _ = try await approved(Self.count, on: stage)
    _ = try await approved("kind=rds.class&class=db.t3.small&when=now", on: stage)
    try peer.faults(
      """
      [{"service": "ecs", "operation": "UpdateService", "times": 1, "latency_ms": 1500}]
      """)
    _ = try await run(1, on: stage)
    try await wait { try stage.auditTypes().contains("step.intended") }
    try stage.fillDatabase()
    try await wait {
      FileManager.default.fileExists(atPath: stage.folder + "/spool.jsonl")
    }
    return stage
  }

  @Test func `an outcome that finds no room is spooled, stops other runs, and is written later`()
    async throws
  {
    let stage = try await runIntoFullDisk()
    #expect(!FileManager.default.fileExists(atPath: stage.folder + "/ballast"))
    #expect(try stage.change(1).storedState == .executing)
    #expect(try await stage.portal.storageStanding() != .healthy)
    #expect(try peer.calls("UpdateService").count == 1)
    try stage.growDatabase()
    try await wait { try stage.auditTypes().contains("step.finished") }
    try await wait { try stage.change(1).storedState == .unknown }
    #expect(!FileManager.default.fileExists(atPath: stage.folder + "/spool.jsonl"))
    #expect(try await stage.portal.storageStanding() == .healthy)
    #expect(try peer.calls("UpdateService").count == 1)
    try await stage.end()
  }

  @Test func `while an outcome waits to be written nothing else runs`() async throws {
    let stage = try await runIntoFullDisk()
    let waiting = SpooledOutcome(change: 1, boot: "b", step: 9, outcome: "done", detail: "", at: 0)
    stage.portal.storage.spool.keep(waiting)
    try stage.growDatabase()
    let response = try await run(2, on: stage)
    #expect(response.status == .conflict)
    #expect(response.text.contains("The outcome of a call could not be written yet."))
    #expect(try peer.calls("ModifyDBInstance").isEmpty)
    try await stage.end()
  }

  @Test func `what the spool holds at a start is evidence, and the change is unknown`()
    async throws
  {
    let before = try await runIntoFullDisk()
    try await before.portal.close()
    let stage = try Stage(endpoint: peer.url, folder: before.folder, clock: before.clock)
    #expect(try stage.change(1).storedState == .unknown)
    #expect(
      try stage.auditTypes().suffix(3) == ["portal.started", "spool.imported", "change.moved"])
    let step = try #require(
      try stage.portal.storage.readNow { db in
        try ExecutionStore.steps(of: try ChangeStore.find(1, in: db).id, in: db).first
      })
    #expect(step.outcome == "done")
    #expect(!FileManager.default.fileExists(atPath: stage.folder + "/spool.jsonl"))
    let story = await (try stage.browser(as: "auditor")).get("/changes/1").text
    #expect(story.contains("found in the spool what became of step 1 of CR-1"))
    let verdict = try AuditVerifier().verify(stage.database)
    #expect(verdict.exitCode == 2)
    try await stage.end()
  }

  @Test func `lines of a spool that say nothing, or what is known, change nothing`() async throws {
    let before = try await stage()
    _ = try await approved(Self.count, on: before)
    _ = try await run(1, on: before)
    #expect(try await settled(1, on: before) == .succeeded)
    try await before.portal.close()
    let lines = """
      {"at":1,"boot":"\(before.portal.boot.id)","change":1,"detail":"","outcome":"failed","step":1}
      {"at":1,"boot":"b","change":99,"detail":"no such change","outcome":"done","step":1}
      not JSON
      """
    try Data(lines.utf8).write(to: URL(fileURLWithPath: before.folder + "/spool.jsonl"))
    let stage = try Stage(endpoint: peer.url, folder: before.folder, clock: before.clock)
    #expect(try stage.change(1).storedState == .succeeded)
    #expect(
      try stage.auditTypes().suffix(3) == ["portal.started", "spool.imported", "spool.imported"])
    let verdict = try AuditVerifier().verify(stage.database)
    #expect(verdict.exitCode == 2)
    try await stage.end()
  }
}
