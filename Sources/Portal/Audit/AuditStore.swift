import Foundation
import GRDB
import Rules

/// An entry of the log as it was written.
struct AuditEntry: Sendable {
  let seq: Int64
  let at: Moment
  let type: String
  let actor: String
  let personID: Int64?
  let change: Int64?
  let data: Canonical
}

/// Reading the log.
enum AuditStore {
  static let select = "SELECT seq, at, type, person_id, change, bytes FROM audit"

  /// The story of one change, oldest first.
  static func entries(of change: Int64, in db: Database) throws -> [AuditEntry] {
    try Row.fetchAll(db, sql: select + " WHERE change = ? ORDER BY seq", arguments: [change])
      .map(AuditEntry.init(row:))
  }

  /// The entry with this number.
  static func entry(_ seq: Int64, in db: Database) throws -> AuditEntry? {
    try Row.fetchOne(db.cachedStatement(sql: select + " WHERE seq = ?"), arguments: [seq])
      .map(AuditEntry.init(row:))
  }

  /// Every type of entry that has been written.
  static func types(in db: Database) throws -> [String] {
    try String.fetchAll(db, sql: "SELECT DISTINCT type FROM audit_kinds ORDER BY type")
  }

  /// The entries of a type in which the log tells of itself, such as `log.key_added`, oldest first.
  static func entries(ofItself type: String, in db: Database) throws -> [AuditEntry] {
    // Without the index named, SQLite would rather walk the whole log.
    let statement = try db.cachedStatement(
      sql: select
        + " INDEXED BY audit_of_itself WHERE type GLOB 'log.*' AND type = ? ORDER BY seq")
    return try Row.fetchAll(statement, arguments: [type]).map(AuditEntry.init(row:))
  }

  /// How many entries there are, the last link of the chain, when the last one was written, and the
  /// log's name where there is one.
  static func head(
    in db: Database
  ) throws -> (count: Int64, chain: [UInt8], at: Moment, logID: String?) {
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT seq, chain, at, (SELECT id FROM log) FROM audit ORDER BY seq DESC LIMIT 1
          """))
    return try rows.next().map { ($0[0], [UInt8]($0[1] as Data), Moment(ms: $0[2]), $0[3]) }
      ?? (0, [], Moment(ms: 0), nil)
  }
}

extension AuditEntry {
  /// An entry as far as it can be read.
  init(row: Row) {
    let entry = Canonical(canonical: [UInt8](row["bytes"] as Data))
    self.init(
      seq: row["seq"], at: Moment(ms: row["at"]), type: row["type"],
      actor: entry?["actor"]?.text ?? "", personID: row["person_id"], change: row["change"],
      data: entry?["data"] ?? Self.unreadable)
  }

  /// What is wrong with one that can't be read.
  var damage: Damage? { data == Self.unreadable ? .entry(seq) : nil }

  /// What stands for the data of a damaged entry; no entry is written with it.
  private static let unreadable = Canonical.boolean(false)
}
