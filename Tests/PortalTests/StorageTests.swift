import Cryptography
import Foundation
import GRDB
import Rules
import Testing

@testable import Portal

@Suite struct StorageTests {
  @Test func `every commit is on disk before it is answered`() async throws {
    let stage = try Stage()
    let settings = try stage.portal.storage.writeNow { db in
      (
        try Int.fetchOne(db, sql: "PRAGMA synchronous"),
        try String.fetchOne(db, sql: "PRAGMA journal_mode"),
        try Int.fetchOne(db, sql: "PRAGMA foreign_keys")
      )
    }
    #expect(settings.0 == 2)
    #expect(settings.1 == "wal")
    #expect(settings.2 == 1)
    try await stage.end()
  }

  @Test(arguments: [
    "UPDATE audit SET type = 'x' WHERE seq = 1", "DELETE FROM audit WHERE seq = 1",
    "INSERT OR REPLACE INTO audit SELECT seq, at, 'x', person_id, change, bytes, chain FROM audit",
    "INSERT INTO audit SELECT seq + 100, at, type, person_id, change, bytes, chain FROM audit",
    "UPDATE plans SET bytes = x'00'", "DELETE FROM plans",
    "INSERT OR REPLACE INTO plans SELECT change_id, x'00', digest, site, title FROM plans",
    """
    INSERT OR REPLACE INTO votes
    SELECT change_id, requester_id, person_id, digest, 'reject', note, at FROM votes
    """,
    """
    INSERT OR REPLACE INTO changes
    (number, id, requester_id, reason, state, proposed_at, review_by)
    SELECT number, id, requester_id, 'other', state, proposed_at, review_by FROM changes
    """,
    "UPDATE votes SET decision = 'reject'", "DELETE FROM votes", "DELETE FROM changes",
    "UPDATE changes SET state = 'nonsense'",
  ])
  func `the schema refuses to rewrite history`(sql: String) async throws {
    let stage = try Stage()
    let number = try await Proposals.propose(on: stage)
    try await Proposals.approve(number, on: stage)
    let before = try stage.portal.storage.readNow { try Self.dump($0) }
    #expect(throws: DatabaseError.self) {
      try stage.portal.storage.writeNow { try $0.execute(sql: sql) }
    }
    #expect(try stage.portal.storage.readNow { try Self.dump($0) } == before)
    try await stage.end()
  }

  @Test func `how subjects were is kept where an older version noted each five minutes`() throws {
    let queue = try DatabaseQueue()
    let halfHourMs: Int64 = 1_795_953_600_000
    let strip = try queue.write { db in
      try db.execute(
        sql: """
          CREATE TABLE beats (
            site TEXT NOT NULL, subject TEXT NOT NULL, slot INTEGER NOT NULL,
            health INTEGER NOT NULL, PRIMARY KEY (site, subject, slot))
          """)
      for (minutes, health) in [(0, 0), (25, 2), (-5, 1), (-60, 0), (-24 * 60, 3)] {
        try db.execute(
          sql: "INSERT INTO beats VALUES ('blog', 'database', ?, ?)",
          arguments: [halfHourMs + Int64(minutes) * Span.minute, health])
      }
      let migration = try #require(Schema.migrations.first { $0.name == "0033-strips" })
      try db.execute(sql: String(decoding: migration.sql, as: UTF8.self))
      return try StripStore.all(site: "blog", at: Moment(ms: halfHourMs), in: db)[.database]
    }
    #expect(strip?.text == String(repeating: "-", count: 45) + "012")
  }

  @Test func `a final change is never changed`() async throws {
    let stage = try Stage()
    _ = try await Proposals.propose(on: stage)
    let browser = try await stage.browser(as: "operator")
    _ = await browser.post("/changes/1/withdrawal")
    #expect(throws: DatabaseError.self) {
      try stage.portal.storage.writeNow {
        try $0.execute(sql: "UPDATE changes SET state = 'approved'")
      }
    }
    try await stage.end()
  }

  @Test func `each entry is chained to the one before`() async throws {
    let stage = try Stage()
    _ = try await Proposals.propose(on: stage)
    try stage.portal.storage.readNow { db in
      let logID = try #require(try String.fetchOne(db, sql: "SELECT id FROM log"))
      var before: [UInt8] = []
      for row in try Row.fetchAll(db, sql: "SELECT seq, bytes, chain FROM audit ORDER BY seq") {
        let chain = AuditLog.link(
          after: before, seq: row["seq"], logID: logID,
          leaf: MerkleRange.leaf(of: [UInt8](row["bytes"] as Data)))
        #expect(chain == [UInt8](row["chain"] as Data))
        before = chain
      }
      #expect(!before.isEmpty)
    }
    try await stage.end()
  }

  @Test func `a transaction that fails leaves neither act nor entry`() async throws {
    let stage = try Stage()
    let before = try stage.auditTypes()
    await #expect(throws: Failure.self) {
      try await stage.portal.storage.write { db in
        try AuditLog.append(
          .sessionEnded, by: .portal, at: Moment(ms: 0), in: db)
        throw Failure.notFound
      }
    }
    #expect(try stage.auditTypes() == before)
    try await stage.end()
  }

  @Test func `whoever copies the one file of a closed portal has all of it`() async throws {
    let stage = try Stage()
    let count = try await stage.portal.storage.read { try AuditStore.head(in: $0).count }
    try await stage.portal.close()
    let copy = stage.folder + "/copy.sqlite"
    try FileManager.default.copyItem(atPath: stage.database, toPath: copy)
    let kept = try await DatabaseQueue(path: copy).read { try AuditStore.head(in: $0).count }
    #expect(kept >= count)
    try? FileManager.default.removeItem(atPath: stage.folder)
  }

  @Test func `a second portal on the same folder is told so`() async throws {
    let stage = try Stage()
    #expect {
      try Stage(folder: stage.folder)
    } throws: { error in
      "\(error)".contains("Another Caretaker works on")
    }
    try await stage.end()
  }

  @Test func `a database of a newer version is refused with a sentence`() async throws {
    let stage = try Stage()
    try stage.portal.storage.writeNow { db in
      try db.execute(sql: "INSERT INTO grdb_migrations VALUES ('9999-future')")
    }
    try await stage.portal.close()
    #expect {
      try Storage(path: stage.database)
    } throws: { error in
      "\(error)".contains("does not know")
    }
    try? FileManager.default.removeItem(atPath: stage.folder)
  }

  private final class Held: Sendable {}

  @Test func `threads let go of what they have done, also where something always waits`() {
    let pool = BlockingPool(name: "test", width: 1)
    defer { pool.close() }
    let (begin, reached, end) = (
      DispatchSemaphore(value: 0), DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)
    )
    #expect(pool.add { begin.wait() })
    weak var held: Held?
    do {
      let object = Held()
      held = object
      #expect(pool.add { withExtendedLifetime(object) {} })
    }
    #expect(
      pool.add {
        reached.signal()
        end.wait()
      })
    for _ in 0..<2 { #expect(pool.add {}) }
    begin.signal()
    reached.wait()
    #expect(held == nil)
    end.signal()
  }

  private static func dump(_ db: Database) throws -> [String] {
    try ["audit", "plans", "votes", "changes"].flatMap { table in
      try Row.fetchAll(db, sql: "SELECT * FROM \(table)").map(\.description)
    }
  }
}
