import Cryptography
import Foundation
import GRDB
import Rules
import Testing

@testable import Portal

/// Logs that were tampered with, by somebody who may write the file as they like.
@Suite struct AuditVerifierTests {
  /// The database of a portal in which a change was proposed, approved and begun.
  private func database() async throws -> String {
    let stage = try Stage()
    let number = try await Proposals.propose(on: stage)
    try await Proposals.approve(number, on: stage)
    let person = try stage.person("operator-2")
    try stage.portal.storage.writeNow { db in
      let change = try ChangeStore.find(number, in: db)
      let house = try HouseStore.house(at: stage.clock.now, in: db)
      try ExecutionStore.begin(
        change, by: person, as: .person(person), approvers: change.approvers(in: house),
        emergency: nil, boot: stage.portal.boot, under: .notNeeded, at: stage.clock.now, in: db)
      try ExecutionStore.intend(
        1, call: "ecs:UpdateService", of: try ChangeStore.find(number, in: db),
        boot: stage.portal.boot, at: stage.clock.now, in: db)
    }
    try await stage.portal.close()
    return stage.database
  }

  /// Writes with the triggers out of the way, as an intruder would, and verifies.
  private func verdict(
    on path: String, after tampering: (Database) throws -> Void
  ) throws -> AuditVerdict {
    _ = try verdictAlone(on: path, after: tampering)
    return try Verifiers.verdict(on: path)
  }

  /// The same without the second verifier.
  private func verdictAlone(
    on path: String, after tampering: (Database) throws -> Void
  ) throws -> AuditVerdict {
    try DatabaseQueue(path: path).write { db in
      for name in ["audit_appended", "audit_immutable", "audit_kept", "checkpoints_immutable"] {
        try db.execute(sql: "DROP TRIGGER IF EXISTS \(name)")
      }
      try db.execute(sql: "PRAGMA defer_foreign_keys = ON")
      try tampering(db)
    }
    return try AuditVerifier().verify(path)
  }

  /// Links every entry anew, so that only what the entries say can give the forger away.
  private func relink(
    _ db: Database, changing entries: (Canonical) -> Canonical?
  ) throws {
    let logID = try #require(try String.fetchOne(db, sql: "SELECT id FROM log"))
    let rows = try Row.fetchAll(db, sql: "SELECT * FROM audit ORDER BY seq")
    try db.execute(sql: "DELETE FROM audit")
    var seq: Int64 = 0
    var chain: [UInt8] = []
    for row in rows {
      let old = try #require(Canonical(canonical: [UInt8](row["bytes"] as Data)))
      guard case .object(var members)? = entries(old) else { continue }
      seq += 1
      members["seq"] = .integer(seq)
      let entry = Canonical.object(members)
      chain = AuditLog.link(
        after: chain, seq: seq, logID: logID, leaf: MerkleRange.leaf(of: entry.bytes))
      try db.execute(
        sql: """
          INSERT INTO audit (seq, at, type, person_id, change, bytes, chain)
          VALUES (?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          seq, entry["at"]?.number, entry["type"]?.text, entry["person"]?.number,
          entry["data"]?["change"]?.number, Data(entry.bytes), Data(chain),
        ])
    }
  }

  @Test func `an honest log is sound, and says that nothing vouches for its end`() async throws {
    let path = try await database()
    let count = try #require(
      try await DatabaseQueue(path: path).read { db in
        try Int64.fetchOne(db, sql: "SELECT count(*) FROM audit")
      })
    let verdict = try Verifiers.verdict(on: path)
    guard case .sound(count, 0, _) = verdict else {
      Issue.record("\(verdict)")
      return
    }
    #expect(verdict.exitCode == 2)
  }

  /// What is written, and what finds the entry that is no more what it was.
  private static let tamperings = [
    (
      "UPDATE audit SET bytes = CAST(replace(bytes, 'newsletter', 'newsletteR') AS BLOB)",
      "SELECT min(seq) FROM audit WHERE instr(bytes, 'newsletter')"
    ),
    ("UPDATE audit SET bytes = CAST(bytes || ' ' AS BLOB) WHERE seq = 2", "SELECT 2"),
    ("UPDATE audit SET type = 'session.ended' WHERE seq = 3", "SELECT 3"),
    ("UPDATE audit SET at = at + 1 WHERE seq = 2", "SELECT 2"),
    ("UPDATE audit SET person_id = person_id + 1 WHERE type = 'change.approved'", approval),
    ("UPDATE audit SET change = 2 WHERE type = 'change.approved'", approval),
    ("UPDATE audit SET chain = zeroblob(32) WHERE seq = 2", "SELECT 2"),
    ("DELETE FROM audit WHERE seq = 1", "SELECT 1"),
    ("DELETE FROM audit WHERE seq = 3", "SELECT 3"),
    ("UPDATE audit SET seq = seq + 1000 WHERE seq > 3", "SELECT 4"),
    ("UPDATE log SET id = 'ffffffffffffffffffffffffffffffff'", "SELECT 1"),
  ]
  private static let approval = "SELECT seq FROM audit WHERE type = 'change.approved'"

  @Test(arguments: tamperings)
  func `one thing changed is found, and the entry named`(sql: String, entry: String) async throws {
    let path = try await database()
    let changed = try await DatabaseQueue(path: path).read { try Int64.fetchOne($0, sql: entry) }
    let verdict = try verdict(on: path) { try $0.execute(sql: sql) }
    guard case .tampered(let named, _) = verdict else {
      Issue.record("\(verdict)")
      return
    }
    #expect(named == changed)
    #expect(verdict.exitCode == 1)
  }

  @Test func `two entries exchanged are found`() async throws {
    let verdict = try verdict(on: try await database()) { db in
      for (from, to) in [(2, 900), (3, 2), (900, 3)] {
        try db.execute(sql: "UPDATE audit SET seq = ? WHERE seq = ?", arguments: [to, from])
      }
    }
    #expect(verdict.exitCode == 1)
  }

  @Test func `a log linked anew without the approval tells of a run without a second person`()
    async throws
  {
    let verdict = try verdict(on: try await database()) { db in
      try relink(db) { $0["type"]?.text == "change.approved" ? nil : $0 }
    }
    #expect(verdict.sentence.contains("CR-1 was run without 1 other persons who count"))
    #expect(verdict.exitCode == 4)
  }

  @Test func `a log linked anew with the requester as approver breaks the rule`() async throws {
    let verdict = try verdict(on: try await database()) { db in
      let requester = try Int64.fetchOne(db, sql: "SELECT requester_id FROM changes")
      try relink(db) { entry in
        guard case .object(var members) = entry, entry["type"]?.text == "change.approved" else {
          return entry
        }
        members["person"] = requester.map(Canonical.integer)
        return .object(members)
      }
    }
    #expect(verdict.sentence.contains("CR-1 was approved by its author"))
    #expect(verdict.exitCode == 4)
  }

  @Test func `a log linked anew without the run tells of a call without one`() async throws {
    let verdict = try verdict(on: try await database()) { db in
      try relink(db) { $0["type"]?.text == "run.started" ? nil : $0 }
    }
    #expect(verdict.sentence.contains("CR-1 made a call while it was not running"))
  }

  @Test func `every single bit of an entry matters`() async throws {
    let path = try await database()
    let queue = try DatabaseQueue(path: path)
    let bytes = try #require(
      try await queue.read { db in
        try Data.fetchOne(db, sql: "SELECT bytes FROM audit WHERE type = 'change.approved'")
      })
    // A process for each bit would take minutes: the twin is asked about every fortieth.
    for index in stride(from: 0, to: bytes.count * 8, by: 1) {
      var changed = bytes
      changed[changed.startIndex + index / 8] ^= 1 << UInt8(index % 8)
      let tampering: (Database) throws -> Void = { db in
        try db.execute(
          sql: "UPDATE audit SET bytes = ? WHERE type = 'change.approved'", arguments: [changed])
      }
      let found =
        index % 40 == 0
        ? try verdict(on: path, after: tampering) : try verdictAlone(on: path, after: tampering)
      #expect(found.exitCode == 1, "bit \(index)")
    }
  }
}
