import GRDB
import Rules

/// A person with what the pages tell of them besides what rules need.
struct PersonRecord {
  let person: Person
  let addedAt: Moment
  /// When they were last signed in; nil where that is not known.
  let seenAt: Moment?
  /// Whether they were noted down, and nobody has let them in yet.
  let isNoted: Bool
  /// Whether they never had a password.
  let isNew: Bool
  let accounts: [LinkedAccount]

  /// An account elsewhere.
  struct LinkedAccount {
    /// What plans name it by.
    let number: Int64
    let account: String
    let linkedAt: Moment

    /// Where it is, `github`.
    var place: String { String(account.prefix { $0 != ":" }) }
  }

  /// How the person stands, in a word.
  var tag: Tag {
    if isNoted { return Tag("attention", "Not let in yet", icon: "waiting") }
    if person.isDisabled { return Tag("neutral", "Disabled") }
    if person.awaitsPassword {
      return Tag("attention", isNew ? "Invited" : "No password", icon: "waiting")
    }
    return Tag("good", "Active")
  }

  /// How the person stands, in a sentence.
  var state: String {
    if isNoted { return "Not let in yet: somebody else has to agree to it first." }
    if person.isDisabled { return "Disabled. Nobody signs in as \(person.name)." }
    if person.awaitsPassword {
      return isNew
        ? "Invited, and has not chosen a password yet." : "Has no password until one is chosen."
    }
    return "Can sign in as \(person.role.rawValue)."
  }
}

extension PersonStore {
  /// Everybody with what the pages tell of them.
  static func records(in db: Database) throws -> [PersonRecord] {
    let accounts = Dictionary(
      grouping: try Row.fetchAll(db, sql: "SELECT * FROM identities ORDER BY number"),
      by: { $0["person_id"] as Int64 })
    let rows = Dictionary(
      uniqueKeysWithValues: try Row.fetchAll(
        db, sql: "SELECT id, created_at, seen_at, noted_at, password_at FROM people"
      ).map { ($0["id"] as Int64, $0) })
    return try all(in: db).compactMap { person in
      guard let row = rows[person.id] else { return nil }
      return PersonRecord(
        person: person, addedAt: Moment(ms: row["created_at"]),
        seenAt: (row["seen_at"] as Int64?).map(Moment.init(ms:)),
        isNoted: row["noted_at"] != nil, isNew: row["password_at"] as Int64 == 0,
        accounts: (accounts[person.id] ?? []).map { row in
          PersonRecord.LinkedAccount(
            number: row["number"], account: row["account"], linkedAt: Moment(ms: row["linked_at"]))
        })
    }
  }

  /// One person with what the pages tell of them; nil where there is none of this number.
  static func record(_ id: Int64, in db: Database) throws -> PersonRecord? {
    try records(in: db).first { $0.person.id == id }
  }

  /// Notes down somebody to be invited. Disabled, they can do nothing before they are let in.
  static func note(
    login: String, name: String, role: Role, at now: Moment, in db: Database
  ) throws -> Int64 {
    try db.execute(
      sql: """
        INSERT INTO people
        (login, name, role, password_hash, created_at, role_at, password_at, disabled_at, noted_at)
        VALUES (?1, ?2, ?3, '', ?4, ?4, 0, ?4, ?4)
        """,
      arguments: [login, name, role.rawValue, now.ms])
    return db.lastInsertedRowID
  }

  /// Nobody is to be let in under this number any more.
  static func endNote(_ id: Int64, in db: Database) throws {
    try db.execute(sql: "UPDATE people SET noted_at = NULL WHERE id = ?", arguments: [id])
  }

  /// Lets in somebody who was noted down; their role begins now.
  static func letIn(_ id: Int64, by person: Int64, at now: Moment, in db: Database) throws {
    try db.execute(
      sql: "UPDATE people SET noted_at = NULL, disabled_at = NULL, role_at = ? WHERE id = ?",
      arguments: [now.ms, id])
    try tie(id, to: person, at: now, in: db)
  }

  /// Lets a disabled person sign in again.
  static func enable(_ id: Int64, by person: Int64, at now: Moment, in db: Database) throws {
    try db.execute(sql: "UPDATE people SET disabled_at = NULL WHERE id = ?", arguments: [id])
    try tie(id, to: person, at: now, in: db)
  }

  /// Takes a person's password away: they choose another by a link.
  static func removePassword(_ id: Int64, in db: Database) throws {
    try db.execute(sql: "UPDATE people SET password_hash = '' WHERE id = ?", arguments: [id])
  }
}
