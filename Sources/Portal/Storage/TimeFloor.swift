import GRDB
import Rules

/// The highest time ever written, so that a clock that was set back is noticed: that of the log's
/// last entry, as none is ever earlier than the one before, unless somebody has set the clock.
enum TimeFloor {
  static func read(in db: Database) throws -> Moment {
    try AuditStore.head(in: db).at
  }

  /// Takes the machine's clock for right, although entries are ahead of it.
  static func accept(_ now: Moment, in db: Database) throws {
    let floor = try read(in: db)
    try AuditLog.append(.clockAccepted(floor: floor), by: .command, at: now, in: db)
  }
}
