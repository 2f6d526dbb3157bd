import GRDB
import Rules

/// Forgetting who somebody was. The log and the changes go on naming the number, so that what
/// happened stays provable; nothing says any more whose number it is.
extension Accounts {
  /// Erases a disabled person: name, login, password, sessions and failures, then every old page
  /// of the file.
  /// - Returns: what was done, and where others wrote the name into texts of their own, one
  ///   sentence each. Those texts stay: they are part of what was approved or logged.
  /// - Throws: `AccountProblem` with a sentence.
  public func erase(login typed: String) throws -> [String] {
    let now = outside.now()
    let login = try Self.login(typed).text
    let person = try storage.writeNow { db in
      guard let person = try PersonStore.find(login: login, in: db)?.person else {
        throw AccountProblem("There is nobody called \(login).")
      }
      guard person.isDisabled else {
        throw AccountProblem("\(login) is not disabled. Disable first, then erase.")
      }
      guard try !Erasure.isAwaited(person, in: db) else {
        throw AccountProblem(
          "\(login) ran a change whose outcome is not known yet. Nothing was erased; settle it "
            + "first, for who ran it must not be who settles it.")
      }
      try Erasure.erase(person, in: db)
      try AuditLog.append(.personErased(person: person.id), by: .command, at: now, in: db)
      return person
    }
    try storage.rewriteNow()
    let done =
      "Erased who person \(person.id) was: name, login, password, sessions. "
      + "Backups made before still hold them."
    return try [done] + storage.readNow { try Erasure.mentions(of: person, in: $0) }
  }

  /// Takes the machine's clock for right, although entries of the log are ahead of it.
  public func acceptClock() throws {
    try storage.writeNow { [now = outside.now()] in try TimeFloor.accept(now, in: $0) }
  }
}

/// The rows that tell who a person is.
enum Erasure {
  /// What stands in place of a name. As a login nobody can type it: logins have no capitals.
  static func name(of id: Int64) -> String { "Erased person \(id)" }

  /// Whether a change that the person has run is still open.
  static func isAwaited(_ person: Person, in db: Database) throws -> Bool {
    try Bool.fetchOne(
      db,
      sql: """
        SELECT EXISTS (SELECT 1 FROM executions JOIN changes ON changes.id = change_id
        WHERE executor_id = ? AND state IN ('executing', 'verifying', 'unknown'))
        """,
      arguments: [person.id]) ?? false
  }

  /// Replaces or removes all of them.
  static func erase(_ person: Person, in db: Database) throws {
    try db.execute(
      sql: """
        UPDATE people SET login = ?1, name = ?1, password_hash = '', seen_at = NULL WHERE id = ?2
        """,
      arguments: [name(of: person.id), person.id])
    try SessionStore.endAll(of: person.id, in: db)
    try FactorStore.removeAll(of: person.id, in: db)
    try db.execute(sql: "DELETE FROM identities WHERE person_id = ?", arguments: [person.id])
    try db.execute(sql: "DELETE FROM calendars WHERE person_id = ?", arguments: [person.id])
    try db.execute(sql: "DELETE FROM people_addresses WHERE person_id = ?", arguments: [person.id])
    try Choices.remove(of: person.id, in: db)
    try db.execute(sql: "DELETE FROM recently_seen WHERE person_id = ?", arguments: [person.id])
    try db.execute(sql: "DELETE FROM saved_views WHERE person_id = ?", arguments: [person.id])
    // Which of the addresses was theirs can't be told any more; each is kept for an hour at most.
    try db.execute(sql: "DELETE FROM failures")
  }

  /// Where the name or the login still stands, also as part of another word. Every column of every
  /// table is searched, those of later versions too; what people search by is made from the others.
  static func mentions(of person: Person, in db: Database) throws -> [String] {
    let tables = try String.fetchAll(
      db,
      sql: """
        SELECT name FROM sqlite_schema WHERE type = 'table'
        AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'search\\_%' ESCAPE '\\'
        """)
    return try tables.flatMap { table in
      try db.columns(in: table).flatMap { column in
        try Set([person.name, person.login]).sorted().compactMap { word in
          let count = try count(of: word, in: table, column.name, db)
          let rows = "\(count) row\(count == 1 ? "" : "s")"
          return count == 0 ? nil : "“\(word)” still occurs in \(table).\(column.name), \(rows)."
        }
      }
    }
  }

  private static func count(
    of word: String, in table: String, _ column: String, _ db: Database
  ) throws -> Int {
    let (table, column) = (table.quotedDatabaseIdentifier, column.quotedDatabaseIdentifier)
    return try Int.fetchOne(
      db,
      sql: """
        SELECT count(*) FROM \(table)
        WHERE instr(swiftLowercaseString(CAST(\(column) AS TEXT)), ?)
        """,
      arguments: [word.lowercased()]) ?? 0
  }
}
