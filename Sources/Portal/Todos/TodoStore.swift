import GRDB
import Rules

/// What is left to do, in the database.
enum TodoStore {
  private static let select = """
    SELECT todos.*, people.name AS owner_name FROM todos
    LEFT JOIN people ON people.id = owner_id
    """

  /// The most of those done that pages show, the newest.
  static let doneMax = 200

  /// Everything that is left to do, oldest first; of one change, where it is named.
  static func open(of change: Int64? = nil, in db: Database) throws -> [Todo] {
    try Row.fetchAll(
      db,
      sql: select
        + " WHERE closed_at IS NULL AND (?1 IS NULL OR change = ?1) ORDER BY todos.number",
      arguments: [change]
    ).map(Todo.init(row:))
  }

  /// Those done, the newest first; all of them where no limit is given.
  static func done(limit: Int? = nil, in db: Database) throws -> [Todo] {
    try Row.fetchAll(
      db,
      sql: select + " WHERE closed_at IS NOT NULL ORDER BY closed_at DESC, number DESC LIMIT ?",
      arguments: [limit ?? -1]
    ).map(Todo.init(row:))
  }

  /// One of them.
  static func find(_ number: Int64, in db: Database) throws -> Todo {
    guard
      let row = try Row.fetchOne(
        db, sql: select + " WHERE todos.number = ?", arguments: [number])
    else { throw Failure.notFound }
    return Todo(row: row)
  }

  /// The one that a finding gave birth to; nil while it gave birth to none.
  static func find(of source: Todo.Source, in db: Database) throws -> Todo? {
    try Row.fetchOne(
      db, sql: select + " WHERE site = ? AND finding = ?",
      arguments: [source.site, source.finding]
    ).map(Todo.init(row:))
  }

  /// How many are in sight, and how many of those are overdue.
  static func count(at now: Moment, in db: Database) throws -> TodoCount {
    let row = try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT count(*) AS open, count(iif(due_day < ?1, 1, NULL)) AS overdue FROM todos
          WHERE closed_at IS NULL AND (snoozed_until IS NULL OR snoozed_until <= ?1)
          """), arguments: [Day(now).number])
    return TodoCount(open: row?["open"] ?? 0, overdue: row?["overdue"] ?? 0)
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
    let todo = db.lastInsertedRowID
    try TodoHistory.add(.opened, to: todo, by: actor, at: now, in: db)
    try AuditLog.append(
      .todoOpened(number: change, todo: todo, title: title), by: actor, at: now, in: db)
  }

  /// Notes that something is done.
  static func close(
    _ number: Int64, by actor: AuditLog.Actor, note: String, at now: Moment, in db: Database
  ) throws {
    let change = try change(of: number, in: db)
    try db.cachedStatement(
      sql: """
        UPDATE todos SET closed_at = ?, closed_by = ?, note = ?, snoozed_until = NULL,
          snooze_reason = NULL
        WHERE number = ? AND closed_at IS NULL
        """
    ).execute(arguments: [now.ms, actor.personID, note, number])
    guard db.changesCount == 1 else { return }
    try TodoHistory.add(.closed, to: number, by: actor, text: note, at: now, in: db)
    try AuditLog.append(
      .todoClosed(number: change, todo: number, note: note), by: actor, at: now, in: db)
  }

  /// Notes that something is not done after all.
  /// - Parameter due: by when it is to be done now; nil leaves the day as it is.
  static func reopen(
    _ number: Int64, due: Day?, by actor: AuditLog.Actor, note: String, at now: Moment,
    in db: Database
  ) throws {
    let change = try change(of: number, in: db)
    try db.cachedStatement(
      sql: """
        UPDATE todos SET closed_at = NULL, closed_by = NULL, note = NULL, reopened = reopened + 1,
          due_day = coalesce(?, due_day)
        WHERE number = ? AND closed_at IS NOT NULL
        """
    ).execute(arguments: [due?.number, number])
    guard db.changesCount == 1 else { return }
    try TodoHistory.add(.reopened, to: number, by: actor, text: note, at: now, in: db)
    try AuditLog.append(
      .todoReopened(number: change, todo: number, note: note), by: actor, at: now, in: db)
  }

  /// Changes something about one.
  static func change(
    _ number: Int64, _ changed: TodoChange, by actor: AuditLog.Actor, at now: Moment,
    in db: Database
  ) throws {
    let change = try change(of: number, in: db)
    switch changed {
    case .owner(let person):
      try set("owner_id = ?", [person], of: number, in: db)
      try TodoHistory.add(.owner, to: number, by: actor, about: person, at: now, in: db)
    case .due(let day):
      try set("due_day = ?", [day?.number], of: number, in: db)
      try TodoHistory.add(.due, to: number, by: actor, day: day, at: now, in: db)
    case .snooze(let until, let reason):
      try set("snoozed_until = ?, snooze_reason = ?", [until.number, reason], of: number, in: db)
      try TodoHistory.add(
        .snoozed, to: number, by: actor, day: until, text: reason, at: now, in: db)
    case .wake:
      try set("snoozed_until = NULL, snooze_reason = NULL", [], of: number, in: db)
      try TodoHistory.add(.woken, to: number, by: actor, at: now, in: db)
    case .note(let text):
      try TodoHistory.add(.note, to: number, by: actor, text: text, at: now, in: db)
    }
    try AuditLog.append(
      .todoChanged(number: change, todo: number, changed), by: actor, at: now, in: db)
  }

  private static func set(
    _ columns: String, _ values: StatementArguments, of number: Int64, in db: Database
  ) throws {
    try db.execute(
      sql: "UPDATE todos SET \(columns) WHERE number = ?", arguments: values + [number])
  }

  private static func change(of number: Int64, in db: Database) throws -> Int64? {
    try Int64.fetchOne(db, sql: "SELECT change FROM todos WHERE number = ?", arguments: [number])
  }
}

/// How much is left to do, for the navigation.
struct TodoCount: Sendable {
  /// Open and not snoozed.
  var open = 0
  /// Those of them whose day is over.
  var overdue = 0
}
