import Cryptography
import Foundation
import GRDB
import Rules

/// A part of the log as lines that anybody can verify: what has to be known of the entries before,
/// then each entry with its link, and each checkpoint behind the last entry it speaks for.
struct AuditLines {
  /// The first entry, and the last one.
  let from: Int64
  let to: Int64

  /// Gives every line to `write`.
  /// - Parameter work: is told how far it has come.
  /// - Throws: what `write` throws, or `StorageProblem` when an entry can't be read: what was
  ///   written by then is not the part.
  func run(
    in db: Database, telling work: LongWork = .unwatched, _ write: ([UInt8]) throws -> Void
  ) throws {
    try write(line(try part(in: db).header.bytes))
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT seq, bytes, chain, note FROM audit LEFT JOIN checkpoints ON size = seq
        WHERE seq BETWEEN ? AND ? ORDER BY seq
        """,
      arguments: [from, to])
    var next = from
    while let row = try rows.next() {
      guard row["seq"] == next else { break }
      try write(line(entry(row)))
      if let note: String = row["note"] {
        try write(line(Canonical.object(["checkpoint": .string(note)]).bytes))
      }
      next += 1
      work.stands(at: next - from, of: to - from + 1, "Exporting the log")
    }
    guard next == to + 1 else {
      throw StorageProblem("Entry \(next) can't be read. What was written is not the export.")
    }
  }

  /// `{"entry":…,"link":"…"}`, with the entry's own bytes.
  private func entry(_ row: Row) -> [UInt8] {
    Array("{\"entry\":".utf8) + [UInt8](row["bytes"] as Data)
      + Array(",\"link\":\"\(Hex.encode([UInt8](row["chain"] as Data)))\"}".utf8)
  }

  private func line(_ bytes: [UInt8]) -> [UInt8] { bytes + [UInt8(ascii: "\n")] }

  /// What has to be known of the entries before the first one. A checkpoint's word is taken for
  /// those it speaks for: were it wrong, the lines would not be sound.
  private func part(in db: Database) throws -> AuditPart {
    let logID = try AuditLog.logID(in: db)
    let merkle = try CheckpointStore.range(of: from - 1, in: db)
    guard merkle.size == from - 1 else {
      throw StorageProblem("Entry \(merkle.size + 1) can't be read.")
    }
    let link = try Data.fetchOne(
      db, sql: "SELECT chain FROM audit WHERE seq = ?", arguments: [from - 1])
    var keys = AuditKeys(logID: logID, pinned: nil)
    var line: Int64 = 0
    // Without the index named, SQLite would rather walk the whole log.
    let ofItself = try Row.fetchCursor(
      db,
      sql: """
        SELECT seq, bytes FROM audit INDEXED BY audit_of_itself
        WHERE type GLOB 'log.*' AND seq < ? ORDER BY seq
        """,
      arguments: [from])
    while let row = try ofItself.next() {
      guard let entry = Canonical(canonical: [UInt8](row["bytes"] as Data)) else { continue }
      do { try keys.take(entry) } catch {
        throw StorageProblem("Entry \(row["seq"] as Int64) \(error.why).")
      }
      if entry["type"]?.text == "log.gap_accepted" { line = entry["data"]?["line"]?.number ?? line }
    }
    return AuditPart(
      logID: logID, from: from, to: to, line: line, key: keys.current,
      link: link.map(Array.init) ?? [], merkle: merkle)
  }
}
