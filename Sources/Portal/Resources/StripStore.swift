import GRDB
import Rules

/// How well subjects were in the last day, in the database.
enum StripStore {
  /// Notes how well subjects are.
  static func note(
    _ healths: [Subject: Health], site: String, at now: Moment, in db: Database
  ) throws {
    let strips = try all(site: site, at: now, in: db)
    let statement = try db.cachedStatement(
      sql: """
        INSERT INTO strips (site, subject, newest, healths) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (site, subject) DO UPDATE SET newest = ?3, healths = ?4
        """)
    for (subject, health) in healths {
      var strip = strips[subject] ?? HealthStrip(at: now)
      strip.note(health, at: now)
      try statement.execute(arguments: [site, subject.rawValue, strip.newestMs, strip.text])
    }
  }

  /// The strips of a site up to a moment, of those subjects that have any.
  static func all(
    site: String, at now: Moment, in db: Database
  ) throws -> [Subject: HealthStrip] {
    var strips: [Subject: HealthStrip] = [:]
    let rows = try Row.fetchCursor(
      db.cachedStatement(sql: "SELECT subject, newest, healths FROM strips WHERE site = ?"),
      arguments: [site])
    while let row = try rows.next() {
      guard let subject = Subject(rawValue: row[0]) else { continue }
      strips[subject] = HealthStrip(text: row[2], newestMs: row[1])?.until(now)
    }
    return strips
  }
}
