import GRDB
import Rules

/// A restore that somebody tried.
struct RestoreTest: Sendable {
  /// What was restored: a snapshot's name, or a moment.
  let what: String
  let worked: Bool
  let note: String
  let at: Moment
  let personName: String
}

/// Restores that were tried, in the database.
enum RestoreTestStore {
  /// Those of a site, the newest first.
  static func all(site: String, in db: Database) throws -> [RestoreTest] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT t.what, t.worked, t.note, t.at, p.name
          FROM restore_tests t JOIN people p ON p.id = t.person_id
          WHERE t.site = ? ORDER BY t.at DESC, t.number DESC LIMIT 50
          """),
      arguments: [site]
    ).map {
      RestoreTest(
        what: $0["what"], worked: $0["worked"], note: $0["note"], at: Moment(ms: $0["at"]),
        personName: $0["name"])
    }
  }

  /// Keeps what a person says about a restore.
  static func record(
    _ what: String, worked: Bool, note: String, site: String, by person: Person, at now: Moment,
    in db: Database
  ) throws {
    try db.execute(
      sql: """
        INSERT INTO restore_tests (site, what, worked, note, at, person_id)
        VALUES (?, ?, ?, ?, ?, ?)
        """, arguments: [site, what, worked, note, now.ms, person.id])
    try AuditLog.append(
      .restoreTested(site: site, what: what, worked: worked, note: note), by: .person(person),
      at: now, in: db)
  }
}
