import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// What is found, by whom, and in which words.
@Suite struct SearchTests {
  private func page(_ query: String, by browser: Browser) async -> String {
    await browser.get("/search?q=" + percentEncoded(query)).text
  }

  /// A stage with a change, a finding, something to do and a log.
  private func stage() async throws -> Stage {
    let stage = try Stage()
    _ = try await Proposals.propose(on: stage)
    let facts = MailFacts(
      productionAccess: false, sendingEnabled: true, enforcement: "HEALTHY", max24Hours: 100,
      sent24Hours: 0, review: "")
    try await stage.portal.storage.write { [now = stage.clock.now] db in
      try ObservationStore.store(
        Look(.mail, source: "ses:GetAccount", .read(facts)), site: "blog", at: now, in: db)
      try FindingStore.judge(site: "blog", at: now, in: db)
    }
    return stage
  }

  @Test func `every kind is found by the beginnings of its words, marked and linked`() async throws
  {
    let stage = try await stage()
    let browser = try await stage.browser(as: "operator")
    let change = await page("sunday newsl", by: browser)
    #expect(change.contains("<h2 id=\"in-changes\">Changes</h2>"))
    #expect(change.contains("href=\"/changes/1\""))
    #expect(change.contains("<mark>Sunday</mark>"))
    #expect(change.contains("<h2 id=\"in-audit\">Audit</h2>"))
    let mail = await page("sandb", by: browser)
    #expect(mail.contains("<h2 id=\"in-todos\">TODOs</h2>"))
    #expect(mail.contains("<mark>sandb</mark>ox"))
    #expect(mail.contains("href=\"/findings/"))
    #expect(mail.contains("href=\"/mail/request\""))
    #expect(await page("HEALTHY", by: browser).contains("href=\"/resources/mail\""))
    #expect(await page("money", by: browser).contains("href=\"/costs\""))
    try await stage.end()
  }

  @Test func `people are found by names they have now, and nothing else holds those`() async throws
  {
    let stage = try await stage()
    let browser = try await stage.browser(as: "approver")
    #expect(await page("operat ghost", by: browser).contains("href=\"/changes/1\""))
    #expect(await page("operator proposed", by: browser).contains("Audit</h2>"))
    try await stage.portal.storage.write { db in
      try db.execute(sql: "UPDATE people SET name = 'Ottilie Zumwinkel' WHERE login = 'operator'")
    }
    let found = await page("zumwink", by: browser)
    #expect(found.contains("href=\"/changes/1\"") && found.contains("<mark>Zumwink</mark>el"))
    let words = try stage.portal.storage.readNow { db in
      try String.fetchSet(db, sql: "SELECT term FROM search_audit_terms")
    }
    #expect(words.contains("proposed") && words.isDisjoint(with: ["ottilie", "zumwinkel"]))
    try await stage.end()
  }

  @Test func `the log is searched by who may read it alone, as are pages and forms`() async throws {
    let stage = try await stage()
    let viewer = try await stage.browser(as: "viewer")
    let found = await page("ghost", by: viewer)
    #expect(found.contains("in-changes") && !found.contains("in-audit"))
    #expect(await !page("audit", by: viewer).contains("href=\"/audit\">"))
    #expect(await !page("number of tasks", by: viewer).contains("in-forms"))
    #expect(await page("1", by: viewer).contains("in-exact"))
    #expect(await !page("1", by: viewer).contains("href=\"/audit/entries/1\""))
    let operator_ = try await stage.browser(as: "operator")
    #expect(await page("number of tasks", by: operator_).contains("in-forms"))
    try await stage.end()
  }

  @Test func `every page that can be searched for is there, and who may all finds it by its name`()
    async throws
  {
    let stage = try Stage()
    let browser = try await stage.browser(as: "administrator")
    let person = try stage.person("administrator")
    for place in SearchPlace.pages + SearchPlace.forms {
      #expect(place.isOpen(to: person), "\(place.path)")
      #expect(place.fits(try SearchWords(place.title)), "\(place.path)")
      stage.clock.advance(ms: Span.second)
      #expect(await browser.get(place.path).status == .ok, "\(place.path)")
    }
    try await stage.end()
  }

  @Test func `a number, a reference and the beginning of a digest lead straight there, first`()
    async throws
  {
    let stage = try await stage()
    let browser = try await stage.browser(as: "operator")
    let digest = try stage.change(1).digest
    for typed in ["CR-1", "cr 1", "1", String(digest.prefix(8)), "sha256:" + digest] {
      let text = await page(typed, by: browser)
      let exact = try #require(text.range(of: "in-exact"), "\(typed)")
      let link = try #require(text.range(of: "href=\"/changes/1\""), "\(typed)")
      #expect(exact.lowerBound < link.lowerBound)
      for area in SearchArea.allCases.dropFirst() {
        if let other = text.range(of: "id=\"in-\(area.rawValue)\"") {
          #expect(link.lowerBound < other.lowerBound)
        }
      }
    }
    let entry = await page("#1", by: browser)
    #expect(entry.contains("href=\"/audit/entries/1\"") && entry.contains("href=\"/todos/1\""))
    try await stage.end()
  }

  @Test(
    arguments: [
      "\"", "'", "*", "a\"b", "(", "NEAR(a b)", "a AND", "NOT", "^a", "{a}: b", "-a", "a:b", "a*b",
      "%", "_", "क्ष", "𱍐a𱍐b", "ﬁx", "🦊", "<script>", "a' OR 1=1 --", "ẞtraße", "İstanbul",
    ])
  func `whatever is typed is an answer, never an error`(typed: String) async throws {
    let stage = try await stage()
    let browser = try await stage.browser(as: "administrator")
    for path in ["/search", "/search/hits"] {
      let answer = await browser.get(path + "?q=" + percentEncoded(typed))
      #expect(answer.status == .ok, "\(path) \(typed)")
      #expect(!answer.text.contains("<script>a") && !answer.text.contains("value=\"<"))
    }
    try await stage.end()
  }

  @Test func `what was not typed, not found or not searched for is said`() async throws {
    let stage = try await stage()
    let browser = try await stage.browser(as: "operator")
    #expect(await page("", by: browser).contains("What can be searched"))
    #expect(await page("quetzalcoatl", by: browser).contains("Nothing was found"))
    #expect(await page("?!", by: browser).contains("Nothing was found"))
    let long = await browser.get("/search?q=" + String(repeating: "a", count: 300))
    #expect(long.status == .unprocessableContent && long.text.contains("at most 200 characters"))
    let secret = await browser.get("/search?q=AKIAIOSFODNN7EXAMPLA")
    #expect(secret.status == .unprocessableContent && !secret.text.contains("AKIAIOSFODNN7"))
    try await stage.end()
  }

  @Test func `a few of each kind are shown, and more of one on request`() async throws {
    let stage = try Stage()
    for _ in 0..<Search.fewMax + 2 { _ = try await Proposals.propose(on: stage) }
    let browser = try await stage.browser(as: "viewer")
    let few = await page("newsletter", by: browser)
    #expect(few.contains("href=\"/changes/7\"") && !few.contains("href=\"/changes/2\""))
    let more = "/search?in=changes&amp;q=newsletter"
    #expect(few.contains(more))
    let auditor = try await stage.browser(as: "auditor")
    let votes = try await stage.browser(as: "approver")
    for _ in 0...Search.fewMax { _ = await votes.post("/changes/1/withdrawal") }
    #expect(await page("CR-1", by: auditor).contains("href=\"/audit?change=CR-1\""))
    let many = await browser.get(more.replacingOccurrences(of: "&amp;", with: "&")).text
    #expect(many.contains("href=\"/changes/1\"") && !many.contains("in-pages"))
    try await stage.end()
  }

  @Test func `an edited change is found by what stands, not by what stood there`() async throws {
    let stage = try Stage()
    let number = try await Proposals.propose(on: stage)
    let browser = try await stage.browser(as: "viewer")
    #expect(await page("newsletter", by: browser).contains("in-changes"))
    let (change, requester) = (try stage.change(number), try stage.person("operator"))
    try await stage.portal.storage.write { [now = stage.clock.now] db in
      var plan = change.plan
      plan.terms.revision += 1
      try ChangeStore.revise(
        change, to: plan, bytes: plan.bytes, as: .pending, by: requester,
        reason: "A podcast instead", in: try HouseStore.house(at: now, in: db), db)
    }
    #expect(await page("podcast", by: browser).contains("in-changes"))
    #expect(await !page("newsletter", by: browser).contains("in-changes"))
    try await stage.end()
  }

  @Test func `a long log is taken up little by little, and what is not yet is said`() async throws {
    let stage = try Stage()
    try await stage.portal.storage.write { [now = stage.clock.now] db in
      for index in 0..<AuditIndex.batchMax * 2 {
        try AuditLog.append(
          .accessRefused(route: "GET /x", change: nil, why: index == 0 ? "walrus" : "otter"),
          by: .portal, at: now, in: db)
      }
    }
    let browser = try await stage.browser(as: "auditor")
    let first = await page("walrus", by: browser)
    #expect(first.contains("in-audit") && first.contains("be found yet"))
    while await stage.portal.catchUpSearch() {}
    #expect(await !page("walrus", by: browser).contains("be found yet"))
    let newest = await page("otter", by: browser)
    #expect(newest.contains("Entry \(AuditIndex.batchMax * 2 + Role.allCases.count * 2),"))
    try await stage.end()
  }

  @Test func `a log from before there was a search is taken up, as are its changes`() async throws {
    let stage = try await stage()
    try await stage.portal.storage.write { db in
      try db.execute(sql: "INSERT INTO search_changes (search_changes) VALUES ('delete-all')")
      for table in ["search_changes", "search_todos", "search_audit_terms", "search_audit"] {
        try db.execute(sql: "DROP TABLE \(table)")
      }
      for trigger in ["change_proposed", "change_revised", "todo_opened"] {
        try db.execute(sql: "DROP TRIGGER search_\(trigger)")
      }
      try db.execute(sql: "DROP TABLE search_progress; DROP VIEW search_change_words")
      try db.execute(sql: "DELETE FROM grdb_migrations WHERE identifier = '0030-search'")
    }
    try await stage.portal.close()
    let again = try Stage(folder: stage.folder, clock: stage.clock)
    let browser = try await again.browser(as: "operator")
    let found = await page("newsletter", by: browser)
    #expect(found.contains("in-changes") && found.contains("in-audit"))
    #expect(await page("sandbox", by: browser).contains("in-todos"))
    try await again.end()
  }
}
