import Foundation
import GRDB
import Rules

/// What was last seen of a subject, and the last failure to read it.
struct Observation: Sendable {
  /// Nil also when an older version stored them in another form.
  let facts: (any Shown)?
  let observedAt: Moment?
  /// The sentence of the last failure, when it came after the facts.
  let failure: String?
  let failedAt: Moment?
}

/// Observations in the database.
enum ObservationStore {
  /// Keeps what a look has shown. A value ends an earlier failure; a failure leaves the value in
  /// place, with its age.
  static func store(_ look: Look, site: String, at now: Moment, in db: Database) throws {
    switch look.outcome {
    case .read(let facts):
      let text = String(decoding: try JSONEncoder().encode(facts), as: UTF8.self)
      try db.cachedStatement(
        sql: """
          INSERT INTO observations (site, subject, value, source, observed_at)
          VALUES (?1, ?2, ?3, ?4, ?5)
          ON CONFLICT (site, subject) DO UPDATE SET
            value = ?3, source = ?4, observed_at = ?5, failure = NULL, failed_at = NULL
          """
      ).execute(arguments: [site, look.subject.rawValue, text, look.source, now.ms])
    case .failed(let sentence):
      try db.cachedStatement(
        sql: """
          INSERT INTO observations (site, subject, source, failure, failed_at)
          VALUES (?1, ?2, ?3, ?4, ?5)
          ON CONFLICT (site, subject) DO UPDATE SET source = ?3, failure = ?4, failed_at = ?5
          """
      ).execute(arguments: [site, look.subject.rawValue, look.source, sentence, now.ms])
    }
  }

  /// What was last seen of a subject; nil before the first poll.
  static func find(_ watch: Watch, site: String, in db: Database) throws -> Observation? {
    try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT value, observed_at, failure, failed_at FROM observations
          WHERE site = ? AND subject = ?
          """),
      arguments: [site, watch.subject.rawValue]
    ).map { observation($0, watch) }
  }

  /// What was last seen of every subject that was looked at.
  static func all(site: String, in db: Database) throws -> [Subject: Observation] {
    var seen: [Subject: Observation] = [:]
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT value, observed_at, failure, failed_at, subject FROM observations
          WHERE site = ?
          """),
      arguments: [site])
    while let row = try rows.next() {
      guard let watch = Subject(rawValue: row[4]).flatMap(Watch.of) else { continue }
      seen[watch.subject] = observation(row, watch)
    }
    return seen
  }

  private static func observation(_ row: Row, _ watch: Watch) -> Observation {
    let text: String? = row[0]
    return Observation(
      facts: text.flatMap(watch.decode),
      observedAt: (row[1] as Int64?).map(Moment.init(ms:)),
      failure: row[2], failedAt: (row[3] as Int64?).map(Moment.init(ms:)))
  }

  /// The facts last seen, old or not, and when; nil when there are none.
  static func facts<Facts: Shown>(
    _ type: Facts.Type, site: String, in db: Database
  ) throws -> (facts: Facts, at: Moment)? {
    guard let watch = Watch.of(type.subject),
      let seen = try find(watch, site: site, in: db), let facts = seen.facts as? Facts,
      let at = seen.observedAt
    else { return nil }
    return (facts, at)
  }

  /// Everything that is known of a site. What could not be read the last time is not known.
  static func estate(of site: String, at now: Moment, in db: Database) throws -> Estate {
    try seen(of: site, at: now, in: db, countsFailures: true)
  }

  /// Everything that was last seen of a site, old or not: for forms, never for a judgement.
  static func lastSeen(of site: String, at now: Moment, in db: Database) throws -> Estate {
    try seen(of: site, at: now, in: db, countsFailures: false)
  }

  private static func seen(
    of site: String, at now: Moment, in db: Database, countsFailures: Bool
  ) throws -> Estate {
    var estate = Estate(now: now)
    for (subject, seen) in try all(site: site, in: db) {
      if countsFailures, let failure = seen.failure {
        estate.add(failure: failure, of: subject)
      } else if let facts = seen.facts {
        estate.add(facts)
      }
    }
    return estate
  }

  /// When anything of a site was last read from AWS. The blog itself, Ghost and GitHub are no part
  /// of it: that they were looked at says nothing of the account.
  static func newest(site: String, in db: Database) throws -> Moment? {
    let others: [Subject] = [.blog, .members, .workflows]
    return try Int64.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT max(observed_at) FROM observations
          WHERE site = ? AND subject NOT IN (?, ?, ?)
          """),
      arguments: StatementArguments([site] + others.map(\.rawValue))
    ).map(Moment.init(ms:))
  }
}
