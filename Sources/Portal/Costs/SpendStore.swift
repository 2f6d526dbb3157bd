import GRDB
import Rules

/// What was paid, in the database.
enum SpendStore {
  /// How long it is kept: as long as Cost Explorer itself knows days.
  static let keptMs = 425 * Span.day

  /// Puts days in the place of what was known of them.
  static func keep(_ days: [DaySpend], site: String, in db: Database) throws {
    for day in days {
      try db.execute(
        sql: "DELETE FROM spend WHERE site = ? AND day = ?", arguments: [site, day.day.number])
      for (service, money) in day.services.isEmpty ? ["": .zero] : day.services {
        try db.execute(
          sql: """
            INSERT INTO spend (site, day, service, micro_dollars, is_estimated)
            VALUES (?, ?, ?, ?, ?)
            """,
          arguments: [site, day.day.number, service, money.microDollars, day.isEstimated])
      }
    }
  }

  /// The days that were told, from one on.
  static func days(site: String, from first: Day, in db: Database) throws -> [Day: DaySpend] {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT day, service, micro_dollars, is_estimated FROM spend WHERE site = ? AND day >= ?
        """,
      arguments: [site, first.number])
    return Dictionary(grouping: rows) { Day(number: $0["day"]) }.mapValues { rows in
      var services: [String: Money] = [:]
      for row in rows where row["service"] != "" {
        services[row["service"]] = Money(microDollars: row["micro_dollars"])
      }
      return DaySpend(
        day: Day(number: rows[0]["day"]), services: services,
        isEstimated: rows.contains { $0["is_estimated"] })
    }
  }

  /// Forgets what is older than it is kept.
  static func prune(at now: Moment, in db: Database) throws {
    try db.execute(
      sql: "DELETE FROM spend WHERE day < ?",
      arguments: [Day(now.adding(ms: -keptMs)).number])
  }
}
