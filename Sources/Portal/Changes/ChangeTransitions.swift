import Foundation
import GRDB
import Rules

/// Changes in the database: moving them. Every transition names the version it has read and writes
/// its entry in the log, or nothing happens.
extension ChangeStore {
  /// Stores a proposal and gives its number.
  static func insert(
    _ plan: Plan, bytes: [UInt8], as state: ChangeState, by requester: Person, reason: String,
    in house: House, _ db: Database
  ) throws -> Int64 {
    let now = house.now
    let window = state == .approved ? plan.runWindow(in: house) : nil
    try db.execute(
      sql: """
        INSERT INTO changes (id, requester_id, state, proposed_at, review_by, run_from, run_by)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        plan.change, requester.id, state.rawValue, now.ms,
        now.adding(ms: house.policy.reviewWithinMs).ms, window?.from.ms, window?.by.ms,
      ])
    let number = db.lastInsertedRowID
    let digest = try insert(plan, bytes: bytes, by: requester, reason: reason, at: now, in: db)
    try AuditLog.append(
      .changeProposed(number: number, digest: digest, plan: plan, reason: reason),
      by: .person(requester), at: now, in: db)
    try askForReview(of: number, in: house, db)
    return number
  }

  /// Puts another plan in the place of the one that stands; votes for that one are void with it.
  static func revise(
    _ change: Change, to plan: Plan, bytes: [UInt8], as state: ChangeState, by editor: Person,
    reason: String, in house: House, _ db: Database
  ) throws {
    let digest = try replace(
      change, with: plan, bytes: bytes, as: state, by: editor, reason: reason, in: house, db)
    try AuditLog.append(
      .changeRevised(number: change.number, digest: digest, plan: plan, reason: reason),
      by: .person(editor), at: house.now, in: db)
    try askForReview(of: change.number, in: house, db)
  }

  /// Writes what the refusal of a run means for the change itself: the world moved away from it, or
  /// its price rose and it waits for approval again.
  /// - Returns: whether it means anything.
  static func overtake(
    _ change: Change, after refusal: Refusal, _ preflight: Preflight, in house: House,
    _ db: Database
  ) throws -> Bool {
    if refusal.makesStale {
      try move(change, to: .stale, why: refusal.sentence, by: .portal, at: house.now, in: db)
      return true
    }
    guard let plan = change.repriced(after: refusal, preflight, in: house) else { return false }
    try reprice(change, to: plan, why: refusal.sentence, in: house, db)
    return true
  }

  /// Puts the same plan with the prices of today in the place of the one that stands. Nobody wrote
  /// it, so nobody is its author who was none before.
  private static func reprice(
    _ change: Change, to plan: Plan, why: String, in house: House, _ db: Database
  ) throws {
    let digest = try replace(
      change, with: plan, bytes: plan.bytes,
      as: plan.terms.requirement.approvals == 0 ? .approved : .pending, by: change.requester,
      reason: change.reason, in: house, db)
    try AuditLog.append(
      .changeRepriced(number: change.number, digest: digest, plan: plan, why: why), by: .portal,
      at: house.now, in: db)
    try askForReview(of: change.number, in: house, db)
  }

  /// Stores the next revision, and turns the change to it.
  /// - Returns: the digest of the plan.
  private static func replace(
    _ change: Change, with plan: Plan, bytes: [UInt8], as state: ChangeState, by editor: Person,
    reason: String, in house: House, _ db: Database
  ) throws -> String {
    let now = house.now
    let window = state == .approved ? plan.runWindow(in: house) : nil
    let digest = try insert(plan, bytes: bytes, by: editor, reason: reason, at: now, in: db)
    try db.execute(
      sql: """
        UPDATE changes SET state = ?, revision = ?, version = version + 1, review_by = ?,
          run_from = ?, run_by = ?, tried_at = NULL
        WHERE id = ? AND state = ? AND version = ?
        """,
      arguments: [
        state.rawValue, plan.terms.revision, now.adding(ms: house.policy.reviewWithinMs).ms,
        window?.from.ms, window?.by.ms, change.id, change.storedState.rawValue, change.version,
      ])
    guard db.changesCount == 1 else { throw Refusal.planMoved }
    return digest
  }

  /// Stores a vote with its entry in the log, and moves the change where the vote moves it.
  static func cast(
    _ vote: Vote, note: String, by voter: Person, confirmedBy proof: Proof? = nil,
    on change: Change, to state: ChangeState, in house: House, _ db: Database
  ) throws {
    try db.execute(
      sql: """
        INSERT INTO votes (change_id, requester_id, person_id, digest, decision, note, at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        change.id, change.requester.id, voter.id, vote.digest, vote.decision.rawValue, note,
        vote.at.ms,
      ])
    try AuditLog.append(
      .changeDecided(
        number: change.number, digest: vote.digest, decision: vote.decision, note: note,
        proof: proof),
      by: .person(voter), at: vote.at, in: db)
    // The row is written also where the state stays, so that whoever read it before reads again.
    let window = change.runWindow(after: vote.decision, to: state, in: house)
    try setState(of: change, to: state, window: window, in: db)
    try tell(of: change, by: .person(voter), at: vote.at, in: db)
  }

  /// Moves a change to another state, with its entry in the log. Locks go with a final state.
  static func move(
    _ change: Change, to state: ChangeState, why: String, by actor: AuditLog.Actor,
    at now: Moment, in db: Database
  ) throws {
    try setState(of: change, to: state, window: change.window, in: db)
    if state.isFinal {
      try db.execute(sql: "DELETE FROM locks WHERE change_id = ?", arguments: [change.id])
      try db.execute(
        sql: """
          UPDATE executions SET finished_at = ? WHERE change_id = ? AND finished_at IS NULL
          """,
        arguments: [now.ms, change.id])
    }
    try AuditLog.append(
      .changeMoved(number: change.number, from: change.storedState, state: state, why: why),
      by: actor, at: now, in: db)
    try tell(of: change, by: actor, at: now, in: db)
    if state == .failedPartial { try TodoStore.open(afterFailureOf: change, at: now, in: db) }
  }

  /// Compare and swap: writes the state if nobody has written the row since it was read.
  static func setState(
    of change: Change, to state: ChangeState, window: (from: Moment, by: Moment)?, in db: Database
  ) throws {
    try db.execute(
      sql: """
        UPDATE changes SET state = ?, version = version + 1, run_from = ?, run_by = ?
        WHERE id = ? AND state = ? AND version = ?
        """,
      arguments: [
        state.rawValue, window?.from.ms, window?.by.ms, change.id, change.storedState.rawValue,
        change.version,
      ])
    guard db.changesCount == 1 else { throw Refusal.planMoved }
  }

  /// Ends a change that was not run, with the entry that says how.
  static func end(
    _ change: Change, as state: ChangeState, _ event: AuditEvent, by actor: AuditLog.Actor,
    at now: Moment, in db: Database
  ) throws {
    try setState(of: change, to: state, window: change.window, in: db)
    try AuditLog.append(event, by: actor, at: now, in: db)
    try tell(of: change, by: actor, at: now, in: db)
  }

  /// Stops everything that a person has proposed and that was not run: nobody asks for it any more.
  static func revokeAll(
    of person: Person, why: String, by actor: AuditLog.Actor, at now: Moment, in db: Database
  ) throws {
    for change in try all([.pending, .approved], in: db).sound
    where change.requester.id == person.id && change.state(at: now).isBeforeRun {
      try end(
        change, as: .revoked, .changeRevoked(number: change.number, note: why), by: actor, at: now,
        in: db)
    }
  }

  /// Notes that the clock tries to run a change now.
  /// - Returns: whether it does so for the first time.
  static func noteTry(_ change: Change, at now: Moment, in db: Database) throws -> Bool {
    try db.execute(
      sql: "UPDATE changes SET tried_at = ? WHERE id = ? AND tried_at IS NULL",
      arguments: [now.ms, change.id])
    return db.changesCount == 1
  }

  /// Whether bytes are those of any revision of a change.
  static func holds(_ bytes: [UInt8], of change: Change, in db: Database) throws -> Bool {
    try Bool.fetchOne(
      db, sql: "SELECT EXISTS (SELECT 1 FROM plans WHERE change_id = ? AND digest = ?)",
      arguments: [change.id, digest(of: bytes)]) ?? false
  }

  private static func insert(
    _ plan: Plan, bytes: [UInt8], by editor: Person, reason: String, at now: Moment,
    in db: Database
  ) throws -> String {
    let digest = digest(of: bytes)
    try db.execute(
      sql: """
        INSERT INTO plans
          (change_id, revision, editor_id, made_at, reason, bytes, digest, site, title, kind)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        plan.change, plan.terms.revision, editor.id, now.ms, reason, Data(bytes), digest,
        plan.site, plan.title, plan.kind,
      ])
    return digest
  }
}

extension Change {
  /// When it may be run, as stored.
  var window: (from: Moment, by: Moment)? {
    runFrom.flatMap { from in runBy.map { (from, $0) } }
  }
}
