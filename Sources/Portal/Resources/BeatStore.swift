import GRDB
import Rules

/// How well subjects were over time, in the database.
enum BeatStore {
  /// The length of a slot; the worst in it counts.
  static let slotMs = 5 * Span.minute
  /// How long slots are kept.
  static let keptMs = 30 * Span.day

  /// Notes how well a subject is.
  static func add(
    _ health: Health, of subject: Subject, site: String, at now: Moment, in db: Database
  ) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO beats (site, subject, slot, health) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (site, subject, slot) DO UPDATE SET health = max(health, ?4)
        """
    ).execute(arguments: [site, subject.rawValue, now.ms / slotMs * slotMs, health.rawValue])
  }

  /// The worst health in each of `count` equal stretches up to a moment, the oldest first; nil
  /// where nothing was noted.
  static func strip(
    of subject: Subject, site: String, over lengthMs: Int64, count: Int64, at now: Moment,
    in db: Database
  ) throws -> [Health?] {
    let stretchMs = lengthMs / count
    let begin = (now.ms / stretchMs + 1) * stretchMs - lengthMs
    var strip = [Health?](repeating: nil, count: Int(count))
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT (slot - ?3) / ?4 AS stretch, max(health) FROM beats
          WHERE site = ?1 AND subject = ?2 AND slot >= ?3 GROUP BY stretch
          """),
      arguments: [site, subject.rawValue, begin, stretchMs])
    while let row = try rows.next() {
      let index = Int(clamping: row[0] as Int64)
      if strip.indices.contains(index) { strip[index] = Health(rawValue: row[1]) }
    }
    return strip
  }

  /// Forgets what is older than it is kept.
  static func prune(at now: Moment, in db: Database) throws {
    try db.execute(
      sql: "DELETE FROM beats WHERE slot < ?", arguments: [now.adding(ms: -keptMs).ms])
  }
}
