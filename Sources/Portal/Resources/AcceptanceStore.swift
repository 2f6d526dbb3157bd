import GRDB
import Rules

/// A finding that somebody answers for until a day.
struct Acceptance: Sendable {
  let number: Int64
  let finding: String
  let ownerName: String
  let reason: String
  let acceptedAt: Moment
  let expiresAt: Moment

  /// The longest time a finding is accepted for.
  static let lengthMsMax = 365 * Span.day
}

/// Acceptances in the database.
enum AcceptanceStore {
  /// Those that count at a moment.
  static func open(site: String, at now: Moment, in db: Database) throws -> [Acceptance] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT a.number, a.finding, p.name, a.reason, a.accepted_at, a.expires_at
          FROM acceptances a JOIN people p ON p.id = a.owner_id
          WHERE a.site = ? AND a.ended_at IS NULL AND a.expires_at > ?
          """),
      arguments: [site, now.ms]
    ).map {
      Acceptance(
        number: $0["number"], finding: $0["finding"], ownerName: $0["name"], reason: $0["reason"],
        acceptedAt: Moment(ms: $0["accepted_at"]), expiresAt: Moment(ms: $0["expires_at"]))
    }
  }

  /// Accepts a finding; an earlier acceptance of it ends.
  static func accept(
    _ finding: String, site: String, owner: Person, reason: String, until: Moment,
    by person: Person, at now: Moment, in db: Database
  ) throws {
    try db.execute(
      sql: """
        UPDATE acceptances SET ended_at = ?, ended_by = ?
        WHERE site = ? AND finding = ? AND ended_at IS NULL
        """, arguments: [now.ms, person.id, site, finding])
    try db.execute(
      sql: """
        INSERT INTO acceptances
          (site, finding, owner_id, reason, accepted_by, accepted_at, expires_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [site, finding, owner.id, reason, person.id, now.ms, until.ms])
    try AuditLog.append(
      .findingAccepted(
        site: site, finding: finding, owner: owner.id, reason: reason, until: until),
      by: .person(person), at: now, in: db)
  }

  /// Ends the acceptance of a finding before its day.
  static func end(
    _ finding: String, site: String, by person: Person, at now: Moment, in db: Database
  ) throws {
    try db.execute(
      sql: """
        UPDATE acceptances SET ended_at = ?, ended_by = ?
        WHERE site = ? AND finding = ? AND ended_at IS NULL
        """, arguments: [now.ms, person.id, site, finding])
    guard db.changesCount > 0 else { return }
    try AuditLog.append(
      .acceptanceEnded(site: site, finding: finding), by: .person(person), at: now, in: db)
  }
}
