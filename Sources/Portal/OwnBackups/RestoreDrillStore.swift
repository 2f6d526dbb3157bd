import GRDB
import Rules

/// Backups of the portal itself that were brought back to see that they can be, in the database.
enum RestoreDrillStore {
  /// One that was made.
  struct Row: Sendable {
    let at: Moment
    let place: String
    /// When the backup was begun, and the last entry of the log in it; nil for one that failed.
    let takenAt: Moment?
    let entries: Int64?
    /// Why it could not be brought back; nil when it could.
    let problem: String?
  }

  /// Keeps what became of one, and closes what was left to do about it.
  static func record(
    _ result: Result<BackupRestorer.Restored, any Error>, of place: String, at now: Moment,
    in db: Database
  ) throws {
    var (list, why): (OwnBackup?, String?) = (nil, nil)
    switch result {
    case .success(let restored): list = restored.list
    case .failure(let error): why = OwnBackupProblem.words(error)
    }
    try db.execute(
      sql: """
        INSERT INTO restore_drills (at, place, taken_at, entries, problem) VALUES (?, ?, ?, ?, ?)
        """, arguments: [now.ms, place, list?.takenAtMs, list?.entries, why])
    try AuditLog.append(
      .restoreDrilled(place: place, entries: list?.entries, why: why), by: .command, at: now,
      in: db)
    try TodoStore.followDrills(at: now, in: db)
  }

  /// The last that was made, and why it failed; nil when there was none.
  static func last(in db: Database) throws -> (at: Moment, problem: String?)? {
    try newest(1, in: db).first.map { ($0.at, $0.problem) }
  }

  /// The newest first.
  static func newest(_ count: Int, in db: Database) throws -> [Row] {
    try GRDB.Row.fetchAll(
      db,
      sql: """
        SELECT at, place, taken_at, entries, problem FROM restore_drills
        ORDER BY number DESC LIMIT ?
        """, arguments: [count]
    ).map { row in
      let takenAt: Int64? = row["taken_at"]
      return Row(
        at: Moment(ms: row["at"]), place: row["place"], takenAt: takenAt.map(Moment.init(ms:)),
        entries: row["entries"], problem: row["problem"])
    }
  }
}
