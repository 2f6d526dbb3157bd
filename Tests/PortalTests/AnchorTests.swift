import AWS
import Cryptography
import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// The log against its anchors, which the AWS peer keeps. The tests take turns: there is one peer.
@Suite(.serialized) struct AnchorTests {
  let peer: CloudPeer

  init() throws {
    peer = try CloudPeer.ofAnchors.get()
    try peer.reset()
  }

  /// A portal that anchors its log, also on the folder of an earlier one.
  private func stage(after before: Stage? = nil) throws -> Stage {
    try Stage(
      endpoint: peer.url, folder: before?.folder, clock: before?.clock ?? TestClock(),
      isAnchored: true)
  }

  @Test func `a sealed backup goes to a bucket and comes back, and its log is seen to be behind`()
    async throws
  {
    let before = try stage()
    let keyFile = before.folder + "-backup.key"
    try KeyFile.write(
      Secret(String(repeating: "0f", count: 32)), to: keyFile, mode: 0o400)
    let place = "s3://\(Samples.anchor.bucket)/portal"
    let backups = OwnBackups(before.portal.configuration, outside: before.portal.outside)
    let made = try await backups.make(to: place, keyFile: keyFile)
    #expect(made.place.hasPrefix(place + "/caretaker-") && made.place.hasSuffix(".zip.sealed"))
    await #expect(throws: OwnBackupProblem.self) {
      try await backups.make(to: place, keyFile: nil)
    }
    // The log goes on and is anchored; then the disk is lost.
    try before.append(60)
    await anchor(before)
    let folder = before.folder + "-restored"
    let copied = try await copy(before)
    let sentences = try await backups.restore(
      made.place, into: folder, keyFile: keyFile, anchors: copied)
    #expect(sentences.first?.contains("\(made.entries) entries in the log") == true)
    #expect(sentences.contains { $0.contains("behind its anchors") })
    for name in ["audit.key", "factor.key"] {
      try FileManager.default.copyItem(
        atPath: "\(before.folder)/\(name)", toPath: "\(folder)/\(name)")
    }
    try await before.end()
    let after = try Stage(
      endpoint: peer.url, folder: folder, clock: before.clock, isAnchored: true)
    await anchor(after)
    guard case .behind = try standing(after) else {
      Issue.record("a restored log that is behind its anchors is not seen")
      return
    }
    try await after.end()
    try FileManager.default.removeItem(atPath: keyFile)
  }

  func anchor(_ stage: Stage) async {
    await stage.portal.signLog()
    await stage.portal.anchorLog()
  }

  private func standing(_ stage: Stage) throws -> LogStanding {
    try stage.portal.storage.readNow { try stage.portal.logStanding(at: stage.clock.now, in: $0) }
  }

  private func count(_ stage: Stage) throws -> Int64 { try Int64(stage.auditTypes().count) }

  /// Where anchors are kept: `s3://bucket/` and the key.
  private func places(_ stage: Stage, outcome: String = "kept") throws -> [String] {
    try stage.portal.storage.readNow { db in
      try String.fetchAll(
        db, sql: "SELECT place FROM anchors WHERE outcome = ? ORDER BY line, size",
        arguments: [outcome])
    }.map { String($0.dropFirst("s3://\(Samples.anchor.bucket)/".count)) }
  }

  /// The anchors of the bucket in a folder, as `aws s3 sync` copies them.
  private func copy(_ stage: Stage) async throws -> String {
    let folder = NSTemporaryDirectory() + "caretaker-anchors-\(UUID().uuidString)"
    let s3 = stage.portal.outside.cloud(stage.portal.configuration.sites[0]).s3
    for key in try await s3.listObjects(
      Samples.anchor.bucket, prefix: Samples.anchor.prefix, after: nil)
    {
      let file = URL(fileURLWithPath: folder + "/" + key)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(try await s3.getObject(key, in: Samples.anchor.bucket)).write(to: file)
    }
    return folder
  }

  @Test func `a checkpoint is anchored once, and the foot says so`() async throws {
    let stage = try stage()
    #expect(try standing(stage) == .unchecked)
    await anchor(stage)
    #expect(try standing(stage) == .healthy)
    let anchored = try count(stage)
    #expect(try places(stage).count == 1)
    await stage.portal.anchorLog()
    #expect(try peer.calls("PutObject").count == 1)
    let browser = try await stage.browser(as: "viewer")
    let foot = await browser.get("/resources").text
    #expect(foot.contains("anchored through \(anchored), just now; 1 not yet anchored"))
    try await stage.end()
  }

  @Test func `anchors vouch for the log, and find a cut one, without any key`() async throws {
    let stage = try stage()
    await anchor(stage)
    try stage.append(3)
    try await stage.portal.close()
    let folder = try await copy(stage)
    #expect(try Verifiers.verdict(on: stage.database, anchors: folder).exitCode == 0)
    try await DatabaseQueue(path: stage.database).write { db in
      for name in ["audit_kept", "checkpoints_kept"] {
        try db.execute(sql: "DROP TRIGGER \(name)")
      }
      let first = try Int64.fetchOne(db, sql: "SELECT min(size) FROM checkpoints")
      try db.execute(sql: "DELETE FROM audit WHERE seq > ?", arguments: [first])
      try db.execute(sql: "DELETE FROM checkpoints WHERE size > ?", arguments: [first])
    }
    let key = stage.portal.signer.publicKey.text
    #expect(try Verifiers.verdict(on: stage.database, key: key).exitCode == 0)
    #expect(try Verifiers.verdict(on: stage.database, key: key, anchors: folder).exitCode == 1)
    try Data("nonsense".utf8).write(to: URL(fileURLWithPath: folder + "/x"))
    #expect(throws: StorageProblem.self) { try AuditVerifier(anchors: folder) }
    #expect(try Verifiers.twin([stage.database, "--anchors", folder]).status == 3)
  }

  /// A portal whose database was set back to an older copy, with what it had before.
  private func setBack() async throws -> (stage: Stage, anchored: Int64) {
    let first = try stage()
    await anchor(first)
    try await first.portal.close()
    // SQLite's log of the file belongs to it.
    let files = ["", "-wal", "-shm"].map { first.database + $0 }
    let copies = files.map { FileManager.default.contents(atPath: $0) }
    let second = try stage(after: first)
    try second.append(20)
    await anchor(second)
    let anchored = try count(second)
    try await second.portal.close()
    for (file, copy) in zip(files, copies) {
      try? FileManager.default.removeItem(atPath: file)
      try copy?.write(to: URL(fileURLWithPath: file))
    }
    return (try stage(after: first), anchored)
  }

  @Test func `a database that was set back is found at the start, and a restart does not forget`()
    async throws
  {
    let (stage, anchored) = try await setBack()
    #expect(try standing(stage) == .unchecked)
    await stage.portal.anchorLog()
    #expect(try standing(stage) == .behind(anchored: anchored, local: try count(stage)))
    #expect(try stage.auditTypes().last == "log.behind")
    let page = await (try await stage.browser(as: "viewer")).get("/resources").text
    #expect(page.contains("may be an older copy of the database"))
    let signed = try stage.portal.storage.readNow { try CheckpointStore.last(in: $0)?.size }
    try stage.append(1)
    await anchor(stage)
    #expect(try stage.portal.storage.readNow { try CheckpointStore.last(in: $0)?.size } == signed)
    try await stage.portal.close()
    let again = try self.stage(after: stage)
    #expect(try standing(again) == .behind(anchored: anchored, local: try count(again)))
    try await again.end()
  }

  @Test func `a gap that people accept begins another line, which both verifiers follow`()
    async throws
  {
    let (stage, anchored) = try await setBack()
    let kept = try stage.portal.storage.readNow { try AnchorStore.anchoredThrough(in: $0) }
    await stage.portal.anchorLog()
    let person = try stage.person("approver")
    try stage.portal.storage.writeNow { db in
      try AnchorStore.acceptGap(
        why: "the disk broke; restored from Sunday's copy", by: .person(person),
        boot: stage.portal.boot, at: stage.clock.now, in: db)
    }
    await anchor(stage)
    #expect(try standing(stage) == .healthy)
    #expect(try places(stage).last?.contains("/0001/") == true)
    #expect(throws: Refusal.self) {
      try stage.portal.storage.writeNow { db in
        try AnchorStore.acceptGap(
          why: "again", by: .portal, boot: stage.portal.boot, at: stage.clock.now, in: db)
      }
    }
    try await stage.portal.close()
    let folder = try await copy(stage)
    let key = stage.portal.signer.publicKey.text
    #expect(try Verifiers.verdict(on: stage.database, key: key, anchors: folder).exitCode == 0)
    #expect(kept > 0 && kept < anchored)
    // Another start knows its anchors of the new line.
    let again = try self.stage(after: stage)
    await anchor(again)
    #expect(try standing(again) == .healthy)
    try await again.end()
  }

  @Test func `behind its anchor nothing guarded runs but what two people do to go on`()
    async throws
  {
    let (stage, _) = try await setBack()
    await stage.portal.anchorLog()
    let operator_ = try await stage.browser(as: "operator")
    #expect(await operator_.get("/safety").text.contains("The log is behind its anchor"))
    let preview = await operator_.get("/changes/preview?kind=log.gap")
    #expect(preview.text.contains("Entries through"))
    let number = try await Proposals.propose(
      "kind=log.gap", reason: "The disk broke; restored from Sunday's copy", by: operator_)
    #expect(await operator_.run(number).status == .conflict)
    try await Proposals.approve(number, on: stage)
    #expect(await operator_.run(number).status == .seeOther)
    #expect(try await stage.settled(number) == .succeeded)
    #expect(try stage.auditTypes().contains("log.gap_accepted"))
    await anchor(stage)
    #expect(try standing(stage) == .healthy)
    try await stage.end()
  }

  @Test func `an anchor of the same size by another history is a fork`() async throws {
    let stage = try stage()
    await anchor(stage)
    let place = try #require(try places(stage).first)
    let size = try count(stage)
    let logID = try stage.portal.storage.readNow {
      try String.fetchOne($0, sql: "SELECT id FROM log")
    }
    let fork = Checkpoint(
      logID: try #require(logID), line: 0, size: size, root: [UInt8](repeating: 1, count: 32))
    let note = try SignedNote(fork.text, signedBy: [stage.portal.signer])
    try peer.changeAnchors([place: note.whole])
    try stage.append(1)
    await anchor(stage)
    guard case .behind(size, _) = try standing(stage) else {
      Issue.record("\(try standing(stage))")
      return
    }
    try await stage.portal.close()
    let folder = try await copy(stage)
    #expect(try Verifiers.verdict(on: stage.database, anchors: folder).exitCode == 1)
  }

  @Test func `an anchor that nobody of the log signed is not believed, nor passed over`()
    async throws
  {
    let stage = try stage()
    await anchor(stage)
    let place = try #require(try places(stage).first)
    try peer.changeAnchors([place: "nonsense"])
    try stage.append(1)
    await anchor(stage)
    guard case .behind = try standing(stage) else {
      Issue.record("\(try standing(stage))")
      return
    }
    try await stage.end()
  }

  @Test func `an anchor that is gone is written down once, and the next takes its place`()
    async throws
  {
    let stage = try stage()
    await anchor(stage)
    try stage.append(1)
    await anchor(stage)
    let gone = try places(stage)
    try peer.changeAnchors(Dictionary(gone.map { ($0, String?.none) }) { first, _ in first })
    try stage.append(1)
    await anchor(stage)
    #expect(try places(stage, outcome: "missing").count == 2)
    #expect(try stage.auditTypes().filter { $0 == "log.anchor_missing" }.count == 1)
    #expect(try places(stage).count == 1)
    #expect(try standing(stage) == .healthy)
    try await stage.end()
  }

  @Test func `an anchor whose answer was lost is found, not put twice`() async throws {
    let stage = try stage()
    try peer.faults(#"[{"service": "s3", "operation": "PutObject", "times": 1, "drop": "after"}]"#)
    await anchor(stage)
    #expect(try places(stage, outcome: "failed").count == 1)
    await stage.portal.anchorLog()
    #expect(try places(stage, outcome: "failed") == [])
    #expect(try standing(stage) == .healthy)
    #expect(try peer.calls("PutObject").count == 1)
    try await stage.end()
  }

  @Test func `while anchors can't be made, runs go on for a quarter of an hour or 50 entries`()
    async throws
  {
    let stage = try stage()
    await anchor(stage)
    try peer.faults(
      """
      [{"service": "s3", "operation": "PutObject", "times": 99, "code": "AccessDenied",
        "status": 403}]
      """
    )
    try stage.append(1)
    stage.clock.advance(ms: LogStanding.lateMs)
    await anchor(stage)
    #expect(try standing(stage) == .healthy)
    stage.clock.advance(ms: 1)
    #expect(try standing(stage) == .late(sinceMs: LogStanding.lateMs + 1, entries: 1))
    try stage.append(Int(LogStanding.tailMax))
    #expect(try standing(stage).sentence?.contains("guarded changes are not run") == true)
    try peer.faults("[]")
    await anchor(stage)
    #expect(try standing(stage) == .healthy)
    try stage.append(Int(LogStanding.tailMax))
    #expect(try standing(stage) == .healthy)
    try stage.append(1)
    #expect(try standing(stage) == .late(sinceMs: 0, entries: LogStanding.tailMax + 1))
    try await stage.end()
  }

  @Test func `a guarded run is refused, with the reason, while the log is not vouched for`()
    async throws
  {
    let stage = try stage()
    await stage.portal.poll(stage.portal.means(at: stage.portal.configuration.sites[0]))
    let browser = try await stage.browser(as: "operator")
    _ = try await Proposals.propose("kind=ecs.count&count=2", reason: "newsletter", by: browser)
    try await Proposals.approve(1, on: stage)
    let refused = await browser.run(1)
    #expect(refused.status == .conflict)
    #expect(refused.text.contains("has not been compared with its anchors"))
    #expect(try stage.change(1).storedState == .approved)
    await anchor(stage)
    #expect(await browser.run(1).status == .seeOther)
    try await stage.end()
  }

  @Test func `without a place for anchors nothing is refused, and the foot says so`() async throws {
    let stage = try Stage()
    #expect(try standing(stage) == .unanchored)
    let page = await (try await stage.browser(as: "viewer")).get("/resources").text
    #expect(page.contains("not anchored outside"))
    try await stage.end()
  }
}
