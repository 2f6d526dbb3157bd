import GRDB
import Rules

/// What is left for somebody to do.
struct Todo: Sendable {
  let number: Int64
  let title: String
  let change: Int64?
  let draft: Int64?
  let openedAt: Moment
}

/// What is left to do, in the database.
enum TodoStore {
  /// Everything that is left to do, oldest first; of one change, where it is named.
  static func open(of change: Int64? = nil, in db: Database) throws -> [Todo] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT number, title, change, draft, opened_at FROM todos
        WHERE closed_at IS NULL AND (?1 IS NULL OR change = ?1) ORDER BY number
        """,
      arguments: [change]
    ).map {
      Todo(
        number: $0["number"], title: $0["title"], change: $0["change"], draft: $0["draft"],
        openedAt: Moment(ms: $0["opened_at"]))
    }
  }

  /// What a change that failed after something was changed leaves to do, with the draft of the
  /// change that puts it back where there is one.
  static func open(afterFailureOf change: Change, at now: Moment, in db: Database) throws {
    let draft = try change.plan.inverse.map { inverse in
      try DraftStore.insert(
        inverse, title: "Put back: \(change.plan.title)", origin: change.number, by: nil, at: now,
        in: db)
    }
    try open(
      "Look at CR-\(change.number), which failed part-way", change: change.number, draft: draft,
      by: .portal, at: now, in: db)
  }

  /// Notes something to do.
  static func open(
    _ title: String, change: Int64?, draft: Int64? = nil, by actor: AuditLog.Actor,
    at now: Moment, in db: Database
  ) throws {
    try db.execute(
      sql: "INSERT INTO todos (title, change, draft, opened_at) VALUES (?, ?, ?, ?)",
      arguments: [title, change, draft, now.ms])
    try AuditLog.append(
      .todoOpened(number: change, todo: db.lastInsertedRowID, title: title), by: actor, at: now,
      in: db)
  }

  /// Notes that something is done.
  static func close(
    _ number: Int64, by actor: AuditLog.Actor, note: String, at now: Moment, in db: Database
  ) throws {
    let change = try Int64.fetchOne(
      db, sql: "SELECT change FROM todos WHERE number = ?", arguments: [number])
    try db.execute(
      sql: """
        UPDATE todos SET closed_at = ?, closed_by = ?, note = ?
        WHERE number = ? AND closed_at IS NULL
        """,
      arguments: [now.ms, actor.personID, note, number])
    guard db.changesCount == 1 else { return }
    try AuditLog.append(
      .todoClosed(number: change, todo: number, note: note), by: actor, at: now, in: db)
  }
}
