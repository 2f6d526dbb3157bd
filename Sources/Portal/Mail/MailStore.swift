import Foundation
import GRDB
import Rules

/// A version of the request as it was written.
struct WrittenRequest: Sendable {
  let number: Int64
  let request: ProductionRequest
  let personName: String
  let madeAt: Moment
}

/// A letter between AWS and the team, as somebody noted it.
struct MailLetter: Sendable {
  let number: Int64
  let day: Moment
  let isOurs: Bool
  let text: String
  let personName: String
  let madeAt: Moment
}

/// How the account was seen to stand.
struct SeenStanding: Sendable {
  let standing: MailStanding
  let caseID: String
  let seenAt: Moment
}

/// The way out of the sandbox in the database.
enum MailStore {
  /// Notes how the account stands, where that is not as it was seen last.
  static func see(_ facts: MailFacts, site: String, at now: Moment, in db: Database) throws {
    let standing = MailStanding(facts)
    let caseID = facts.caseID ?? ""
    let last = try standings(site: site, in: db).first
    guard last?.standing != standing || last?.caseID != caseID else { return }
    try db.execute(
      sql: """
        INSERT INTO mail_reviews (site, seen_at, standing, case_id) VALUES (?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET standing = excluded.standing, case_id = excluded.case_id
        """,
      arguments: [site, now.ms, standing.rawValue, caseID])
    try AuditLog.append(
      .mailStandingSeen(site: site, standing: standing, caseID: caseID), by: .portal, at: now,
      in: db)
  }

  /// How it stood, the newest first.
  static func standings(site: String, in db: Database) throws -> [SeenStanding] {
    try Row.fetchAll(
      db, sql: "SELECT * FROM mail_reviews WHERE site = ? ORDER BY seen_at DESC LIMIT 100",
      arguments: [site]
    ).compactMap { row in
      MailStanding(rawValue: row["standing"]).map {
        SeenStanding(standing: $0, caseID: row["case_id"], seenAt: Moment(ms: row["seen_at"]))
      }
    }
  }

  /// Keeps a version of the request.
  static func write(
    _ request: ProductionRequest, site: String, by person: Person, at now: Moment, in db: Database
  ) throws -> Int64 {
    try db.execute(
      sql: """
        INSERT INTO mail_requests (site, mail_type, website, language, use_case, contacts, made_by,
          made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        site, request.mailType, request.website, request.language, request.useCase,
        request.contacts.joined(separator: "\n"), person.id, now.ms,
      ])
    let number = db.lastInsertedRowID
    try AuditLog.append(
      .mailRequestWritten(site: site, request: number), by: .person(person), at: now, in: db)
    return number
  }

  /// The versions of the request, the newest first.
  static func requests(
    _ number: Int64? = nil, site: String, in db: Database
  ) throws -> [WrittenRequest] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT r.*, p.name FROM mail_requests r JOIN people p ON p.id = r.made_by
        WHERE r.site = ?1 AND (?2 IS NULL OR r.number = ?2) ORDER BY r.number DESC LIMIT 50
        """,
      arguments: [site, number]
    ).map { row in
      WrittenRequest(
        number: row["number"],
        request: ProductionRequest(
          mailType: row["mail_type"], website: row["website"], language: row["language"],
          useCase: row["use_case"],
          contacts: (row["contacts"] as String).split(separator: "\n").map(String.init)),
        personName: row["name"], madeAt: Moment(ms: row["made_at"]))
    }
  }

  /// Keeps a letter.
  static func note(
    _ text: String, day: Moment, isOurs: Bool, site: String, by person: Person, at now: Moment,
    in db: Database
  ) throws {
    try db.execute(
      sql: """
        INSERT INTO mail_letters (site, day, is_ours, text, made_by, made_at)
        VALUES (?, ?, ?, ?, ?, ?)
        """, arguments: [site, day.ms, isOurs, text, person.id, now.ms])
    try AuditLog.append(
      .mailLetterNoted(site: site, letter: db.lastInsertedRowID, isOurs: isOurs),
      by: .person(person), at: now, in: db)
  }

  /// The letters, the newest first.
  static func letters(site: String, in db: Database) throws -> [MailLetter] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT l.*, p.name FROM mail_letters l JOIN people p ON p.id = l.made_by
        WHERE l.site = ? ORDER BY l.day DESC, l.number DESC LIMIT 200
        """, arguments: [site]
    ).map {
      MailLetter(
        number: $0["number"], day: Moment(ms: $0["day"]), isOurs: $0["is_ours"], text: $0["text"],
        personName: $0["name"], madeAt: Moment(ms: $0["made_at"]))
    }
  }

  /// Keeps what a person says of a row of the checklist.
  static func check(
    _ row: String, note: String, site: String, by person: Person, at now: Moment, in db: Database
  ) throws {
    try db.execute(
      sql: "INSERT INTO mail_checks (site, topic, note, made_by, made_at) VALUES (?, ?, ?, ?, ?)",
      arguments: [site, row, note, person.id, now.ms])
    try AuditLog.append(
      .mailChecked(site: site, row: row), by: .person(person), at: now, in: db)
  }

  /// The checklist of a site, as far as it is known now.
  static func readiness(site: String, at now: Moment, in db: Database) throws -> MailReadiness {
    let notes = try Row.fetchAll(
      db,
      sql: """
        SELECT c.topic, c.note, c.made_at, p.name, max(c.number) FROM mail_checks c
        JOIN people p ON p.id = c.made_by WHERE c.site = ? GROUP BY c.topic
        """, arguments: [site])
    return MailReadiness(
      estate: try ObservationStore.estate(of: site, at: now, in: db),
      notes: Dictionary(
        uniqueKeysWithValues: notes.map {
          (
            $0["topic"] as String,
            ReadinessNote(person: $0["name"], at: Moment(ms: $0["made_at"]), note: $0["note"])
          )
        }), tested: try tested(site: site, in: db))
  }

  /// The receivers of the mailbox simulator that test mail has gone to.
  private static func tested(site: String, in db: Database) throws -> Set<String> {
    let plans = try Data.fetchAll(
      db,
      sql: """
        SELECT bytes FROM changes JOIN plans ON plans.change_id = changes.id
          AND plans.revision = changes.revision
        WHERE kind = ? AND plans.site = ? AND state = ? ORDER BY number DESC LIMIT 200
        """,
      arguments: [ChangeKind.mailTest.id, site, ChangeState.succeeded.rawValue])
    return Set(
      plans.compactMap { Plan(bytes: [UInt8]($0))?.parameters["to"] }
        .filter { $0.hasSuffix("@" + MailReadiness.simulatorDomain) }
        .map { String($0.prefix { $0 != "@" }) })
  }
}
