import GRDB
import Rules

/// A change in one line, as lists beside other things show it.
struct ChangeSummary: Sendable {
  let number: Int64
  let site: String
  let title: String
  let state: ChangeState
  /// When it was proposed.
  let at: Moment
}

extension ChangeSummary {
  init?(row: Row) {
    guard let state = ChangeState(rawValue: row["state"]) else { return nil }
    self.init(
      number: row["number"], site: row["site"], title: row["title"], state: state,
      at: Moment(ms: row["proposed_at"]))
  }
}

extension ChangeStore {
  /// The most changes shown beside a resource.
  private static let besideMax = 10

  private static let summary = """
    SELECT number, site, title, state, proposed_at FROM changes
    JOIN plans ON plans.change_id = changes.id AND plans.revision = changes.revision
    """

  /// The number of the change with this id; nil when there is none.
  static func number(of id: String, in db: Database) throws -> Int64? {
    try Int64.fetchOne(db, sql: "SELECT number FROM changes WHERE id = ?", arguments: [id])
  }

  /// A change in one line; nil when there is none with this number.
  static func summary(_ number: Int64, in db: Database) throws -> ChangeSummary? {
    try Row.fetchOne(db, sql: summary + " WHERE number = ?", arguments: [number])
      .flatMap(ChangeSummary.init(row:))
  }

  /// The newest changes of some kinds at a site.
  static func newest(
    of kinds: [String], site: String, in db: Database
  ) throws -> [ChangeSummary] {
    let marks = kinds.map { _ in "?" }.joined(separator: ", ")
    return try Row.fetchAll(
      db,
      sql: summary + " WHERE kind IN (\(marks)) AND site = ? ORDER BY number DESC LIMIT ?",
      arguments: StatementArguments(kinds) + [site, besideMax]
    ).compactMap(ChangeSummary.init(row:))
  }

  /// When changes of a site were run since a moment, each with its words.
  static func runs(
    site: String, since: Moment, in db: Database
  ) throws -> [(at: Moment, words: String)] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT number, title, started_at FROM executions
        JOIN changes ON changes.id = executions.change_id
        JOIN plans ON plans.change_id = changes.id AND plans.revision = changes.revision
        WHERE site = ? AND started_at >= ? ORDER BY started_at
        """,
      arguments: [site, since.ms]
    ).map { row in
      let (number, title): (Int64, String) = (row["number"], row["title"])
      return (Moment(ms: row["started_at"]), "CR-\(number): \(title)")
    }
  }
}
