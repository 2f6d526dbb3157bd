import GRDB
import HTTP
import HTTPTypes
import Rules

extension Portal {
  /// What the list shows as comma-separated values.
  func downloadTodos(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let filter = TodoFilter(visit.form)
    let todos = try await storage.read { [now = visit.now] db in
      try Self.todos(filter, for: person, at: now, in: db)
    }
    return .attachment(
      AuditCSV.bytes([Todo.columns] + todos.map { $0.cells(at: visit.now) }),
      type: "text/csv; charset=utf-8; header=present",
      named: "caretaker-todos-\(Day(visit.now).iso).csv")
  }

  /// The due dates of what the list shows as a calendar.
  func downloadCalendar(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let filter = TodoFilter(visit.form)
    let body = try await storage.read { [now = visit.now] db -> [UInt8] in
      let todos = try Self.todos(filter, for: person, at: now, in: db)
      guard todos.contains(where: \.isInCalendar) else { throw Failure.noDueDate }
      return try Self.calendar(of: todos, at: now, in: db)
    }
    return .attachment(
      body, type: "text/calendar; charset=utf-8", named: "caretaker-todos.ics")
  }

  /// The due dates of what is open.
  static func calendar(of todos: [Todo], at now: Moment, in db: Database) throws -> [UInt8] {
    TodoCalendar(logID: try AuditLog.logID(in: db), touched: try TodoHistory.newest(in: db))
      .file(todos.filter(\.isInCalendar), at: now)
  }
}

extension Failure {
  fileprivate static let noDueDate = Failure(
    status: .notFound, title: "None of these has a due date",
    sentence: "The calendar would be empty, so there is no file. Give an open TODO a due date, or "
      + "take a filter away. Nothing was changed.")
}

extension Todo {
  fileprivate var isInCalendar: Bool { isOpen && due != nil }

  fileprivate static let columns = [
    "todo", "title", "state", "owner", "due", "site", "finding", "change", "snoozed_until",
    "snooze_reason", "opened_utc", "times_reopened", "closed_utc", "closing_note",
  ]

  fileprivate func cells(at now: Moment) -> [String] {
    let sleeps = isSnoozed(at: now) ? snooze : nil
    return [
      String(number), title, Tag(self, at: now).word, owner?.name ?? "", due?.iso ?? "",
      source?.site ?? "", source?.finding ?? "", change.map { "CR-\($0)" } ?? "",
      sleeps?.until.iso ?? "", sleeps?.reason ?? "", openedAt.iso, String(timesReopened),
      closedAt?.iso ?? "", closingNote,
    ]
  }
}
