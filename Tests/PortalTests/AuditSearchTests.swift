import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// The search against a plain reading of the same log, entry by entry.
@Suite struct AuditSearchTests {
  private static let people: [Int64] = [1, 2, 3]
  private static let start = Moment(ms: 1_795_348_800_000)

  /// A log of four days by three people and the portal, with a clock that is set back once.
  private func fill(_ stage: Stage, count: Int) throws {
    let people = try stage.portal.storage.readNow { try PersonStore.all(in: $0) }
    var random: UInt64 = 42
    func next(_ bound: UInt64) -> Int {
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((random >> 33) % bound)
    }
    try stage.portal.storage.writeNow { db in
      for index in 0..<count {
        let hours = Int64(index * 96 / count) - (index > count / 2 ? 30 : 0)
        let now = Self.start.adding(ms: hours * Span.hour + Int64(index))
        let person = people[next(3)]
        let isPortal = next(4) == 0
        try AuditLog.append(
          Self.event(next(9), change: Int64(next(4)) + 1), by: isPortal ? .portal : .person(person),
          at: now, in: db)
      }
    }
  }

  private static func event(_ kind: Int, change: Int64) -> AuditEvent {
    switch kind {
    case 0: .sessionStarted
    case 1: .sessionRefused(person: 2)
    case 2: .accessRefused(route: "GET /audit", change: nil, why: "w")
    case 3: .changeRefused(number: change, act: "run", why: "w")
    case 4: .changeDecided(number: change, digest: "d", decision: .approve, note: "")
    case 5: .stepFinished(number: change, step: 1, outcome: "unknown", detail: "")
    case 6: .stepFinished(number: change, step: 1, outcome: "done", detail: "")
    case 7: .changeMoved(number: change, from: .executing, state: .failedPartial, why: "")
    default: .changeMoved(number: change, from: .executing, state: .unknown, why: "")
    }
  }

  /// Every choice for each thing a filter can ask for, combined.
  private static let filters: [AuditFilter] = {
    let people: [Int64?] = [nil, 2, 99]
    let types: [String?] = [nil, "change.moved", "session.refused", "no.such"]
    let changes: [Int64?] = [nil, 3, 99]
    let outcomes: [AuditOutcome?] = [nil] + AuditOutcome.allCases
    let day = Day(start)
    let spans: [(Day?, Day?)] = [(nil, nil), (day.next, day.next), (nil, day), (day.next, nil)]
    var filters: [AuditFilter] = []
    for personID in people {
      for type in types {
        for change in changes {
          for outcome in outcomes {
            for (from, to) in spans {
              for isFlagged in [false, true] {
                filters.append(
                  AuditFilter(
                    personID: personID, type: type, change: change, outcome: outcome,
                    isFlagged: isFlagged, from: from, to: to))
              }
            }
          }
        }
      }
    }
    return filters
  }()

  private func fits(_ entry: AuditEntry, flagged: Set<Int64>, _ filter: AuditFilter) -> Bool {
    if let person = filter.personID, person != entry.personID { return false }
    if let type = filter.type, type != entry.type { return false }
    if let change = filter.change, change != entry.change { return false }
    let outcome = AuditOutcome(type: entry.type, data: entry.data)
    if let asked = filter.outcome, asked != outcome { return false }
    if filter.isFlagged, !flagged.contains(entry.seq) { return false }
    if let from = filter.from, Day(entry.at) < from { return false }
    if let to = filter.to, Day(entry.at) > to { return false }
    return true
  }

  @Test func `every combination of filters finds what fits, newest first, page by page`() throws {
    let stage = try Stage()
    try fill(stage, count: 600)
    try stage.portal.storage.readNow { db in
      let all = try Row.fetchAll(db, sql: AuditStore.select + " ORDER BY seq DESC")
        .map(AuditEntry.init(row:))
      let flagged = try Set(Int64.fetchAll(db, sql: "SELECT seq FROM reviews"))
      var hits = 0
      for filter in Self.filters {
        var found: [Int64] = []
        var page = filter
        repeat {
          let more = try AuditSearch(page, in: db).numbers(limit: 40, in: db)
          found += more
          page.before = more.last
        } while page.before != nil
        let expected = all.filter { fits($0, flagged: flagged, filter) }.map(\.seq)
        #expect(found == expected, "\(filter.path)")
        hits += found.isEmpty ? 0 : 1
      }
      #expect(Self.filters.count == 1_440)
      #expect(hits > 250, "empty lists alone prove nothing")
    }
  }

  @Test func `every combination is a walk along an index: nothing is scanned, nothing sorted`()
    throws
  {
    let stage = try Stage()
    try fill(stage, count: 60)
    try stage.portal.storage.readNow { db in
      for filter in Self.filters {
        let search = try AuditSearch(filter.with { $0.before = 40 }, in: db)
        let plan = try search.stretches.flatMap { stretch in
          try Row.fetchAll(
            db, sql: "EXPLAIN QUERY PLAN " + search.sql,
            arguments: StatementArguments(stretch + [51])
          ).map { $0["detail"] as String }
        }
        #expect(search.stretches.count <= 2, "the clock was set back once")
        #expect(!plan.contains { $0.contains("B-TREE") }, "\(filter.path) \(plan)")
        #expect(!plan.contains { $0.hasPrefix("SCAN") }, "\(filter.path) \(plan)")
        #expect(plan.count { $0.hasPrefix("SEARCH") } >= search.stretches.count)
      }
    }
  }

  @Test func `a burst of refused sign-ins is flagged once, for its person alone`() throws {
    let stage = try Stage()
    func refuse(_ person: Int64) throws {
      stage.clock.advance(ms: Span.minute)
      try stage.portal.storage.writeNow { db in
        try AuditLog.append(
          .sessionRefused(person: person), by: .visitor, at: stage.clock.now, in: db)
      }
    }
    func flagged() throws -> [Int64] {
      try stage.portal.storage.readNow { db in
        try AuditSearch(AuditFilter(type: "session.refused", isFlagged: true), in: db)
          .numbers(limit: 10, in: db)
      }
    }
    for person in [1, 2, 1, 2, 1, 2, 1] as [Int64] { try refuse(person) }
    #expect(try flagged() == [])
    try refuse(1)
    let burst = try flagged()
    #expect(burst.count == 1)
    for _ in 0..<4 { try refuse(1) }
    #expect(try flagged() == burst, "it is the same burst, told once")
    try refuse(1)
    #expect(try flagged().count == 2)
  }

  @Test func `a log from before there were facets gets them when it is opened`() async throws {
    let stage = try Stage()
    try fill(stage, count: 50)
    func facets(_ stage: Stage) throws -> [Row] {
      try stage.portal.storage.readNow {
        try Row.fetchAll(
          $0,
          sql: """
            SELECT seq, type, outcome, flag, person_id FROM audit_facets
            JOIN audit_kinds ON id = kind WHERE seq <= 51 ORDER BY seq
            """)
      }
    }
    let written = try facets(stage)
    try stage.portal.storage.writeNow { db in
      for table in ["audit_facets", "audit_days", "reviews", "review_periods", "audit_kinds"] {
        try db.execute(sql: "DROP TABLE \(table)")
      }
      try db.execute(
        sql: """
          DELETE FROM grdb_migrations WHERE identifier IN ('0006-review', '0022-lean-log');
          CREATE TABLE time_floor (only INTEGER NOT NULL PRIMARY KEY, ms INTEGER NOT NULL);
          CREATE TRIGGER time_floor_rises AFTER INSERT ON audit
          BEGIN UPDATE time_floor SET ms = NEW.at; END;
          """)
      try db.execute(sql: "CREATE INDEX audit_by_person ON audit (person_id, seq)")
      try db.execute(sql: "CREATE INDEX audit_by_type ON audit (type, seq)")
    }
    try await stage.portal.close()
    let again = try Stage(folder: stage.folder)
    #expect(try facets(again) == written)
    #expect(written.count == 51)
    try await again.end()
  }

  @Test(arguments: [
    ("person=x", "Choose a person"), ("change=12x", "A change is written"),
    ("from=23.11.2026", "Write the first day like"), ("to=2026-02-30", "Write the last day like"),
    ("outcome=odd", "Choose an outcome"), ("from=2026-11-24&to=2026-11-23", "Swap them"),
    ("before=-3", "An entry is a number"),
  ])
  func `a filter that can't be read shows why, and no entries as if they fitted`(
    query: String, why: String
  ) async throws {
    let stage = try Stage()
    let answer = try await stage.browser(as: "auditor").get("/audit?" + query)
    #expect(answer.status.code == 422)
    #expect(answer.text.contains(why))
    #expect(!answer.text.contains("<table"))
    try await stage.end()
  }

  @Test func `each filter stands in words with the list without it`() async throws {
    let stage = try Stage()
    let id = try stage.person("operator").id
    let query = "person=\(id)&type=session.started&flagged=yes&from=2026-11-22"
    let answer = try await stage.browser(as: "auditor").get("/audit?" + query)
    #expect(answer.text.contains("By Operator<"))
    #expect(answer.text.contains("Session started<"))
    #expect(
      answer.text.contains(
        "href=\"/audit?type=session.started&amp;from=2026-11-22&amp;flagged=yes\""))
    try await stage.end()
  }
}
