import Foundation
import GRDB
import Rules

/// People who have given the right password and not the code yet. Nothing but the page for the code
/// asks here.
enum HalfSessionStore {
  /// How long a person has for the code.
  static let liveMs = 5 * Span.minute

  /// Begins one.
  static func insert(
    tokenHash: [UInt8], person: Int64, next: String, through way: SignInWay?, at now: Moment,
    in db: Database
  ) throws {
    try removeEnded(at: now, in: db)
    try db.execute(
      sql: """
        INSERT INTO half_sessions (token_hash, person_id, next, ends_at, through)
        VALUES (?, ?, ?, ?, ?)
        """,
      arguments: [Data(tokenHash), person, next, now.adding(ms: liveMs).ms, way?.rawValue])
  }

  /// Who has begun it, and where they want to go.
  static func find(
    tokenHash: [UInt8], at now: Moment, in db: Database
  ) throws -> (person: Person, next: String, way: SignInWay?)? {
    let row = try Row.fetchOne(
      db,
      sql: """
        SELECT person_id, next, through FROM half_sessions WHERE token_hash = ? AND ends_at > ?
        """,
      arguments: [Data(tokenHash), now.ms])
    guard let row, let person = try PersonStore.find(row["person_id"], in: db),
      !person.isDisabled
    else { return nil }
    return (person, row["next"], (row["through"] as String?).flatMap(SignInWay.init))
  }

  /// Ends one.
  static func end(tokenHash: [UInt8], in db: Database) throws {
    try db.execute(
      sql: "DELETE FROM half_sessions WHERE token_hash = ?", arguments: [Data(tokenHash)])
  }

  /// Ends those of a person.
  static func endAll(of person: Int64, in db: Database) throws {
    try db.execute(sql: "DELETE FROM half_sessions WHERE person_id = ?", arguments: [person])
  }

  /// Removes those whose time is over.
  static func removeEnded(at now: Moment, in db: Database) throws {
    try db.execute(sql: "DELETE FROM half_sessions WHERE ends_at <= ?", arguments: [now.ms])
  }
}
