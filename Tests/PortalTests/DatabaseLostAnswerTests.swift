import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// Changes of the database whose answer is lost.
extension DatabaseChangeTests {
  /// A run that lost the answer to one of its calls.
  private func lost(
    _ operation: String, _ drop: String, of query: String, on stage: Stage
  ) async throws -> Int64 {
    let number = try await ready(query, on: stage)
    try peer.faults(
      """
      [{"service": "rds", "operation": "\(operation)", "times": 1, "drop": "\(drop)"}]
      """)
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .unknown)
    return number
  }

  private func resume(_ number: Int64, on stage: Stage) async throws -> Response {
    try await stage.browser(as: "operator-2").resume(number)
  }

  @Test(arguments: [
    ("ModifyDBInstance", "kind=rds.retention&days=7"),
    ("ModifyDBInstance", "kind=rds.storage&gib=40&type=gp2"),
    ("CreateDBSnapshot", "kind=rds.snapshot"),
    ("RestoreDBInstanceToPointInTime", "kind=rds.restore&from=latest&id=ghost-restored"),
  ])
  func `what RDS did, its answer lost, is seen to be done and not done again`(
    operation: String, query: String
  ) async throws {
    let stage = try await stage()
    let number = try await lost(operation, "after", of: query, on: stage)
    for _ in 0..<3 {
      try peer.advance(seconds: 600)
      try await poll(stage)
    }
    #expect(try stage.change(number).storedState == .succeeded)
    #expect(try peer.calls(operation).count == 1)
    try await stage.end()
  }

  @Test func `a snapshot whose call never arrived is taken when a person says so`() async throws {
    let stage = try await stage()
    let number = try await lost("CreateDBSnapshot", "before", of: "kind=rds.snapshot", on: stage)
    try await poll(stage)
    #expect(try stage.change(number).storedState == .unknown)
    #expect(try await resume(number, on: stage).status == .seeOther)
    #expect(try await settled(number, on: stage) == .succeeded)
    try await stage.end()
  }

  @Test(arguments: ["before", "after"])
  func `nothing tells whether a lost reboot was made, so a person has to look`(drop: String)
    async throws
  {
    let stage = try await stage()
    let number = try await lost("RebootDBInstance", drop, of: "kind=rds.reboot", on: stage)
    try peer.advance(seconds: 600)
    try await poll(stage)
    #expect(try stage.change(number).storedState == .unknown)
    let response = try await resume(number, on: stage)
    #expect(response.text.contains("must not be sent twice"))
    #expect(try peer.calls("RebootDBInstance").count == 1)
    try await stage.end()
  }

  @Test(arguments: ["before", "after"])
  func `an encryption goes on where the answer to its copy was lost`(drop: String) async throws {
    let stage = try await stage()
    let number = try await lost("CopyDBSnapshot", drop, of: "kind=rds.encryption", on: stage)
    try peer.advance(seconds: 600)
    #expect(try await resume(number, on: stage).status == .seeOther)
    #expect(try await settled(number, on: stage) == .succeeded)
    #expect(try peer.calls("CreateDBSnapshot").count == 1)
    #expect(try peer.calls("RestoreDBInstanceFromDBSnapshot").count == 1)
    try await stage.end()
  }

  /// An encryption whose first call is answered and whose second waits for the snapshot.
  private func waiting(on stage: Stage) async throws -> Int64 {
    let number = try await approved("kind=rds.encryption", on: stage)
    _ = try await run(number, on: stage)
    let id = try stage.change(number).id
    try await wait {
      try stage.portal.storage.readNow { try ExecutionStore.steps(of: id, in: $0) }
        .first?.outcome == "done"
    }
    return number
  }

  @Test func `a portal that stops does not wait on, and the next goes on with it`() async throws {
    let before = try await stage()
    let number = try await waiting(on: before)
    try await before.portal.close()
    let stage = try Stage(endpoint: peer.url, folder: before.folder, clock: before.clock)
    #expect(try stage.change(number).storedState == .unknown)
    try peer.advance(seconds: 600)
    #expect(try await resume(number, on: stage).status == .seeOther)
    #expect(try await settled(number, on: stage) == .succeeded)
    #expect(try peer.calls("CreateDBSnapshot").count == 1)
    try await stage.end()
  }

  @Test func `what a step waits for and never comes ends the run, and says what was not done`()
    async throws
  {
    let stage = try await stage()
    let number = try await waiting(on: stage)
    let state = try await stage.settled(number) { stage.clock.advance(ms: Span.hour) }
    #expect(state == .failedPartial)
    #expect(try peer.calls("CopyDBSnapshot").isEmpty)
    let page = await (try stage.browser(as: "operator")).get("/changes/\(number)").text
    #expect(page.contains("could not be done within 6 hours."))
    try await stage.end()
  }
}
