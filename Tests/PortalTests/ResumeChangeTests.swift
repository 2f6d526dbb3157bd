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
    try await stage.browser(as: "operator-2").post("/changes/\(number)/resumption")
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

  @Test func `the clock runs what is due once, and writes why it could not`() async throws {
    let stage = try await stage()
    let runAt = Moment(ms: stage.clock.now.adding(ms: 2 * Span.minute).ms / 60_000 * 60_000)
    var text = runAt.iso8601Minutes
    text = text.replacing(":", with: "%3A")
    let number = try await approved("kind=ecs.count&count=2&run_at=\(text)", on: stage)
    try await stage.portal.runWhatIsDue()
    #expect(try stage.change(number).storedState == .approved)
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
