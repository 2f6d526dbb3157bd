import AWS
import Cryptography
import Foundation
import GRDB
import Rules
import Testing

@testable import Portal

/// The log's entries in a bucket, which the AWS peer keeps. The tests take turns at it.
@Suite(.serialized) struct EntryStreamTests {
  let peer: CloudPeer
  static let place = BucketPlace(bucket: Samples.anchor.bucket, prefix: "entries", site: "blog")

  init() throws {
    peer = try CloudPeer.ofStreams.get()
    try peer.reset()
  }

  private func stage(after before: Stage? = nil) throws -> Stage {
    try Stage(
      endpoint: peer.url, folder: before?.folder, clock: before?.clock ?? TestClock(),
      stream: Self.place)
  }

  private func append(_ count: Int, to stage: Stage) throws {
    try stage.portal.storage.writeNow { db in
      for _ in 0..<count {
        try AuditLog.append(.sessionEnded, by: .portal, at: stage.clock.now, in: db)
      }
    }
  }

  private func bring(_ stage: Stage) async {
    await stage.portal.signLog()
    await stage.portal.streamEntries()
  }

  private func count(_ stage: Stage) throws -> Int64 { try Int64(stage.auditTypes().count) }

  private func standing(_ stage: Stage) throws -> (through: Int64, problem: String?) {
    let found = try stage.portal.storage.readNow {
      try EntryStreamStore.standing(of: Self.place, in: $0)
    }
    return (found?.through ?? -1, found?.problem)
  }

  /// The objects in the order of their names.
  private func objects(_ stage: Stage) async throws -> [(name: String, text: String)] {
    let s3 = stage.portal.outside.cloud(stage.portal.configuration.sites[0]).s3
    var objects: [(String, String)] = []
    for key in try await s3.listObjects(Self.place.bucket, prefix: "entries/", after: nil) {
      let bytes = try await s3.getObject(key, in: Self.place.bucket)
      objects.append((key, String(decoding: bytes, as: UTF8.self)))
    }
    return objects
  }

  /// The numbers of the entries, as they stand there.
  private func numbers(_ stage: Stage) async throws -> [Int64] {
    try await objects(stage).flatMap { object in
      object.text.matches(of: /"seq":(\d+)/).compactMap { Int64($0.1) }
    }
  }

  @Test func `signed entries are put once, and each object proves itself`() async throws {
    let stage = try stage()
    await bring(stage)
    #expect(try stage.auditTypes().filter { $0 == "log.exported" }.count == 1)
    for count in [3, 1, 7] {
      try append(count, to: stage)
      await bring(stage)
      await stage.portal.streamEntries()
    }
    let objects = try await objects(stage)
    #expect(objects.count == 4)
    #expect(try peer.calls("PutObject").count == 4)
    #expect(objects.allSatisfy { $0.name.contains("/log=") && $0.name.contains("/line=0000/") })
    #expect(try await numbers(stage) == Array(1...(try count(stage))))
    let key = stage.portal.signer.publicKey.text
    for (name, text) in objects {
      let path = stage.folder + "/" + (name.split(separator: "/").last ?? "")
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      #expect(try Verifiers.verdict(on: path, key: key).exitCode == 0, "\(name)")
    }
    #expect(
      try await stage.portal.metrics(load: stage.portal.load).contains(
        "caretaker_audit_streamed_entries \(try count(stage))\n"))
    try await stage.end()
  }

  @Test func `what is not signed yet waits, and a long log goes in parts`() async throws {
    let stage = try stage()
    await stage.portal.streamEntries()
    #expect(try await objects(stage).isEmpty)
    try append(2 * Int(EntryStream.entriesMax), to: stage)
    await bring(stage)
    #expect(try await objects(stage).count == 3)
    #expect(try await numbers(stage) == Array(1...(try count(stage))))
    try await stage.end()
  }

  @Test func `an answer that is lost, or a stop before it is noted, puts nothing twice`()
    async throws
  {
    let stage = try stage()
    try peer.faults(#"[{"service": "s3", "operation": "PutObject", "times": 1, "drop": "after"}]"#)
    await bring(stage)
    #expect(try standing(stage).through == 0)
    #expect(try standing(stage).problem != nil)
    try append(1, to: stage)
    await bring(stage)
    #expect(try standing(stage) == (try count(stage), nil))
    try await stage.portal.storage.write { db in
      try db.execute(sql: "UPDATE entry_stream SET through = 0")
    }
    try await stage.portal.close()
    let again = try self.stage(after: stage)
    try append(1, to: again)
    await bring(again)
    #expect(try await numbers(again) == Array(1...(try count(again))))
    #expect(try peer.calls("PutObject").count == 3)
    try await again.end()
  }

  @Test func `an older copy of the database is told by what is there, and puts nothing`()
    async throws
  {
    let first = try stage()
    await bring(first)
    try await first.portal.close()
    let file = first.folder + "/caretaker.sqlite"
    let copy = FileManager.default.contents(atPath: file)
    let second = try stage(after: first)
    try append(5, to: second)
    await bring(second)
    try await second.portal.close()
    for suffix in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: file + suffix)
    }
    try copy?.write(to: URL(fileURLWithPath: file))
    let third = try stage(after: first)
    let puts = try peer.calls("PutObject").count
    for more in [0, 50] {
      try append(more, to: third)
      await bring(third)
      #expect(try standing(third).problem?.contains("older copy of the database") == true)
    }
    #expect(try peer.calls("PutObject").count == puts)
    let page = await (try await third.browser(as: "administrator")).get("/setup/checks").text
    #expect(page.contains("It stands at entry"))
    try await third.end()
  }
}
