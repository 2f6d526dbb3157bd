import AWS
import GRDB
import Rules

/// What became of the portal's backups of itself, in the database.
enum OwnBackupStore {
  /// One that was made or failed.
  struct Row: Sendable {
    let at: Moment
    let place: String
    /// Its length; nil for one that failed.
    let bytes: Int64?
    /// Why there is none; nil for one that was made.
    let problem: String?
  }

  /// So many are kept.
  private static let rowsMax = 200

  static func record(
    _ result: Result<OwnBackups.Made, any Error>, place: String, at now: Moment, in db: Database
  ) throws {
    switch result {
    case .success(let made):
      try db.execute(
        sql: "INSERT INTO own_backups (at, place, bytes, entries) VALUES (?, ?, ?, ?)",
        arguments: [now.ms, made.place, made.bytes, made.entries])
    case .failure(let error):
      try db.execute(
        sql: "INSERT INTO own_backups (at, place, problem) VALUES (?, ?, ?)",
        arguments: [now.ms, place, (error as? AWSError)?.sentence ?? String(describing: error)])
    }
    try db.execute(
      sql: "DELETE FROM own_backups WHERE number <= (SELECT max(number) FROM own_backups) - ?",
      arguments: [rowsMax])
  }

  /// The newest first.
  static func newest(_ count: Int, in db: Database) throws -> [Row] {
    try GRDB.Row.fetchAll(
      db,
      sql: "SELECT at, place, bytes, problem FROM own_backups ORDER BY number DESC LIMIT ?",
      arguments: [count]
    ).map {
      Row(at: Moment(ms: $0[0]), place: $0[1], bytes: $0[2], problem: $0[3])
    }
  }

  /// The last that was made; nil when there was none.
  static func lastMade(in db: Database) throws -> Moment? {
    try Int64.fetchOne(db, sql: "SELECT max(at) FROM own_backups WHERE bytes IS NOT NULL")
      .map(Moment.init(ms:))
  }

  /// The last try; nil when there was none.
  static func lastTried(in db: Database) throws -> Moment? {
    try Int64.fetchOne(db, sql: "SELECT max(at) FROM own_backups").map(Moment.init(ms:))
  }
}
