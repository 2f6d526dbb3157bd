import GRDB
import HTTP

/// What was typed in the form of a change, to fill it in once more.
enum AskedStore {
  /// The longest query that is kept, in bytes; of a longer one the form opens empty.
  static let bytesMax = 8_192
  /// What belongs to one sending of the form, not to what is asked for.
  private static let passing: Set = ["draft", "form_token", "revises", "run_at", Zone.field]

  /// Keeps the fields in place of those of an earlier revision.
  static func keep(_ fields: [String: String], of change: String, in db: Database) throws {
    let text = query(fields.filter { !passing.contains($0.key) })
    try db.execute(sql: "DELETE FROM asked WHERE change = ?", arguments: [change])
    guard !text.isEmpty, text.utf8.count <= bytesMax else { return }
    try db.execute(
      sql: "INSERT INTO asked (change, query) VALUES (?, ?)", arguments: [change, text])
  }

  /// The fields by name; none for a change from before they were kept.
  static func find(_ change: String, in db: Database) throws -> [String: String] {
    let text = try String.fetchOne(
      db, sql: "SELECT query FROM asked WHERE change = ?", arguments: [change])
    return (try? Form(query: text).fieldsByName) ?? [:]
  }
}
