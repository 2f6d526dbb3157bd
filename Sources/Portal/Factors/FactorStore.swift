import Cryptography
import Foundation
import GRDB
import Rules

/// Second factors and recovery codes in the database.
enum FactorStore {
  /// A person's factor, its secret sealed.
  struct Stored {
    let person: Int64
    let secret: [UInt8]
    let lastStep: Int64
    let addedAt: Moment

    init(_ row: Row) {
      person = row["person_id"]
      secret = [UInt8](row["secret"] as Data)
      lastStep = row["last_step"]
      addedAt = Moment(ms: row["added_at"])
    }
  }

  /// Everybody's.
  static func all(in db: Database) throws -> [Stored] {
    try Row.fetchAll(db, sql: "SELECT * FROM factors").map(Stored.init)
  }

  /// A person's; nil when they have none.
  static func find(_ person: Int64, in db: Database) throws -> Stored? {
    try Row.fetchOne(db, sql: "SELECT * FROM factors WHERE person_id = ?", arguments: [person])
      .map(Stored.init)
  }

  /// What a person has, passkeys too: one entry for each.
  static func kinds(of person: Int64, in db: Database) throws -> [FactorKind] {
    (try find(person, in: db) == nil ? [] : [.code])
      + (try PasskeyStore.all(of: person, in: db).map { _ in .passkey })
  }

  /// Who has any.
  static func holders(in db: Database) throws -> Set<Int64> {
    try Set(
      Int64.fetchAll(
        db, sql: "SELECT person_id FROM factors UNION SELECT person_id FROM passkeys"))
  }

  /// Whether a person has any.
  static func exists(for person: Int64, in db: Database) throws -> Bool {
    try !kinds(of: person, in: db).isEmpty
  }

  /// Adds a factor whose first code has just been taken.
  static func insert(
    secret: [UInt8], of person: Int64, step: Int64, at now: Moment, in db: Database
  ) throws {
    try db.execute(
      sql: "INSERT INTO factors (person_id, secret, last_step, added_at) VALUES (?, ?, ?, ?)",
      arguments: [person, Data(secret), step, now.ms])
  }

  /// Removes every factor and everything that stands in for one.
  static func removeAll(of person: Int64, in db: Database) throws {
    try db.execute(sql: "DELETE FROM passkeys WHERE person_id = ?", arguments: [person])
    try remove(of: person, isLast: true, in: db)
  }

  /// Removes the codes of the app.
  static func remove(of person: Int64, isLast: Bool, in db: Database) throws {
    try db.execute(sql: "DELETE FROM factors WHERE person_id = ?", arguments: [person])
    try removeStandIns(of: person, isLast: isLast, in: db)
  }

  /// Removes what stands in for a factor, once there is none any more.
  /// - Parameter isLast: whether the password was found strong enough to stand alone.
  /// - Throws: a `Refusal` where it was not, and the other factor was removed meanwhile.
  static func removeStandIns(of person: Int64, isLast: Bool, in db: Database) throws {
    guard try !exists(for: person, in: db) else { return }
    guard isLast else {
      throw Refusal.passwordWeakAlone("Your other factor was removed at the same moment.")
    }
    for table in ["recovery_codes", "half_sessions"] {
      try db.execute(sql: "DELETE FROM \(table) WHERE person_id = ?", arguments: [person])
    }
  }

  /// Takes a step's code, unless it or a later one was taken before.
  static func take(_ step: Int64, of person: Int64, in db: Database) throws -> Bool {
    try db.execute(
      sql: "UPDATE factors SET last_step = ?1 WHERE person_id = ?2 AND last_step < ?1",
      arguments: [step, person])
    return db.changesCount == 1
  }

  /// Gives a person other recovery codes; those before are void.
  static func replaceCodes(
    of person: Int64, with codes: [RecoveryCode], in db: Database
  ) throws {
    try db.execute(sql: "DELETE FROM recovery_codes WHERE person_id = ?", arguments: [person])
    for code in codes {
      try db.execute(
        sql: "INSERT INTO recovery_codes (person_id, code_hash) VALUES (?, ?)",
        arguments: [person, Data(code.hash)])
    }
  }

  /// Takes a recovery code, unless it is none of the person's or was taken before.
  static func take(
    _ code: RecoveryCode, of person: Int64, at now: Moment, in db: Database
  ) throws -> Bool {
    try db.execute(
      sql: """
        UPDATE recovery_codes SET used_at = ?
        WHERE person_id = ? AND code_hash = ? AND used_at IS NULL
        """,
      arguments: [now.ms, person, Data(code.hash)])
    return db.changesCount == 1
  }

  /// How many recovery codes a person has left.
  static func codesLeft(of person: Int64, in db: Database) throws -> Int {
    try Int.fetchOne(
      db,
      sql: "SELECT count(*) FROM recovery_codes WHERE person_id = ? AND used_at IS NULL",
      arguments: [person]) ?? 0
  }
}
