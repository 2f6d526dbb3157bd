import GRDB
import HTTP
import HTTPTypes
import Logging
import Rules

/// The pages that a person opened last, of those that are about one thing.
enum RecentlySeen {
  /// How many are remembered.
  static let countMax = 8
  /// A page that was noted within this time is not noted again: two that are open side by side and
  /// go on by themselves would take turns.
  static let noteEveryMs = Span.minute

  /// Whether a page has to be noted: not the one that was noted last, and none noted just now.
  static func isNews(
    _ page: String, for person: Person, at now: Moment, in db: Database
  ) throws -> Bool {
    let newest = try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT page, seen_at FROM recently_seen WHERE person_id = ?
          ORDER BY seen_at DESC, page LIMIT 1
          """), arguments: [person.id])
    if newest?["page"] == page { return false }
    let seenAt = try Int64.fetchOne(
      db.cachedStatement(sql: "SELECT seen_at FROM recently_seen WHERE person_id = ? AND page = ?"),
      arguments: [person.id, page])
    return seenAt.map { now.ms - $0 >= noteEveryMs } ?? true
  }

  /// Notes a page, and forgets the one that was seen the longest time ago.
  static func note(_ page: String, for person: Person, at now: Moment, in db: Database) throws {
    try db.execute(
      sql: """
        INSERT INTO recently_seen (person_id, page, seen_at) VALUES (?1, ?2, ?3)
        ON CONFLICT (person_id, page) DO UPDATE SET seen_at = ?3
        """, arguments: [person.id, page, now.ms])
    try db.execute(
      sql: """
        DELETE FROM recently_seen WHERE person_id = ?1 AND page NOT IN (
          SELECT page FROM recently_seen WHERE person_id = ?1
          ORDER BY seen_at DESC, page LIMIT ?2)
        """, arguments: [person.id, countMax])
  }

  /// A person's, the newest first.
  static func all(of person: Person, in db: Database) throws -> [String] {
    try String.fetchAll(
      db,
      sql: "SELECT page FROM recently_seen WHERE person_id = ? ORDER BY seen_at DESC, page",
      arguments: [person.id])
  }
}

extension Route {
  /// Whether its pages are about one thing, so that people want to come back to them.
  var isRemembered: Bool { Self.remembered.contains(name) }

  private static let remembered: Set = [
    "GET /changes/:number", "GET /resources/:subject", "GET /findings/:finding",
    "GET /workflows/runs/:run", "GET /themes/:number",
  ]
}

extension Portal {
  /// Notes what somebody has just seen. They see it also where that can't be written.
  func remember(_ visit: Visit, of route: Route, answeredWith status: HTTPResponse.Status) async {
    guard route.isRemembered, status == .ok, visit.request.method == .get,
      let person = visit.caller?.person
    else { return }
    let (page, now) = (visit.request.path, visit.now)
    do {
      let isNews = try await storage.read { [self] db in
        try hasRoom && RecentlySeen.isNews(page, for: person, at: now, in: db)
      }
      guard isNews else { return }
      try await storage.write { try RecentlySeen.note(page, for: person, at: now, in: $0) }
    } catch {
      log.error("What was seen: \(error)")
    }
  }
}

extension Search {
  /// What the person opened last, as far as it is still there.
  func recent(in db: Database) throws -> SearchGroup? {
    let pages = try RecentlySeen.all(of: person, in: db)
    guard !pages.isEmpty else { return nil }
    let findings = try FindingStore.all(site: site, at: view.now, in: db)
    let seen = try ObservationStore.all(site: site, in: db)
    let hits = try pages.compactMap { try hit(of: $0, findings, seen, in: db) }
    return hits.isEmpty ? nil : SearchGroup(area: .pages, label: "Recently seen", hits: hits)
  }

  private func hit(
    of page: String, _ findings: [StoredFinding], _ seen: [Subject: Observation],
    in db: Database
  ) throws -> SearchHit? {
    let parts = Route.segments(of: page)
    guard let name = parts.last else { return nil }
    switch parts[0] {
    case "changes": return try Int64(name).map { try change($0, in: db) }
    case "resources":
      return try Subject(rawValue: name).flatMap(Watch.of).flatMap {
        try resources([$0], findings, seen, in: db).first
      }
    case "findings": return findings.first { $0.finding.id == name }.map(finding)
    case "themes":
      return try Int64(name).flatMap { try ThemeStore.find($0, site: site, in: db) }.map(theme)
    case "workflows":
      return try Int64(name).flatMap { try RunStore.find($0, site: site, in: db) }
        .map { run($0.run) }
    default: return nil
    }
  }
}
