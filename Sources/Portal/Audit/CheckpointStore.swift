import Cryptography
import Foundation
import GRDB
import Rules

/// A checkpoint as it is kept.
struct SignedCheckpoint: Sendable {
  let size: Int64
  let at: Moment
  let range: MerkleRange
  let note: String
}

/// Checkpoints in the database.
enum CheckpointStore {
  /// The newest one; nil when there is none.
  static func last(in db: Database) throws -> SignedCheckpoint? {
    try Row.fetchOne(
      db.cachedStatement(
        sql: "SELECT size, at, frontier, note FROM checkpoints ORDER BY size DESC LIMIT 1")
    ).map(SignedCheckpoint.init(row:))
  }

  /// The most entries that one checkpoint adds, so that signing a long log can be interrupted.
  static let entriesMax: Int64 = 100_000

  /// The next checkpoint, signed but not kept yet; nil when the newest covers all entries. Reads
  /// the entries after that one only.
  /// - Parameter most: the most entries to add, if it may be made there.
  static func next(
    signedBy signer: NoteSigner, adding most: Int64 = entriesMax, at now: Moment, in db: Database
  ) throws -> SignedCheckpoint? {
    let signed = try last(in: db)?.size ?? 0
    let count = try AuditStore.head(in: db).count
    let range = try range(of: min(count, max(signed + most, earliest(in: db))), in: db)
    guard range.size > signed else { return nil }
    let checkpoint = Checkpoint(
      logID: try AuditLog.logID(in: db), line: try line(in: db), size: range.size, root: range.root)
    let note = try SignedNote(checkpoint.text, signedBy: [signer])
    return SignedCheckpoint(size: range.size, at: now, range: range, note: note.whole)
  }

  /// How many entries a checkpoint of now covers at least: those that name the key that signs it
  /// and the line that it is of. To whoever verifies the log it is of another key before them.
  private static func earliest(in db: Database) throws -> Int64 {
    max(try LogKey.entries(in: db).last?.seq ?? 0, try lastGap(in: db)?.seq ?? 0)
  }

  /// Keeps a checkpoint, unless one over as many entries is kept already.
  static func insert(_ checkpoint: SignedCheckpoint, in db: Database) throws {
    guard try last(in: db)?.size ?? 0 < checkpoint.size else { return }
    try db.execute(
      sql: "INSERT INTO checkpoints (size, at, frontier, note) VALUES (?, ?, ?, ?)",
      arguments: [
        checkpoint.size, checkpoint.at.ms, Data(checkpoint.range.frontier), checkpoint.note,
      ])
  }

  /// The Merkle tree over the first entries.
  /// - Parameter fromEntries: whether all of them are read, not what a checkpoint says of them.
  static func range(
    of size: Int64, fromEntries: Bool = false, in db: Database
  ) throws -> MerkleRange {
    var range = MerkleRange()
    if !fromEntries,
      let kept = try Row.fetchOne(
        db.cachedStatement(
          sql: """
            SELECT size, at, frontier, note FROM checkpoints WHERE size <= ?
            ORDER BY size DESC LIMIT 1
            """), arguments: [size])
    {
      range = try SignedCheckpoint(row: kept).range
    }
    let entries = try Row.fetchCursor(
      db, sql: "SELECT bytes FROM audit WHERE seq > ? AND seq <= ? ORDER BY seq",
      arguments: [range.size, size])
    while let entry = try entries.next() {
      range.append(leaf: MerkleRange.leaf(of: [UInt8](entry["bytes"] as Data)))
    }
    return range
  }

  /// How many signed entries follow one, and when the first checkpoint over any was made; nil when
  /// there are none.
  static func signed(
    after seq: Int64, in db: Database
  ) throws -> (count: Int64, since: Moment)? {
    try Row.fetchOne(
      db, sql: "SELECT max(size), min(at) FROM checkpoints WHERE size > ? HAVING count(*) > 0",
      arguments: [seq]
    ).map { (($0[0] as Int64) - seq, Moment(ms: $0[1])) }
  }

  /// Which line of the log is being written.
  static func line(in db: Database) throws -> Int64 {
    try lastGap(in: db)?.data["line"]?.number ?? 0
  }

  /// The entry that began the line; nil for the first one.
  private static func lastGap(in db: Database) throws -> AuditEntry? {
    try AuditStore.entries(ofItself: "log.gap_accepted", in: db).last
  }
}

extension SignedCheckpoint {
  init(row: Row) throws {
    let size: Int64 = row["size"]
    guard let range = MerkleRange(size: size, frontier: [UInt8](row["frontier"] as Data)) else {
      throw StorageProblem("The checkpoint of \(size) entries is damaged in the database.")
    }
    self.init(size: size, at: Moment(ms: row["at"]), range: range, note: row["note"])
  }
}
