import GRDB
import Rules
import Testing

@testable import Portal

/// How far a run has come, and how long its kind usually takes.
@Suite struct PaceTests {
  @Test func `the page of a run says its step, and its time against the usual`() async throws {
    let stage = try Stage()
    let (before, now) = (
      try await Proposals.propose(on: stage), try await Proposals.propose(on: stage)
    )
    let runner = try stage.person("operator").id
    let nowMs = stage.clock.now.ms
    func begin(_ change: Int64, state: String, atMs: Int64, endMs: Int64?) async throws {
      try await stage.portal.storage.write { db in
        try db.execute(
          sql: """
            INSERT INTO executions
              (change_id, attempt, executor_id, boot_id, started_at, finished_at)
            SELECT id, 1, ?, 'boot', ?, ? FROM changes WHERE number = ?
            """, arguments: [runner, atMs, endMs, change])
        try db.execute(
          sql: "UPDATE changes SET state = ? WHERE number = ?", arguments: [state, change])
      }
    }
    let browser = try await stage.browser(as: "viewer")
    try await begin(now, state: "executing", atMs: nowMs - 40_000, endMs: nil)
    #expect(await browser.get("/changes/\(now)").text.contains("<p>Running for 40 seconds.</p>"))
    try await begin(before, state: "succeeded", atMs: nowMs - 620_000, endMs: nowMs - 500_000)
    let page = await browser.get("/changes/\(now)").text
    #expect(page.contains("<p>Running for 40 seconds, usually 2 minutes.</p>"))
    #expect(!(await browser.get("/changes/\(before)").text.contains("Running for")))
    try await stage.end()
  }
}
