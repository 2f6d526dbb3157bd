import Foundation
import GRDB
import Rules

/// The addresses of calendars in the database.
enum CalendarStore {
  /// Gives a person an address in place of the one they had.
  static func set(
    keyHash: [UInt8], of person: Person, at now: Moment, in db: Database
  ) throws {
    try db.execute(
      sql: "INSERT OR REPLACE INTO calendars (person_id, key_hash, made_at) VALUES (?, ?, ?)",
      arguments: [person.id, Data(keyHash), now.ms])
  }

  /// Since when a person has an address; nil for none.
  static func madeAt(of person: Person, in db: Database) throws -> Moment? {
    try Int64.fetchOne(
      db, sql: "SELECT made_at FROM calendars WHERE person_id = ?", arguments: [person.id]
    ).map(Moment.init(ms:))
  }

  /// Whether somebody who may still look has this address.
  static func isKnown(keyHash: [UInt8], in db: Database) throws -> Bool {
    let row = try Row.fetchOne(
      db,
      sql: """
        SELECT people.id, login, name, role, role_at, disabled_at
        FROM calendars JOIN people ON people.id = person_id WHERE key_hash = ?
        """, arguments: [Data(keyHash)])
    guard let row else { return false }
    let person = try Person(row: row)
    return !person.isDisabled && person.may(.look)
  }

  /// Ends a person's address.
  /// - Returns: whether there was one.
  static func end(of person: Person, in db: Database) throws -> Bool {
    try db.execute(sql: "DELETE FROM calendars WHERE person_id = ?", arguments: [person.id])
    return db.changesCount > 0
  }
}
