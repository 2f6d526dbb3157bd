import GRDB
import Rules

/// What happened to something that is left to do. Who may not read the log reads it here.
enum TodoHistory {
  /// What can happen to it.
  enum Kind: String {
    case opened, closed, reopened, owner, due, snoozed, woken, note
  }

  /// One thing that happened.
  struct Turn: Sendable {
    let at: Moment
    /// Who did it; nil for Caretaker itself.
    let actor: String?
    let kind: Kind
    /// Whom it was given to.
    let about: String?
    let day: Day?
    let text: String
  }

  /// Notes what happened.
  static func add(
    _ kind: Kind, to todo: Int64, by actor: AuditLog.Actor, about: Int64? = nil, day: Day? = nil,
    text: String = "", at now: Moment, in db: Database
  ) throws {
    try db.execute(
      sql: """
        INSERT INTO todo_notes (todo, at, by_id, kind, about_id, day, text)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [todo, now.ms, actor.personID, kind.rawValue, about, day?.number, text])
  }

  /// Everything that happened, the newest last.
  static func of(_ todo: Int64, in db: Database) throws -> [Turn] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT at, kind, day, text, actor.name AS actor, about.name AS about FROM todo_notes
        LEFT JOIN people AS actor ON actor.id = by_id
        LEFT JOIN people AS about ON about.id = about_id
        WHERE todo = ? ORDER BY todo_notes.number
        """, arguments: [todo]
    ).compactMap { row in
      let day: Int64? = row["day"]
      return Kind(rawValue: row["kind"]).map {
        Turn(
          at: Moment(ms: row["at"]), actor: row["actor"], kind: $0, about: row["about"],
          day: day.map(Day.init(number:)), text: row["text"])
      }
    }
  }

  /// When each was last touched.
  static func newest(in db: Database) throws -> [Int64: Moment] {
    let rows = try Row.fetchAll(db, sql: "SELECT todo, max(at) AS at FROM todo_notes GROUP BY todo")
    return Dictionary(rows.map { ($0["todo"], Moment(ms: $0["at"])) }) { first, _ in first }
  }
}

extension TodoHistory.Turn {
  /// What happened, to follow a name.
  var words: String {
    let quoted = text.isEmpty ? "" : ": “\(text)”"
    switch kind {
    case .opened: return "opened it" + quoted
    case .closed: return "closed it" + quoted
    case .reopened: return "opened it again" + quoted
    case .owner: return about.map { "gave it to \($0)" } ?? "took it from its owner"
    case .due: return day.map { "made it due on \($0.iso)" } ?? "took its due date away"
    case .snoozed: return "snoozed it until \(day?.iso ?? "")" + quoted
    case .woken: return "took it out of snooze"
    case .note: return "wrote" + quoted
    }
  }
}
