import GRDB
import Rules

/// When prices, or what was paid, were last read of a site, and the last failure.
struct CostReading: Sendable {
  /// What is read.
  enum What: String, Sendable {
    case prices, spend

    /// How long one reading lasts. Prices are read anew before they stand for nothing.
    var lastsMs: Int64 { self == .prices ? Span.day / 2 : Span.day }
    /// How long to wait after a failure: each call of Cost Explorer is paid for.
    var againMs: Int64 { self == .prices ? Span.hour : 6 * Span.hour }
  }

  var readAt: Moment?
  /// The sentence of the last failure, when it came after the reading.
  var failure: String?
  var failedAt: Moment?

  /// Whether it is time to read.
  func isDue(_ what: What, at now: Moment) -> Bool {
    if let failedAt, now.since(failedAt) < what.againMs { return false }
    return readAt.map { now.since($0) >= what.lastsMs } ?? true
  }

  /// The last reading of a site.
  static func find(_ what: What, site: String, in db: Database) throws -> CostReading {
    let row = try Row.fetchOne(
      db, sql: "SELECT read_at, failure, failed_at FROM cost_readings WHERE site = ? AND what = ?",
      arguments: [site, what.rawValue])
    return CostReading(
      readAt: (row?["read_at"] as Int64?).map(Moment.init(ms:)), failure: row?["failure"],
      failedAt: (row?["failed_at"] as Int64?).map(Moment.init(ms:)))
  }

  /// Notes how a reading went.
  /// - Parameter failure: the sentence; nil when it went well.
  static func note(
    _ what: What, site: String, failure: String?, at now: Moment, in db: Database
  ) throws {
    try db.execute(
      sql: """
        INSERT INTO cost_readings (site, what, read_at, failure, failed_at)
        VALUES (?1, ?2, iif(?3 IS NULL, ?4, NULL), ?3, iif(?3 IS NULL, NULL, ?4))
        ON CONFLICT (site, what) DO UPDATE SET
          read_at = iif(?3 IS NULL, ?4, read_at), failure = ?3,
          failed_at = iif(?3 IS NULL, NULL, ?4)
        """,
      arguments: [site, what.rawValue, failure, now.ms])
  }
}
