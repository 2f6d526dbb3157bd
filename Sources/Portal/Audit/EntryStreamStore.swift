import GRDB
import Rules

/// How far the log's entries have been put where engines read them, in the database.
enum EntryStreamStore {
  /// What is known of the stream to a place; nil when there is none yet.
  static func standing(
    of place: BucketPlace, in db: Database
  ) throws -> (through: Int64, at: Moment, problem: String?)? {
    try Row.fetchOne(
      db.cachedStatement(sql: "SELECT through, at, problem FROM entry_stream WHERE place = ?"),
      arguments: [place.url]
    ).map { ($0["through"], Moment(ms: $0["at"]), $0["problem"]) }
  }

  /// Begins a stream to a place, from the first entry on. That entries leave is in the log.
  static func begin(_ place: BucketPlace, at now: Moment, in db: Database) throws {
    guard try standing(of: place, in: db) == nil else { return }
    try db.execute(
      sql: """
        INSERT INTO entry_stream (only, place, through, at) VALUES (1, ?1, 0, ?2)
        ON CONFLICT (only) DO UPDATE SET place = ?1, through = 0, at = ?2, problem = NULL
        """, arguments: [place.url, now.ms])
    try AuditLog.append(
      .logExported("every entry from now on, to \(place.url)"), by: .portal, at: now, in: db)
  }

  /// Keeps that entries are there.
  static func reached(
    _ through: Int64, of place: BucketPlace, at now: Moment, in db: Database
  ) throws {
    try db.execute(
      sql: "UPDATE entry_stream SET through = ?, at = ?, problem = NULL WHERE place = ?",
      arguments: [through, now.ms, place.url])
  }

  /// Keeps why nothing was put.
  static func failed(_ problem: String, of place: BucketPlace, in db: Database) throws {
    try db.execute(
      sql: "UPDATE entry_stream SET problem = ? WHERE place = ?", arguments: [problem, place.url])
  }
}
