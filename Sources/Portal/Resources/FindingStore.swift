import Foundation
import GRDB
import Rules

/// What a check found, since when, and who answers for it. A class: pages sort, part and print
/// many of them, and a copy of one is a dozen strings.
final class StoredFinding: Sendable {
  let finding: Finding
  /// Since when it has found that.
  let since: Moment
  /// When it was last made.
  let checkedAt: Moment
  /// Who answers for it, where somebody does.
  let acceptance: Acceptance?

  init(finding: Finding, since: Moment, checkedAt: Moment, acceptance: Acceptance?) {
    self.finding = finding
    self.since = since
    self.checkedAt = checkedAt
    self.acceptance = acceptance
  }

  /// How much it asks for: what is accepted asks for nothing.
  var health: Health {
    finding.outcome == .fail && acceptance != nil ? .good : finding.health
  }
}

/// Findings in the database.
enum FindingStore {
  /// Makes every check anew and keeps what has turned. Every subject's health goes to its strip,
  /// and what is left to do follows.
  static func judge(site: String, at now: Moment, in db: Database) throws {
    var estate = try ObservationStore.estate(of: site, at: now, in: db)
    estate.deployedTheme = try ThemeDeployments.last(site: site, in: db)?.known
    estate.memberDecision = try MemberStore.decision(site: site, in: db)
    let findings = Check.findings(in: estate)
    let before = try outcomes(site: site, in: db)
    let accepted = Set(try AcceptanceStore.open(site: site, at: now, in: db).map(\.finding))
    var red: [Finding] = []
    for finding in findings {
      if before[finding.id] != finding.outcome.rawValue {
        if try isTurningRed(finding, site: site, in: db) { red.append(finding) }
        try turn(finding, site: site, at: now, in: db)
      }
      try store(finding, site: site, at: now, in: db)
    }
    // What does not apply any more is not a finding.
    try db.execute(
      sql: "DELETE FROM findings WHERE site = ? AND checked_at < ?", arguments: [site, now.ms])
    try tell(of: red.filter { !accepted.contains($0.id) }, site: site, at: now, in: db)
    let healths = Dictionary(grouping: findings, by: \.subject).mapValues { found in
      found.map { accepted.contains($0.id) ? .good : $0.health }.max() ?? .unknown
    }
    try StripStore.note(healths, site: site, at: now, in: db)
    try TodoStore.follow(findings, accepted: accepted, site: site, at: now, in: db)
  }

  private static func outcomes(site: String, in db: Database) throws -> [String: String] {
    let rows = try Row.fetchAll(
      db.cachedStatement(sql: "SELECT id, outcome FROM findings WHERE site = ?"),
      arguments: [site])
    return Dictionary(rows.map { ($0["id"], $0["outcome"]) }) { first, _ in first }
  }

  private static func turn(
    _ finding: Finding, site: String, at now: Moment, in db: Database
  ) throws {
    try db.cachedStatement(
      sql: """
        INSERT OR REPLACE INTO finding_turns (site, id, at, outcome, state)
        VALUES (?, ?, ?, ?, ?)
        """
    ).execute(arguments: [site, finding.id, now.ms, finding.outcome.rawValue, finding.state])
  }

  private static func store(
    _ finding: Finding, site: String, at now: Moment, in db: Database
  ) throws {
    let mend = try finding.mend.map {
      String(decoding: try JSONEncoder().encode($0), as: UTF8.self)
    }
    try db.cachedStatement(
      sql: """
        INSERT INTO findings (site, id, subject, outcome, severity, expectation, state, why,
          remedy, mend, since, checked_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11)
        ON CONFLICT (site, id) DO UPDATE SET
          since = iif(outcome = ?4, since, ?11), subject = ?3, outcome = ?4, severity = ?5,
          expectation = ?6, state = ?7, why = ?8, remedy = ?9, mend = ?10, checked_at = ?11
        """
    ).execute(arguments: [
      site, finding.id, finding.subject.rawValue, finding.outcome.rawValue,
      finding.severity.rawValue, finding.expectation, finding.state, finding.why,
      finding.remedy, mend, now.ms,
    ])
  }

  /// What every check found, or those of one subject, the worst first.
  static func all(
    site: String, of subject: Subject? = nil, at now: Moment, in db: Database
  ) throws -> [StoredFinding] {
    let acceptances = Dictionary(
      try AcceptanceStore.open(site: site, at: now, in: db).map { ($0.finding, $0) }
    ) { first, _ in first }
    var findings: [StoredFinding] = []
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT id, subject, outcome, severity, expectation, state, why, remedy, mend, since,
            checked_at
          FROM findings WHERE site = ?1 AND (?2 IS NULL OR subject = ?2) ORDER BY id
          """),
      arguments: [site, subject?.rawValue])
    while let row = try rows.next() {
      if let found = try StoredFinding(row, acceptances) { findings.append(found) }
    }
    // Sorting would move each of these large values many times.
    return Health.allCases.reversed().flatMap { health in findings.filter { $0.health == health } }
  }

  /// One finding.
  static func find(
    _ id: String, site: String, at now: Moment, in db: Database
  ) throws -> StoredFinding {
    guard let found = try all(site: site, at: now, in: db).first(where: { $0.finding.id == id })
    else { throw Failure.notFound }
    return found
  }

  /// What a check found over time, the newest first.
  static func turns(
    of id: String, site: String, in db: Database
  ) throws -> [(at: Moment, outcome: Finding.Outcome, state: String)] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT at, outcome, state FROM finding_turns WHERE site = ? AND id = ?
        ORDER BY at DESC LIMIT 50
        """, arguments: [site, id]
    ).compactMap { row in
      Finding.Outcome(rawValue: row["outcome"]).map { (Moment(ms: row["at"]), $0, row["state"]) }
    }
  }
}

extension StoredFinding {
  private static let mends = Remembered { text in
    Result { try JSONDecoder().decode(Mend.self, from: Data(text.utf8)) }
  }

  /// A row, its columns by their places; nil when this version does not know what it says.
  fileprivate convenience init?(_ row: Row, _ acceptances: [String: Acceptance]) throws {
    guard let subject = Subject(rawValue: row[1]), let outcome = Finding.Outcome(rawValue: row[2]),
      let severity = Health(rawValue: row[3])
    else { return nil }
    let id: String = row[0]
    let mend: String? = row[8]
    self.init(
      finding: Finding(
        id: id, subject: subject, outcome: outcome, severity: severity, expectation: row[4],
        state: row[5], why: row[6], remedy: row[7],
        mend: try mend.map { try Self.mends.value(of: $0).get() }),
      since: Moment(ms: row[9]), checkedAt: Moment(ms: row[10]),
      acceptance: outcome == .fail ? acceptances[id] : nil)
  }
}
