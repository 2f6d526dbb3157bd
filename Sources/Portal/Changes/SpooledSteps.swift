import GRDB
import Rules

extension ExecutionStore {
  /// Takes a line of the spool into the log as evidence, and into the step it is about, unless the
  /// step's outcome was written after all. The change itself is left unknown: the line only says
  /// what one call was told.
  static func adopt(_ found: SpooledOutcome?, at now: Moment, in db: Database) throws {
    guard let found else {
      return try log(nil, 0, "unreadable", "A line of the spool can't be read.", at: now, in: db)
    }
    let step = try Row.fetchOne(
      db,
      sql: """
        SELECT change_id, attempt, outcome FROM steps
        JOIN executions USING (change_id, attempt) JOIN changes ON changes.id = change_id
        WHERE number = ? AND step = ? AND boot_id = ? ORDER BY attempt DESC LIMIT 1
        """,
      arguments: [found.change, found.step, found.boot])
    guard let step, StepOutcome.codes.contains(found.outcome) else {
      let detail = "The spool tells of step \(found.step) of CR-\(found.change), which is not here."
      return try log(nil, found.step, "unreadable", detail, at: now, in: db)
    }
    guard step["outcome"] == nil else { return }
    let detail = SecretScan.redacted(found.detail)
    try db.execute(
      sql: """
        UPDATE steps SET outcome = ?, detail = ?, finished_at = ?
        WHERE change_id = ? AND attempt = ? AND step = ?
        """,
      arguments: [
        found.outcome, detail, found.at, step["change_id"] as String, step["attempt"] as Int64,
        found.step,
      ])
    try log(found.change, found.step, found.outcome, detail, at: now, in: db)
  }

  private static func log(
    _ change: Int64?, _ step: Int64, _ outcome: String, _ detail: String, at now: Moment,
    in db: Database
  ) throws {
    try AuditLog.append(
      .spoolImported(change: change, step: step, outcome: outcome, detail: detail), by: .portal,
      at: now, in: db)
  }
}

extension StepOutcome {
  /// Every code that a step may have.
  static let codes: Set = ["done", "failed", "unknown"]
}
