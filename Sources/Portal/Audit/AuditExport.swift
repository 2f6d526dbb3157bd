import Cryptography
import Foundation
import GRDB
import Glibc
import Rules

/// The log as lines that anybody can verify: what has to be known of the entries before, then each
/// entry with its link, and each checkpoint behind the last entry it speaks for.
public struct AuditExport {
  private let storage: Storage
  private let from: Int64
  private let to: Int64

  /// Opens a database and writes in its log that these entries are taken away.
  /// - Parameters:
  ///   - from: the first entry.
  ///   - to: the last one; nil for the newest.
  ///   - nowMs: milliseconds since 1970.
  /// - Throws: `StorageProblem` when there is no database, or not those entries.
  public init(database path: String, from: Int64, to: Int64?, nowMs: Int64) throws {
    var file = stat()
    guard stat(path, &file) == 0, file.st_size > 0 else {
      throw StorageProblem("There is no database \(path), or it is empty.")
    }
    storage = try Storage(path: path)
    self.from = from
    self.to = try storage.writeNow { db in
      let count = try AuditStore.head(in: db).count
      let last = to ?? count
      guard from >= 1, from <= last, last <= count else {
        throw StorageProblem("The log has the entries 1 to \(count).")
      }
      try AuditLog.append(
        .logExported("entries \(from) to \(last)"), by: .command,
        at: Moment(ms: nowMs), in: db)
      return last
    }
  }

  /// Gives every line to `write`, from one snapshot.
  /// - Parameter work: is told how far it has come.
  /// - Throws: what `write` throws, or a problem when an entry can't be read: what was written by
  ///   then is not the export.
  public func run(
    telling work: LongWork = .unwatched, _ write: ([UInt8]) throws -> Void
  ) throws {
    try storage.readNow { db in
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
  }

  /// `{"entry":…,"link":"…"}`, with the entry's own bytes.
  private func entry(_ row: Row) -> [UInt8] {
    Array("{\"entry\":".utf8) + [UInt8](row["bytes"] as Data)
      + Array(",\"link\":\"\(Hex.encode([UInt8](row["chain"] as Data)))\"}".utf8)
  }

  private func line(_ bytes: [UInt8]) -> [UInt8] { bytes + [UInt8(ascii: "\n")] }

  /// What has to be known of the entries before the first one.
  private func part(in db: Database) throws -> AuditPart {
    let logID = try String.fetchOne(db, sql: "SELECT id FROM log") ?? ""
    var merkle = MerkleRange()
    var link: [UInt8] = []
    var keys = AuditKeys(logID: logID, pinned: nil)
    var line: Int64 = 0
    let rows = try Row.fetchCursor(
      db, sql: "SELECT type, bytes, chain FROM audit WHERE seq < ? ORDER BY seq",
      arguments: [from])
    while let row = try rows.next() {
      let bytes = [UInt8](row["bytes"] as Data)
      merkle.append(leaf: MerkleRange.leaf(of: bytes))
      link = [UInt8](row["chain"] as Data)
      guard (row["type"] as String).hasPrefix("log."), let entry = Canonical(canonical: bytes)
      else { continue }
      do { try keys.take(entry) } catch {
        throw StorageProblem("Entry \(merkle.size) \(error.why).")
      }
      if entry["type"]?.text == "log.gap_accepted" { line = entry["data"]?["line"]?.number ?? line }
    }
    return AuditPart(
      logID: logID, from: from, to: to, line: line, key: keys.current, link: link, merkle: merkle)
  }
}
