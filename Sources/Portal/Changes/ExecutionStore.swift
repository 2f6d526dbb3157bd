import Foundation
import GRDB
import Rules

/// One step of a run as it is in the database.
struct StepRow: Sendable {
  let step: Int64
  let intendedAt: Moment
  /// `done`, `failed`, `unknown`; nil while nobody knows.
  let outcome: String?
  let detail: String?

  var isDone: Bool { outcome == "done" }
}

/// Runs, their steps and locks in the database.
enum ExecutionStore {
  /// Begins a run: spends the approval, takes the locks. Going on with an unknown one takes none,
  /// for it holds them still.
  /// - Throws: `Refusal` also while another portal may work.
  static func begin(
    _ change: Change, by person: Person, as actor: AuditLog.Actor, approvers: [Person],
    emergency: Emergency?, confirmedBy proof: Proof? = nil, boot: Boot, under lease: LeaseHold,
    at now: Moment, in db: Database
  ) throws {
    try lease.check()
    if change.storedState != .unknown { try takeLocks(for: change, in: db) }
    try ChangeStore.setState(of: change, to: .executing, window: change.window, in: db)
    let attempt = try attempt(of: change.id, in: db) + 1
    try db.execute(
      sql: """
        UPDATE executions SET finished_at = ? WHERE change_id = ? AND finished_at IS NULL
        """,
      arguments: [now.ms, change.id])
    try db.execute(
      sql: """
        INSERT INTO executions (change_id, attempt, executor_id, boot_id, emergency, started_at)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
      arguments: [change.id, attempt, person.id, boot.id, emergency?.number, now.ms])
    try AuditLog.append(
      .runStarted(
        number: change.number, digest: change.digest, approvers: approvers.map(\.id),
        attempt: attempt, emergency: emergency?.number, proof: proof),
      by: actor, at: now, in: db)
  }

  /// Writes that a call is about to be made. Nothing is sent before this is on disk, and nothing
  /// by a start of the portal other than the one that began the attempt.
  static func intend(
    _ step: Int64, call: String, of change: Change, boot: Boot, at now: Moment, in db: Database
  ) throws {
    let attempt = try attempt(of: change.id, in: db)
    let mine = try Bool.fetchOne(
      db,
      sql: """
        SELECT state = 'executing' AND boot_id = ? FROM changes
        JOIN executions ON change_id = changes.id AND attempt = ? WHERE changes.id = ?
        """,
      arguments: [boot.id, attempt, change.id])
    guard mine == true else { throw Refusal.planMoved }
    try db.execute(
      sql: "INSERT INTO steps (change_id, attempt, step, intended_at) VALUES (?, ?, ?, ?)",
      arguments: [change.id, attempt, step, now.ms])
    try AuditLog.append(
      .stepIntended(
        number: change.number, digest: change.digest, attempt: attempt, step: step, call: call),
      by: .portal, at: now, in: db)
  }

  /// Writes what became of a call.
  static func finish(
    _ step: Int64, of change: Change, outcome: StepOutcome, at now: Moment, in db: Database
  ) throws {
    try db.execute(
      sql: """
        UPDATE steps SET outcome = ?, detail = ?, finished_at = ?
        WHERE change_id = ? AND attempt = ? AND step = ? AND outcome IS NULL
        """,
      arguments: [
        outcome.code, outcome.detail, now.ms, change.id, try attempt(of: change.id, in: db), step,
      ])
    try AuditLog.append(
      .stepFinished(
        number: change.number, step: step, outcome: outcome.code, detail: outcome.detail),
      by: .portal, at: now, in: db)
  }

  /// The steps begun so far, in order; of a step that was tried twice, the last attempt.
  static func steps(of change: String, in db: Database) throws -> [StepRow] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT step, intended_at, outcome, detail, max(attempt) FROM steps
        WHERE change_id = ? GROUP BY step ORDER BY step
        """,
      arguments: [change]
    ).map {
      StepRow(
        step: $0["step"], intendedAt: Moment(ms: $0["intended_at"]), outcome: $0["outcome"],
        detail: $0["detail"])
    }
  }

  /// The steps of the plan that are not known to have been done, in order.
  static func left(of change: Change, in db: Database) throws -> [Step] {
    let done = Set(try steps(of: change.id, in: db).filter(\.isDone).map(\.step))
    return change.plan.steps.enumerated().filter { !done.contains(Int64($0.offset + 1)) }
      .map(\.element)
  }

  /// How long the run of a change goes on, beside the last ones of its kind that were done; nil
  /// where none does.
  static func pace(of change: Change, at now: Moment, in db: Database) throws -> WorkPace? {
    guard change.storedState.isRunning else { return nil }
    let begun = try Int64.fetchOne(
      db, sql: "SELECT max(started_at) FROM executions WHERE change_id = ?",
      arguments: [change.id])
    guard let begun else { return nil }
    let before = try Int64.fetchAll(
      db,
      sql: """
        SELECT finished_at - started_at FROM executions
        JOIN changes ON changes.id = executions.change_id AND state = 'succeeded'
        JOIN plans ON plans.change_id = changes.id AND plans.revision = changes.revision
        WHERE kind = ? AND site = ? AND finished_at IS NOT NULL
        ORDER BY started_at DESC LIMIT ?
        """, arguments: [change.plan.kind, change.plan.site, WorkPace.runsMax])
    return WorkPace(elapsedMs: now.since(Moment(ms: begun)), beforeMs: before)
  }

  /// Everybody who ran the change or had it gone on with, by number.
  static func executors(of change: String, in db: Database) throws -> Set<Int64> {
    try Int64.fetchSet(
      db, sql: "SELECT executor_id FROM executions WHERE change_id = ?", arguments: [change])
  }

  private static func attempt(of change: String, in db: Database) throws -> Int64 {
    try Int64.fetchOne(
      db, sql: "SELECT max(attempt) FROM executions WHERE change_id = ?", arguments: [change])
      ?? 0
  }

  private static func takeLocks(for change: Change, in db: Database) throws {
    for resource in change.plan.locks {
      let holder = try Int64.fetchOne(
        db,
        sql: "SELECT number FROM locks JOIN changes ON changes.id = change_id WHERE resource = ?",
        arguments: [resource])
      if let holder { throw Refusal.locked(resource: resource, byNumber: holder) }
      try db.execute(
        sql: "INSERT INTO locks (resource, change_id) VALUES (?, ?)",
        arguments: [resource, change.id])
    }
  }
}
