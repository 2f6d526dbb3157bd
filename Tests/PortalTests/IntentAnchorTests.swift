import Cryptography
import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// What can't be put back, and the anchor of its intent. In turn with the other tests of anchors.
extension AnchorTests {
  /// A portal whose log is anchored, and in which two others approved the deletion of the database.
  private func approvedDeletion(intentWithinMs: Int64 = Span.hour) async throws -> Stage {
    // How old a backup is, the peer's clock says.
    let stage = try Stage(
      endpoint: peer.url, clock: TestClock(at: try peer.now()), isAnchored: true,
      intentWithinMs: intentWithinMs)
    await stage.portal.poll(stage.portal.means(at: stage.portal.configuration.sites[0]))
    _ = try await Proposals.propose(
      "kind=rds.delete", reason: "The blog moves to another account", on: stage)
    try await Proposals.approve(1, on: stage)
    try await Proposals.approve(1, by: "administrator", on: stage)
    await anchor(stage)
    return stage
  }

  /// Runs it until it has come to rest; gives up after a minute, by failing.
  private func run(_ stage: Stage) async throws -> ChangeState {
    let typed = try stage.change(1).plan.typedName
    let browser = try await stage.browser(as: "operator")
    let response = await browser.run(1, typed: typed)
    #expect(response.status == .seeOther)
    return try await stage.settled(1) {
      if try stage.change(1).storedState == .verifying { try peer.advance(seconds: 60) }
    }
  }

  /// Whether an anchor was kept that speaks for the run and was made before the call was intended.
  private func isIntentAnchored(_ stage: Stage) throws -> Bool {
    try stage.portal.storage.readNow { db in
      try Bool.fetchOne(
        db,
        sql: """
          SELECT EXISTS (
            SELECT 1 FROM anchors WHERE outcome = 'kept'
            AND size >= (SELECT seq FROM audit WHERE type = 'run.started')
            AND size < (SELECT seq FROM audit WHERE type = 'step.intended'))
          """) ?? false
    }
  }

  @Test func `what can't be put back makes its call once its run is anchored`() async throws {
    let stage = try await approvedDeletion()
    #expect(try await run(stage) == .succeeded)
    #expect(try isIntentAnchored(stage))
    let writes = try peer.calls().compactMap(\.operation)
      .filter { ["PutObject", "DeleteDBInstance"].contains($0) }
    #expect(writes == ["PutObject", "PutObject", "DeleteDBInstance"])
    try await stage.end()
  }

  @Test func `a lost answer to the anchor of a run is looked for, and the run goes on`()
    async throws
  {
    let stage = try await approvedDeletion()
    try peer.faults(#"[{"service": "s3", "operation": "PutObject", "times": 1, "drop": "after"}]"#)
    #expect(try await run(stage) == .succeeded)
    #expect(try isIntentAnchored(stage))
    #expect(try peer.calls("DeleteDBInstance").count == 1)
    try await stage.end()
  }

  @Test func `what can't be put back makes no call while its run can't be anchored, and says so`()
    async throws
  {
    let stage = try await approvedDeletion()
    try peer.faults(
      """
      [{"service": "s3", "operation": "PutObject", "times": null, "code": "AccessDenied",
        "status": 403}]
      """)
    #expect(try await run(stage) == .failedNoEffect)
    let page = await (try await stage.browser(as: "viewer")).get("/changes/1").text
    #expect(page.contains("is not begun before the log that tells of it is anchored"))
    #expect(page.contains("s3:PutObject"))
    #expect(try peer.calls("DeleteDBInstance").isEmpty)
    let types = try stage.auditTypes()
    #expect(types.contains("run.started") && !types.contains("step.intended"))
    let isLocked = try stage.portal.storage.readNow {
      try Bool.fetchOne($0, sql: "SELECT EXISTS (SELECT 1 FROM locks)")
    }
    #expect(isLocked == false)
    let key = stage.portal.signer.publicKey.text
    try peer.faults("[]")
    try await stage.portal.close()
    #expect(try Verifiers.verdict(on: stage.database, key: key).exitCode == 0)
  }

  @Test func `a bucket that doesn't answer is not waited for longer than the limit`() async throws {
    let stage = try await approvedDeletion(intentWithinMs: 200)
    try peer.faults(
      #"[{"service": "s3", "operation": "ListObjectsV2", "times": null, "latency_ms": 5000}]"#)
    #expect(try await run(stage) == .failedNoEffect)
    #expect(try peer.calls("DeleteDBInstance").isEmpty)
    try peer.faults("[]")
    try await stage.end()
  }

  @Test func `what turns out to be missing from the log stops what can't be put back`()
    async throws
  {
    let stage = try await approvedDeletion()
    let logID = try stage.portal.storage.readNow { try AuditLog.logID(in: $0) }
    let place = "\(Samples.anchor.prefix)/\(logID)/0000/0000000000001000"
    let note = try SignedNote(
      Checkpoint(logID: logID, line: 0, size: 1_000, root: [UInt8](repeating: 1, count: 32)).text,
      signedBy: [stage.portal.signer])
    try peer.changeAnchors([place: note.whole])
    #expect(try await run(stage) == .failedNoEffect)
    #expect(try peer.calls("DeleteDBInstance").isEmpty)
    let page = await (try await stage.browser(as: "viewer")).get("/changes/1").text
    #expect(page.contains("is not the one that was anchored with 1000"))
    try await stage.end()
  }
}
