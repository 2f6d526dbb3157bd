import GRDB
import Rules

/// The highest time ever written, so that a clock that was set back is noticed. The schema raises
/// it with every entry of the log.
enum TimeFloor {
  static func read(in db: Database) throws -> Moment {
    Moment(ms: try Int64.fetchOne(db.cachedStatement(sql: "SELECT ms FROM time_floor")) ?? 0)
  }

  /// Writes it as it is: the smallest write there is, to see whether one succeeds.
  static func touch(in db: Database) throws {
    try db.execute(sql: "UPDATE time_floor SET ms = ms")
  }

  /// Takes the machine's clock for right, although entries are ahead of it.
  static func accept(_ now: Moment, in db: Database) throws {
    let floor = try read(in: db)
    try AuditLog.append(.clockAccepted(floor: floor), by: .command, at: now, in: db)
    try db.execute(sql: "UPDATE time_floor SET ms = ?", arguments: [now.ms])
  }
}
