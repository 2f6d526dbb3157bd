import GRDB
import HTTP
import Rules

/// A list whose filter can be kept.
enum ViewedList: String, Sendable {
  case changes, audit

  var path: String { "/" + rawValue }

  /// The permission that the list itself needs.
  var permission: Permission { self == .audit ? .readAudit : .look }

  /// The filter that a form holds, as the query of an address; nil for one that can't be read, and
  /// for the whole list.
  func query(_ form: Form) -> String? {
    switch self {
    case .changes:
      let filter = form["state"].flatMap(ChangeFilter.init) ?? .all
      return filter == .all ? nil : "state=" + filter.rawValue
    case .audit:
      guard var filter = try? AuditFilter(form) else { return nil }
      filter.before = nil
      return filter.isNarrow ? filter.query : nil
    }
  }
}

/// A filter that a person keeps under a name.
struct SavedView: Sendable {
  let number: Int64
  let name: String
  let query: String
}

/// Kept filters in the database.
enum SavedViewStore {
  /// How many a person keeps for all lists.
  static let countMax = 20
  /// The longest name, in characters as SQLite counts them: Unicode scalars.
  static let nameLengthMax = 60

  /// A person's for one list, by name.
  static func all(
    of person: Person, for list: ViewedList, in db: Database
  ) throws -> [SavedView] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT number, name, query FROM saved_views WHERE person_id = ? AND list = ?
        ORDER BY name COLLATE NOCASE, number
        """, arguments: [person.id, list.rawValue]
    ).map { SavedView(number: $0["number"], name: $0["name"], query: $0["query"]) }
  }

  /// Keeps one; one with the same name shows something else from now on.
  /// - Returns: whether there was room for it.
  static func save(
    _ query: String, as name: String, of person: Person, for list: ViewedList, in db: Database
  ) throws -> Bool {
    let others = try Int.fetchOne(
      db,
      sql: """
        SELECT count(*) FROM saved_views
        WHERE person_id = ? AND NOT (list = ? AND name = ?)
        """, arguments: [person.id, list.rawValue, name])
    guard others ?? 0 < countMax else { return false }
    try db.execute(
      sql: """
        INSERT INTO saved_views (person_id, list, name, query) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (person_id, list, name) DO UPDATE SET query = ?4
        """, arguments: [person.id, list.rawValue, name, query])
    return true
  }

  /// Removes one of a person's own.
  /// - Returns: its list; nil when the person has no such view.
  static func remove(_ number: Int64, of person: Person, in db: Database) throws -> ViewedList? {
    let list = try String.fetchOne(
      db, sql: "SELECT list FROM saved_views WHERE number = ? AND person_id = ?",
      arguments: [number, person.id])
    try db.execute(
      sql: "DELETE FROM saved_views WHERE number = ? AND person_id = ?",
      arguments: [number, person.id])
    return list.flatMap(ViewedList.init)
  }
}
