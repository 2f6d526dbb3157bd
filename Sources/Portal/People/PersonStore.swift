import GRDB
import Rules

/// People in the database.
enum PersonStore {
  private static let columns =
    "id, login, name, role, role_at, disabled_at, password_hash = '' AS awaits_password"

  /// The longest name, in characters as SQLite counts them: Unicode scalars.
  static let nameLengthMax = 200

  /// Whether nobody was ever added.
  static func isEmpty(in db: Database) throws -> Bool {
    try Bool.fetchOne(
      db.cachedStatement(sql: "SELECT NOT EXISTS (SELECT 1 FROM people)")) ?? false
  }

  /// Everybody, disabled people included, by number, with the accounts and the ties that decide
  /// whose approval counts.
  static func all(in db: Database) throws -> [Person] {
    let identities = Dictionary(
      grouping: try Row.fetchAll(db, sql: "SELECT person_id, account FROM identities"),
      by: { $0["person_id"] as Int64 })
    let ties = Dictionary(
      grouping: try Row.fetchAll(db, sql: "SELECT person_id, by_id, at FROM ties"),
      by: { $0["person_id"] as Int64 })
    return try Row.fetchAll(db, sql: "SELECT \(columns) FROM people ORDER BY id").map { row in
      let id: Int64 = row["id"]
      return try Person(
        row: row, identities: Set((identities[id] ?? []).map { $0["account"] }),
        ties: Dictionary(
          uniqueKeysWithValues: (ties[id] ?? []).map { ($0["by_id"], Moment(ms: $0["at"])) }))
    }
  }

  /// The person with this number.
  static func find(_ id: Int64, in db: Database) throws -> Person? {
    try Row.fetchOne(
      db.cachedStatement(sql: "SELECT \(columns) FROM people WHERE id = ?"), arguments: [id]
    ).map { try Person(row: $0) }
  }

  /// The person with this login, in its canonical form, with the hash of the password.
  static func find(
    login: String, in db: Database
  ) throws -> (person: Person, passwordHash: String)? {
    try Row.fetchOne(
      db, sql: "SELECT \(columns), password_hash FROM people WHERE login = ?", arguments: [login]
    ).map { (try Person(row: $0), $0["password_hash"]) }
  }

  /// The hash of a person's password.
  static func passwordHash(of id: Int64, in db: Database) throws -> String? {
    try String.fetchOne(
      db, sql: "SELECT password_hash FROM people WHERE id = ?", arguments: [id])
  }

  /// Adds a person and gives their number.
  static func insert(
    login: String, name: String, role: Role, passwordHash: String, at now: Moment,
    in db: Database
  ) throws -> Int64 {
    try db.execute(
      sql: """
        INSERT INTO people (login, name, role, password_hash, created_at, role_at, password_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [login, name, role.rawValue, passwordHash, now.ms, now.ms, now.ms])
    return db.lastInsertedRowID
  }

  /// Gives a person another password; every session of theirs ends, and a link to one.
  static func setPassword(
    _ id: Int64, hash: String, at now: Moment, in db: Database
  ) throws {
    try db.execute(
      sql: "UPDATE people SET password_hash = ?, password_at = ? WHERE id = ?",
      arguments: [hash, now.ms, id])
    try PasswordLinkStore.remove(for: id, in: db)
    try SessionStore.endAll(of: id, in: db)
  }

  /// Keeps the same password under a newer hash.
  static func rehash(_ id: Int64, hash: String, in db: Database) throws {
    try db.execute(sql: "UPDATE people SET password_hash = ? WHERE id = ?", arguments: [hash, id])
  }

  /// Gives a person another role, from now on.
  static func setRole(
    _ id: Int64, to role: Role, by person: Int64?, at now: Moment, in db: Database
  ) throws {
    try db.execute(
      sql: "UPDATE people SET role = ?, role_at = ? WHERE id = ?",
      arguments: [role.rawValue, now.ms, id])
    try PasswordLinkStore.remove(madeBy: id, in: db)
    if let person { try tie(id, to: person, at: now, in: db) }
  }

  /// Notes that a person was added, promoted or given a password by another.
  static func tie(_ id: Int64, to person: Int64, at now: Moment, in db: Database) throws {
    try db.execute(
      sql: """
        INSERT INTO ties (person_id, by_id, at) VALUES (?1, ?2, ?3)
        ON CONFLICT (person_id, by_id) DO UPDATE SET at = ?3
        """,
      arguments: [id, person, now.ms])
  }

  /// Notes that a person holds an account elsewhere; its entry in the log is to follow. The
  /// account's number is one that no account before it had, also none that is gone: plans and pages
  /// name accounts by it, and the log only grows.
  static func link(_ id: Int64, account: String, at now: Moment, in db: Database) throws {
    try db.execute(
      sql: """
        INSERT OR IGNORE INTO identities (person_id, account, linked_at, number)
        VALUES (?, ?, ?, 1 + max(
          (SELECT coalesce(max(number), 0) FROM identities),
          (SELECT coalesce(max(seq), 0) FROM audit)))
        """,
      arguments: [id, account, now.ms])
  }

  /// Notes that a person does not hold an account elsewhere any more.
  static func unlink(_ id: Int64, account: String, in db: Database) throws {
    try db.execute(
      sql: "DELETE FROM identities WHERE person_id = ? AND account = ?", arguments: [id, account])
    if account.hasPrefix(OpenIDSettings.accountKind + ":") { try close(openID: id, in: db) }
  }

  /// Who else holds an account elsewhere that a person holds.
  static func others(sharingWith id: Int64, in db: Database) throws -> [Int64] {
    try Int64.fetchAll(
      db,
      sql: """
        SELECT DISTINCT other.person_id FROM identities AS own
        JOIN identities AS other ON other.account = own.account AND other.person_id <> ?1
        WHERE own.person_id = ?1 ORDER BY other.person_id
        """,
      arguments: [id])
  }

  /// Disables a person; every session of theirs ends, and the links they made or were given.
  static func disable(_ id: Int64, at now: Moment, in db: Database) throws {
    try db.execute(
      sql: "UPDATE people SET disabled_at = coalesce(disabled_at, ?) WHERE id = ?",
      arguments: [now.ms, id])
    try PasswordLinkStore.remove(for: id, in: db)
    try PasswordLinkStore.remove(madeBy: id, in: db)
    try SessionStore.endAll(of: id, in: db)
  }
}

extension Person {
  /// A person from a row with the columns id, login, name, role, role_at, disabled_at,
  /// awaits_password.
  init(row: Row, identities: Set<String> = [], ties: [Int64: Moment] = [:]) throws {
    guard let role = Role(rawValue: row["role"]) else {
      throw StorageProblem("The database holds a role this version does not know.")
    }
    self.init(
      id: row["id"], login: row["login"], name: row["name"], role: role,
      isDisabled: row["disabled_at"] != nil, awaitsPassword: row["awaits_password"],
      roleSince: Moment(ms: row["role_at"]),
      identities: identities, ties: ties)
  }
}
