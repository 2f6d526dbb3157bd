import Foundation
import GRDB
import Rules

/// What was last read of the live state of a change whose outcome is being found out.
enum EvidenceStore {
  /// Keeps what was read.
  static func set(
    _ readings: [String: String], of change: Change, at now: Moment, in db: Database
  ) throws {
    let text = String(decoding: try JSONEncoder().encode(readings), as: UTF8.self)
    try db.execute(
      sql: """
        INSERT INTO evidence (change_id, readings, read_at) VALUES (?1, ?2, ?3)
        ON CONFLICT (change_id) DO UPDATE SET readings = ?2, read_at = ?3
        """,
      arguments: [change.id, text, now.ms])
  }

  /// What was last read, and when.
  static func find(
    _ change: String, in db: Database
  ) throws -> (readings: [String: String], readAt: Moment)? {
    guard
      let row = try Row.fetchOne(
        db, sql: "SELECT readings, read_at FROM evidence WHERE change_id = ?",
        arguments: [change])
    else { return nil }
    let text: String = row["readings"]
    let readings = try JSONDecoder().decode([String: String].self, from: Data(text.utf8))
    return (readings, Moment(ms: row["read_at"]))
  }
}
