import Foundation
import GRDB
import Rules

/// A signed-in person with the secrets of their session.
struct Caller: Sendable {
  let person: Person
  /// The SHA-256 of the session's token.
  let tokenHash: [UInt8]
  /// What every form of this session carries.
  let formToken: String
  /// What they confirm with, in place of the password.
  var factors: Set<FactorKind>
  /// How they want their pages.
  let choices: Choices

  /// Whether they have a second factor.
  var hasFactor: Bool { !factors.isEmpty }
  /// Whether they have no password, since they sign in elsewhere.
  let signsInElsewhere: Bool
}

/// Sessions in the database, found by the SHA-256 of their token.
enum SessionStore {
  /// How long a session lives without a page being asked for.
  static let idleMs = 30 * Span.minute
  /// How long a session lives at most.
  static let absoluteMs = 12 * Span.hour
  /// How long the token before is taken after a session was given another: presses and pages that
  /// were under way.
  static let oldMs = 15 * Span.second
  /// How stale `seen_at` may get, so that not every page is a write.
  static let seenGranularityMs = Span.minute

  /// The live session with this token's hash, and whether it is time to note that it is in use.
  static func find(
    tokenHash: [UInt8], at now: Moment, in db: Database
  ) throws -> (caller: Caller, isDue: Bool)? {
    guard
      let row = try Row.fetchOne(
        db.cachedStatement(
          sql: """
            SELECT token_hash, people.id, login, name, role, role_at, disabled_at,
              password_hash = '' AS awaits_password,
              password_hash = ?3 AS elsewhere, form_token, sessions.seen_at, ends_at,
              zone, theme, has_shortcuts,
              EXISTS (SELECT 1 FROM factors WHERE factors.person_id = people.id) AS code,
              EXISTS (SELECT 1 FROM passkeys WHERE passkeys.person_id = people.id) AS passkey
            FROM sessions JOIN people ON people.id = sessions.person_id
              LEFT JOIN choices ON choices.person_id = people.id
            WHERE token_hash = ?1 OR (old_hash = ?1 AND old_ends_at > ?2)
            """),
        arguments: [Data(tokenHash), now.ms, PersonStore.noPassword])
    else { return nil }
    let person = try Person(row: row)
    let seenAt = Moment(ms: row["seen_at"])
    let unseenMs = now.since(seenAt)
    // One seen in the future is of a clock that was set back: it would live too long by that.
    guard person.isActive, now < Moment(ms: row["ends_at"]), unseenMs < idleMs,
      unseenMs > -seenGranularityMs
    else { return nil }
    return (
      Caller(
        person: person, tokenHash: [UInt8](row["token_hash"] as Data),
        formToken: row["form_token"],
        factors: Set(FactorKind.allCases.filter { row[$0.rawValue] }),
        choices: Choices(row: row),
        signsInElsewhere: row["elsewhere"]),
      unseenMs > seenGranularityMs
    )
  }

  /// Begins a session.
  static func insert(
    tokenHash: [UInt8], person: Int64, formToken: String, address: String, at now: Moment,
    in db: Database
  ) throws {
    try removeEnded(at: now, in: db)
    try db.execute(
      sql: """
        INSERT INTO sessions
        (token_hash, person_id, form_token, started_at, seen_at, ends_at, address)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        Data(tokenHash), person, formToken, now.ms, now.ms, now.adding(ms: absoluteMs).ms,
        address,
      ])
    try db.execute(
      sql: "UPDATE people SET seen_at = ? WHERE id = ?", arguments: [now.ms, person])
  }

  /// Removes the sessions that have ended by themselves.
  static func removeEnded(at now: Moment, in db: Database) throws {
    try db.execute(
      sql: "DELETE FROM sessions WHERE ends_at < ? OR seen_at < ?",
      arguments: [now.ms, now.adding(ms: -idleMs).ms])
  }

  /// Notes that the session is in use.
  static func touch(tokenHash: [UInt8], at now: Moment, in db: Database) throws {
    try db.execute(
      sql: "UPDATE sessions SET seen_at = ? WHERE token_hash = ?",
      arguments: [now.ms, Data(tokenHash)])
    try db.execute(
      sql: """
        UPDATE people SET seen_at = ?1
        WHERE id = (SELECT person_id FROM sessions WHERE token_hash = ?2)
        """,
      arguments: [now.ms, Data(tokenHash)])
  }

  /// Gives a session another token, unless it has another already.
  /// - Returns: whether it was given.
  static func renew(
    tokenHash: [UInt8], as new: [UInt8], at now: Moment, in db: Database
  ) throws -> Bool {
    try db.execute(
      sql: """
        UPDATE sessions SET token_hash = ?1, old_hash = token_hash, old_ends_at = ?2
        WHERE token_hash = ?3
        """,
      arguments: [Data(new), now.adding(ms: oldMs).ms, Data(tokenHash)])
    return db.changesCount == 1
  }

  /// Ends one session.
  static func end(tokenHash: [UInt8], in db: Database) throws {
    try db.execute(
      sql: "DELETE FROM sessions WHERE token_hash = ?", arguments: [Data(tokenHash)])
  }

  /// Ends every session of a person, and what has half become one.
  static func endAll(of person: Int64, in db: Database) throws {
    try db.execute(sql: "DELETE FROM sessions WHERE person_id = ?", arguments: [person])
    try HalfSessionStore.endAll(of: person, in: db)
  }
}
