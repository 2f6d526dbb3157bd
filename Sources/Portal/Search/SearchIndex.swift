import GRDB
import Rules

/// The words of changes and of what is left to do, in the database. Triggers write them with the
/// rows.
enum SearchIndex {
  /// How the index calls a person: names are looked up when somebody searches.
  static func word(for person: Int64) -> String { "zzperson\(person)" }

  /// Numbers of the changes that have all the words, newest first.
  static func changes(
    _ words: SearchWords, people: [Person], limit: Int, in db: Database
  ) throws -> [Int64] {
    let query = words.all.map { word in
      "("
        + ([prefix(word)] + people.named(word).map { quoted(Self.word(for: $0.id)) })
        .joined(separator: " OR ") + ")"
    }
    return try Int64.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT rowid FROM search_changes WHERE search_changes MATCH ?
          ORDER BY rowid DESC LIMIT ?
          """),
      arguments: [query.joined(separator: " AND "), limit])
  }

  /// Numbers of what is left to do that has all the words, newest first.
  static func todos(_ words: SearchWords, limit: Int, in db: Database) throws -> [Int64] {
    try Int64.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT rowid FROM search_todos WHERE search_todos MATCH ? ORDER BY rowid DESC LIMIT ?
          """),
      arguments: [words.all.map(prefix).joined(separator: " AND "), limit])
  }

  /// What finds a word alone. Words have letters and digits alone, so there is nothing to escape.
  static func quoted(_ word: String) -> String { "\"\(word)\"" }

  /// What finds every word with this beginning.
  static func prefix(_ word: String) -> String { quoted(word) + "*" }
}

extension [Person] {
  /// Those with a name or a login that has a word with this beginning.
  func named(_ word: String) -> [Person] {
    filter { person in
      SearchWords.tokens(of: person.name + " " + person.login).contains {
        $0.word.hasPrefix(word)
      }
    }
  }
}
