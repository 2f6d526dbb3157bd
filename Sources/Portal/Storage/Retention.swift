import GRDB
import Rules

/// How long personal data and figures are kept beside the log. The log itself names people by
/// number.
enum Retention {
  /// An address is dropped after this long, whatever its session says.
  static let addressMs = 90 * Span.day

  /// Removes what has served its purpose.
  static func sweep(at now: Moment, in db: Database) throws {
    try SessionStore.removeEnded(at: now, in: db)
    try Throttle.forget(at: now, in: db)
    try MetricStore.prune(at: now, in: db)
    try StoppedTaskStore.prune(at: now, in: db)
    try PriceStore.prune(at: now, in: db)
    try SpendStore.prune(at: now, in: db)
    try RunStore.prune(at: now, in: db)
    try NoticeStore.prune(at: now, in: db)
    try AlarmStore.prune(at: now, in: db)
    try db.execute(
      sql: "UPDATE sessions SET address = '' WHERE address <> '' AND started_at < ?",
      arguments: [now.adding(ms: -addressMs).ms])
  }
}
