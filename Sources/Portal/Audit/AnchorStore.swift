import GRDB
import Rules

/// Which checkpoint an anchor speaks for: in the order of time, also across accepted gaps.
struct AnchorMark: Hashable, Comparable, Sendable {
  let line: Int64
  let size: Int64

  static func < (left: AnchorMark, right: AnchorMark) -> Bool {
    (left.line, left.size) < (right.line, right.size)
  }
}

/// Anchors and how the log stands to them, in the database.
enum AnchorStore {
  /// What became of putting one.
  enum Outcome: String {
    case kept, failed, missing
  }

  /// The newest anchor that was kept and is not known to be gone.
  static func newest(in db: Database) throws -> (mark: AnchorMark, at: Moment)? {
    try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT line, size, at FROM anchors WHERE outcome = 'kept'
          ORDER BY line DESC, size DESC LIMIT 1
          """)
    ).map { (AnchorMark(line: $0["line"], size: $0["size"]), Moment(ms: $0["at"])) }
  }

  /// Every anchor that was kept and is not known to be gone, oldest first.
  static func kept(in db: Database) throws -> [AnchorMark] {
    try Row.fetchAll(
      db, sql: "SELECT line, size FROM anchors WHERE outcome = 'kept' ORDER BY line, size"
    ).map { AnchorMark(line: $0["line"], size: $0["size"]) }
  }

  /// Keeps what became of an anchor. A later outcome replaces an earlier one.
  static func record(
    _ mark: AnchorMark, place: String, _ outcome: Outcome, detail: String = "", at now: Moment,
    in db: Database
  ) throws {
    try db.execute(
      sql: """
        INSERT INTO anchors (line, size, place, at, outcome, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT (line, size) DO UPDATE SET place = ?3, at = ?4, outcome = ?5, detail = ?6
        """,
      arguments: [mark.line, mark.size, place, now.ms, outcome.rawValue, detail])
  }

  /// What the last comparison gave: at which start it was made, and the anchor that the log has
  /// not got; nil when there has been none.
  static func comparison(in db: Database) throws -> (boot: String, behind: AnchorMark?)? {
    try Row.fetchOne(
      db.cachedStatement(sql: "SELECT boot_id, behind, behind_line FROM log_standing")
    ).map { row in
      let size: Int64? = row["behind"]
      return (row["boot_id"], size.map { AnchorMark(line: row["behind_line"], size: $0) })
    }
  }

  /// Keeps what a comparison gave. That the log is behind is written in it once, and stays until
  /// people accept the gap.
  static func setComparison(
    behind: (mark: AnchorMark, why: String)?, boot: Boot, at now: Moment, in db: Database
  ) throws {
    let before = try comparison(in: db)?.behind
    let mark = before ?? behind?.mark
    try db.execute(
      sql: """
        INSERT INTO log_standing (only, boot_id, compared_at, behind, behind_line)
        VALUES (1, ?1, ?2, ?3, ?4)
        ON CONFLICT (only) DO UPDATE
        SET boot_id = ?1, compared_at = ?2, behind = ?3, behind_line = ?4
        """,
      arguments: [boot.id, now.ms, mark?.size, mark?.line])
    if let behind, before == nil {
      try AuditLog.append(
        .logBehind(anchored: behind.mark.size, why: behind.why), by: .portal, at: now, in: db)
    }
  }

  /// How the log stands now. Read it in the transaction that begins a run.
  /// - Parameter isAnchored: whether the configuration names a place for anchors.
  static func standing(
    isAnchored: Bool, boot: Boot, at now: Moment, in db: Database
  ) throws -> LogStanding {
    let comparison = try comparison(in: db)
    let count = try AuditStore.head(in: db).count
    if let behind = comparison?.behind { return .behind(anchored: behind.size, local: count) }
    guard isAnchored else { return .unanchored }
    guard comparison?.boot == boot.id else { return .unchecked }
    let through = try anchoredThrough(in: db)
    let oldest = try Int64.fetchOne(
      db.cachedStatement(sql: "SELECT at FROM audit WHERE seq = ?"), arguments: [through + 1])
    return LogStanding(
      tail: count - through, waitingMs: oldest.map { now.since(Moment(ms: $0)) } ?? 0)
  }

  /// The last entry that an anchor of this line of the log vouches for; 0 for none.
  static func anchoredThrough(in db: Database) throws -> Int64 {
    guard let newest = try newest(in: db), try newest.mark.line == CheckpointStore.line(in: db)
    else { return 0 }
    return newest.mark.size
  }

  /// Goes on with a log that is behind its anchor, as another line of it: what was lost is named
  /// in the log for ever, and later checkpoints say that they stand behind a gap. The entry, what
  /// it says and the new standing are one transaction.
  /// - Throws: `Refusal` when the log is not behind.
  static func acceptGap(
    why: String, by actor: AuditLog.Actor, boot: Boot, at now: Moment, in db: Database
  ) throws {
    guard let behind = try comparison(in: db)?.behind else { throw Refusal.planMoved }
    // What this copy knew to be anchored is common to both lines; nothing after it is sure to be.
    let kept = try anchoredThrough(in: db)
    let line = max(try CheckpointStore.line(in: db), behind.line) + 1
    try AuditLog.append(
      .gapAccepted(line: line, kept: kept, lost: max(kept, behind.size), why: why),
      by: actor, at: now, in: db)
    try db.execute(
      sql: """
        UPDATE log_standing SET behind = NULL, behind_line = NULL, compared_at = ?, boot_id = ?
        """,
      arguments: [now.ms, boot.id])
  }
}
