import Foundation
import GRDB
import Rules

/// A link by which a person chooses a password, once.
struct PasswordLink {
  /// How long one may be used.
  static let lifeMs = Span.day
  /// What every address of one begins with.
  static let path = "/invitations/"

  let person: Person
  /// Who made it, and so counts as who gave the password.
  let madeBy: Int64
  /// Whether the person never had a password.
  let isFirst: Bool
  /// Whether a second factor stands beside the password.
  let hasFactor: Bool
}

/// Links to a password in the database, one for each person at most.
enum PasswordLinkStore {
  /// Makes a link in place of the one before.
  static func insert(
    tokenHash: [UInt8], for person: Int64, by maker: Int64, at now: Moment, in db: Database
  ) throws {
    try db.execute(
      sql: """
        INSERT OR REPLACE INTO password_links (person_id, token_hash, made_by, ends_at)
        VALUES (?, ?, ?, ?)
        """,
      arguments: [person, Data(tokenHash), maker, now.adding(ms: PasswordLink.lifeMs).ms])
  }

  /// The link with this token's hash; nil for one that is used, over, or never was.
  static func find(
    tokenHash: [UInt8], at now: Moment, in db: Database
  ) throws -> PasswordLink? {
    guard
      let row = try Row.fetchOne(
        db,
        sql: """
          SELECT person_id, made_by, password_at FROM password_links
          JOIN people ON people.id = person_id WHERE token_hash = ? AND ends_at > ?
          """,
        arguments: [Data(tokenHash), now.ms]),
      let person = try PersonStore.find(row["person_id"], in: db), !person.isDisabled
    else { return nil }
    return PasswordLink(
      person: person, madeBy: row["made_by"], isFirst: row["password_at"] as Int64 == 0,
      hasFactor: try FactorStore.exists(for: person.id, in: db))
  }

  /// Until when a person may use a link; nil where they have none.
  static func end(for person: Int64, at now: Moment, in db: Database) throws -> Moment? {
    try Int64.fetchOne(
      db, sql: "SELECT ends_at FROM password_links WHERE person_id = ? AND ends_at > ?",
      arguments: [person, now.ms]
    ).map(Moment.init(ms:))
  }

  /// Removes the link of a person.
  static func remove(for person: Int64, in db: Database) throws {
    try db.execute(sql: "DELETE FROM password_links WHERE person_id = ?", arguments: [person])
  }

  /// Removes every link that a person has made.
  static func remove(madeBy person: Int64, in db: Database) throws {
    try db.execute(sql: "DELETE FROM password_links WHERE made_by = ?", arguments: [person])
  }
}
