package import GRDB
import Logging
import Rules

/// The words of the log, written behind it.
package enum AuditIndex {
  /// Entries that one transaction takes up: others wait for it.
  static let batchMax = 500
  /// The most characters of one entry that are taken up.
  static let textLengthMax = 4_000
  /// Beginnings so short are in the index themselves; SQLite finds longer ones by reading
  /// everything that begins so.
  private static let prefixLengthMax = 3
  /// The most words that a beginning is taken for, each read from its newest entry on. Where there
  /// are more, most of them stand in few entries.
  private static let termsMax = 64

  /// Takes up the next entries.
  /// - Returns: whether there are more.
  @discardableResult
  package static func catchUp(in db: Database) throws -> Bool {
    let done = try progress(in: db)
    let rows = try Row.fetchAll(
      db.cachedStatement(sql: AuditStore.select + " WHERE seq > ? ORDER BY seq LIMIT ?"),
      arguments: [done, batchMax])
    guard !rows.isEmpty else { return false }
    let insertion = try db.cachedStatement(
      sql: "INSERT INTO search_audit (rowid, words) VALUES (?, ?)")
    for entry in rows.map(AuditEntry.init(row:)) {
      try insertion.execute(arguments: [entry.seq, text(of: entry)])
    }
    try db.execute(
      sql: "UPDATE search_progress SET seq = ?", arguments: [done + Int64(rows.count)])
    return rows.count == batchMax
  }

  /// The last entry that was taken up.
  static func progress(in db: Database) throws -> Int64 {
    try Int64.fetchOne(db.cachedStatement(sql: "SELECT seq FROM search_progress")) ?? 0
  }

  /// Numbers of the entries that have all the words, newest first. They are not ranked: of a
  /// million hits the last ones are wanted, and SQLite finds them without seeing the others.
  static func numbers(
    _ words: SearchWords, people: [Person], limit: Int, in db: Database
  ) throws -> [Int64] {
    var query: [String] = []
    for word in words.all {
      let names = people.named(word).map { SearchIndex.quoted(SearchIndex.word(for: $0.id)) }
      let terms = try terms(beginningWith: word, in: db)
      guard !terms.isEmpty || !names.isEmpty else { return [] }
      query.append("(" + (terms + names).joined(separator: " OR ") + ")")
    }
    return try Int64.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT rowid FROM search_audit WHERE search_audit MATCH ? ORDER BY rowid DESC LIMIT ?
          """),
      arguments: [query.joined(separator: " AND "), limit])
  }

  /// What finds every word with a beginning.
  private static func terms(beginningWith word: String, in db: Database) throws -> [String] {
    guard word.count > prefixLengthMax else { return [SearchIndex.prefix(word)] }
    let next = try db.cachedStatement(
      sql: "SELECT term FROM search_audit_terms WHERE term >= ? AND term < ? LIMIT 1")
    var terms: [String] = []
    var from = word
    while let term = try String.fetchOne(next, arguments: [from, word + "\u{10FFFF}"]) {
      guard terms.count < termsMax else { return [SearchIndex.prefix(word)] }
      terms.append(SearchIndex.quoted(term))
      from = term + "\u{1}"
    }
    return terms
  }

  /// What an entry is found by: what a reader sees of it, with numbers for names, and every text it
  /// holds.
  private static func text(of entry: AuditEntry) -> String {
    let change = entry.change.map { "CR-\($0)" } ?? ""
    let actor = entry.personID.map(SearchIndex.word(for:)) ?? entry.actorName(among: [])
    let sentence = AuditSentence.of(
      type: entry.type, data: entry.data, name: SearchIndex.word(for:))
    let parts =
      [AuditSentence.label(of: entry.type), actor, change, sentence] + entry.data.texts
    return String(parts.joined(separator: " ").prefix(textLengthMax))
  }
}

extension Canonical {
  /// Every text in it.
  fileprivate var texts: [String] {
    switch self {
    case .string(let text): [text]
    case .integer, .boolean: []
    case .array(let elements): elements.flatMap(\.texts)
    case .object(let members): members.sorted { $0.key < $1.key }.flatMap(\.value.texts)
    }
  }
}

extension Portal {
  /// How long to wait between two batches of the log, so that others get to write.
  private static let betweenBatchesMs = 100

  /// Takes up what the log has grown by, until cancelled.
  func keepSearch() async {
    while !Task.isCancelled {
      let isBehind = await catchUpSearch()
      try? await Task.sleep(
        for: isBehind ? .milliseconds(Self.betweenBatchesMs) : .seconds(configuration.pollSeconds))
    }
  }

  /// Takes up the next entries of the log. A search is answered also where that can't be written.
  /// - Returns: whether there are more.
  @discardableResult
  func catchUpSearch() async -> Bool {
    do {
      let isBehind = try await storage.read { [self] db in
        try hasRoom && AuditStore.head(in: db).count > AuditIndex.progress(in: db)
      }
      return isBehind ? try await storage.write { try AuditIndex.catchUp(in: $0) } : false
    } catch {
      log.error("The index of the log: \(error)")
      return false
    }
  }
}
