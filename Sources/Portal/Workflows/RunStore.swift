import GRDB
import Rules

/// Runs of the workflows in the database.
enum RunStore {
  /// How long they are kept.
  static let keptMs = 730 * Span.day

  /// A run, and the number of the change whose mark it carries.
  struct Kept: Sendable {
    let run: RunSummary
    let change: Int64?
    /// When GitHub last told of it.
    let seenAt: Moment
  }

  private static let select = """
    SELECT runs.*, changes.number FROM runs LEFT JOIN changes ON changes.id = runs.mark
    """

  /// Keeps runs as GitHub tells of them now.
  static func keep(_ runs: [RunSummary], site: String, at now: Moment, in db: Database) throws {
    let statement = try db.cachedStatement(
      sql: """
        INSERT OR REPLACE INTO runs (site, id, workflow, title, commit_id, branch, event, status,
          conclusion, attempt, actor, mark, created_at, started_at, updated_at, seen_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    for run in runs {
      try statement.execute(arguments: [
        site, run.id, run.file, run.title, run.commit, run.branch, run.event, run.status,
        run.conclusion, run.attempt, run.actor, run.mark, run.createdAt.ms, run.startedAt.ms,
        run.updatedAt.ms, now.ms,
      ])
    }
  }

  /// One run; nil when it has not been seen.
  static func find(_ id: Int64, site: String, in db: Database) throws -> Kept? {
    try Row.fetchOne(
      db, sql: select + " WHERE runs.site = ? AND runs.id = ?", arguments: [site, id]
    ).map(kept)
  }

  /// The commit of the last run of the same workflow that ended well before a run; nil when none
  /// has been seen.
  static func commit(
    before run: RunSummary, site: String, in db: Database
  ) throws -> String? {
    try String.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT commit_id FROM runs
          WHERE site = ? AND workflow = ? AND conclusion = 'success'
            AND (created_at, id) < (?, ?)
          ORDER BY created_at DESC, id DESC LIMIT 1
          """),
      arguments: [site, run.file, run.createdAt.ms, run.id])
  }

  /// How long the last runs of the same workflow took that ended well, in milliseconds.
  static func durations(
    before run: RunSummary, site: String, in db: Database
  ) throws -> [Int64] {
    try Int64.fetchAll(
      db,
      sql: """
        SELECT updated_at - started_at FROM runs
        WHERE site = ? AND workflow = ? AND conclusion = 'success'
          AND (created_at, id) < (?, ?)
        ORDER BY created_at DESC, id DESC LIMIT ?
        """, arguments: [site, run.file, run.createdAt.ms, run.id, WorkPace.runsMax])
  }

  /// Runs that fit, newest first.
  static func list(
    _ filter: RunFilter, site: String, limit: Int, in db: Database
  ) throws -> [Kept] {
    let before = filter.before ?? RunFilter.Place(ms: .max, id: .max)
    return try Row.fetchAll(
      db,
      sql: select + """
         WHERE runs.site = ?1 AND (?2 IS NULL OR workflow = ?2) AND (?3 IS NULL OR event = ?3)
          AND (?4 IS NULL OR CASE status WHEN 'completed' THEN conclusion ELSE 'running' END = ?4)
          AND (created_at, runs.id) < (?5, ?6) AND (NOT ?8 OR changes.id IS NULL)
        ORDER BY created_at DESC, runs.id DESC LIMIT ?7
        """,
      arguments: [
        site, filter.workflow, filter.event, filter.result, before.ms, before.id, limit,
        filter.isOutside,
      ]
    ).map(kept)
  }

  /// Forgets what is older than it is kept.
  static func prune(at now: Moment, in db: Database) throws {
    try db.execute(
      sql: "DELETE FROM runs WHERE created_at < ?", arguments: [now.adding(ms: -keptMs).ms])
  }

  private static func kept(_ row: Row) -> Kept {
    Kept(
      run: RunSummary(
        id: row["id"], file: row["workflow"], title: row["title"], commit: row["commit_id"],
        branch: row["branch"], event: row["event"], status: row["status"],
        conclusion: row["conclusion"], attempt: row["attempt"], actor: row["actor"],
        createdAt: Moment(ms: row["created_at"]), startedAt: Moment(ms: row["started_at"]),
        updatedAt: Moment(ms: row["updated_at"])),
      change: row["number"], seenAt: Moment(ms: row["seen_at"]))
  }
}
