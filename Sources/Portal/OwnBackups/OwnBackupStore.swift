import GRDB
import Rules

/// What became of the portal's backups of itself, in the database.
enum OwnBackupStore {
  /// One that was made, or that the portal's clock could not make.
  struct Row: Sendable {
    let at: Moment
    let place: String
    /// Its length; nil for one that failed.
    let bytes: Int64?
    /// Why there is none; nil for one that was made.
    let problem: String?
    /// Whether somebody made it, and not the portal's clock.
    let isByHand: Bool
  }

  /// So many are kept.
  private static let rowsMax = 200

  static func record(
    _ result: Result<OwnBackups.Made, any Error>, place: String, isByHand: Bool = false,
    at now: Moment, in db: Database
  ) throws {
    switch result {
    case .success(let made):
      try db.execute(
        sql: "INSERT INTO own_backups (at, place, bytes, entries, by_hand) VALUES (?, ?, ?, ?, ?)",
        arguments: [now.ms, made.place, made.bytes, made.entries, isByHand])
    case .failure(let error):
      try db.execute(
        sql: "INSERT INTO own_backups (at, place, problem) VALUES (?, ?, ?)",
        arguments: [now.ms, place, OwnBackupProblem.words(error)])
    }
    try db.execute(
      sql: "DELETE FROM own_backups WHERE number <= (SELECT max(number) FROM own_backups) - ?",
      arguments: [rowsMax])
  }

  /// The newest first.
  static func newest(_ count: Int, in db: Database) throws -> [Row] {
    try GRDB.Row.fetchAll(
      db,
      sql: """
        SELECT at, place, bytes, problem, by_hand FROM own_backups ORDER BY number DESC LIMIT ?
        """,
      arguments: [count]
    ).map {
      Row(at: Moment(ms: $0[0]), place: $0[1], bytes: $0[2], problem: $0[3], isByHand: $0[4])
    }
  }

  /// The last that was made, by whomever, with the last entry of the log in it, which was proven
  /// then; nil when there was none.
  static func lastMade(in db: Database) throws -> (at: Moment, entries: Int64)? {
    try GRDB.Row.fetchOne(
      db,
      sql: """
        SELECT at, entries FROM own_backups WHERE bytes IS NOT NULL ORDER BY number DESC LIMIT 1
        """
    ).map { (Moment(ms: $0[0]), $0[1]) }
  }

  /// The last that the portal's clock made, and its last try; nil when there was none. The last by
  /// their numbers: one whose time is of a clock that was ahead would be the last for long.
  static func lastByClock(in db: Database) throws -> (made: Moment?, tried: Moment?) {
    let row = try GRDB.Row.fetchOne(
      db,
      sql: """
        SELECT
          (SELECT at FROM own_backups WHERE NOT by_hand AND bytes IS NOT NULL
            ORDER BY number DESC LIMIT 1),
          (SELECT at FROM own_backups WHERE NOT by_hand ORDER BY number DESC LIMIT 1)
        """)
    let (made, tried): (Int64?, Int64?) = (row?[0], row?[1])
    return (made.map(Moment.init(ms:)), tried.map(Moment.init(ms:)))
  }

  /// How the portal itself is backed up.
  static func standing(
    _ settings: BackupSettings?, at now: Moment, in db: Database
  ) throws -> OwnBackupStanding {
    let problem = try newest(1, in: db).first?.problem
    return OwnBackupStanding(
      everyMs: settings?.everyMs, made: try lastMade(in: db)?.at, problem: problem, at: now)
  }
}
