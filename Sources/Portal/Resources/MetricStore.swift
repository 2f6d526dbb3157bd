import GRDB
import Rules

/// Figures in the database.
enum MetricStore {
  /// How long figures are kept.
  static let keptMs = 14 * Span.day

  /// Keeps values; a later reading of the same moment wins.
  static func add(
    _ points: [(at: Moment, value: Double)], of metric: Metric, site: String, in db: Database
  ) throws {
    for point in points where point.value.isFinite {
      try db.cachedStatement(
        sql: """
          INSERT INTO metrics (site, metric, at, value) VALUES (?1, ?2, ?3, ?4)
          ON CONFLICT (site, metric, at) DO UPDATE SET value = ?4
          """
      ).execute(arguments: [site, metric.id, point.at.ms, point.value])
    }
  }

  /// The values since a moment, the oldest first.
  static func points(
    of metric: Metric, site: String, since: Moment, in db: Database
  ) throws -> [(at: Moment, value: Double)] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT at, value FROM metrics WHERE site = ? AND metric = ? AND at >= ? ORDER BY at
          """),
      arguments: [site, metric.id, since.ms]
    ).map { (Moment(ms: $0["at"]), $0["value"]) }
  }

  /// The moment of the newest value; nil when there is none.
  static func newest(site: String, in db: Database) throws -> Moment? {
    try Int64.fetchOne(
      db.cachedStatement(sql: "SELECT max(at) FROM metrics WHERE site = ?"), arguments: [site]
    ).map(Moment.init(ms:))
  }

  /// Forgets what is older than it is kept.
  static func prune(at now: Moment, in db: Database) throws {
    try db.execute(
      sql: "DELETE FROM metrics WHERE at < ?", arguments: [now.adding(ms: -keptMs).ms])
  }
}
