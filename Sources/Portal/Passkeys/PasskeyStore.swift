import Foundation
import GRDB
import Rules

/// Passkeys in the database, and the offers that were answered.
enum PasskeyStore {
  /// How many a person has at most.
  static let countMax = 10

  /// A passkey.
  struct Stored {
    let id: Int64
    let credentialID: [UInt8]
    let person: Int64
    let key: [UInt8]
    let counter: UInt32
    let label: String
    let addedAt: Moment
    let lastUsedAt: Moment?

    init(_ row: Row) {
      id = row["id"]
      credentialID = [UInt8](row["credential_id"] as Data)
      person = row["person_id"]
      key = [UInt8](row["public_key"] as Data)
      counter = UInt32(clamping: row["counter"] as Int64)
      label = row["label"]
      addedAt = Moment(ms: row["added_at"])
      lastUsedAt = (row["last_used_at"] as Int64?).map(Moment.init(ms:))
    }
  }

  /// A person's, the oldest first.
  static func all(of person: Int64, in db: Database) throws -> [Stored] {
    try Row.fetchAll(
      db, sql: "SELECT * FROM passkeys WHERE person_id = ? ORDER BY id", arguments: [person]
    ).map(Stored.init)
  }

  /// The one with this id of a credential; nil when nobody has it.
  static func find(credential id: [UInt8], in db: Database) throws -> Stored? {
    try Row.fetchOne(
      db, sql: "SELECT * FROM passkeys WHERE credential_id = ?", arguments: [Data(id)]
    ).map(Stored.init)
  }

  /// Adds one, unless somebody has it already or the person has as many as they may.
  static func insert(
    credential id: [UInt8], of person: Int64, key: [UInt8], counter: UInt32, label: String,
    at now: Moment, in db: Database
  ) throws -> Bool {
    guard try find(credential: id, in: db) == nil, try all(of: person, in: db).count < countMax
    else { return false }
    try db.execute(
      sql: """
        INSERT INTO passkeys (credential_id, person_id, public_key, counter, label, added_at)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
      arguments: [Data(id), person, Data(key), Int64(counter), label, now.ms])
    return true
  }

  /// Notes that one was used, and where its counter stands.
  static func use(_ id: Int64, counter: UInt32, at now: Moment, in db: Database) throws {
    try db.execute(
      sql: "UPDATE passkeys SET counter = ?, last_used_at = ? WHERE id = ?",
      arguments: [Int64(counter), now.ms, id])
  }

  /// Removes one of a person's; false when they have no such.
  static func remove(_ id: Int64, of person: Int64, in db: Database) throws -> Bool {
    try db.execute(
      sql: "DELETE FROM passkeys WHERE id = ? AND person_id = ?", arguments: [id, person])
    return db.changesCount == 1
  }

  /// Uses an offer up, whatever comes of its answer; false when it was used before.
  static func take(_ offer: PasskeyOffer, at now: Moment, in db: Database) throws -> Bool {
    try db.execute(sql: "DELETE FROM used_offers WHERE ends_at <= ?", arguments: [now.ms])
    try db.execute(
      sql: "INSERT OR IGNORE INTO used_offers (offer_hash, ends_at) VALUES (?, ?)",
      arguments: [Data(offer.hash), offer.endsAt.ms])
    return db.changesCount == 1
  }
}
