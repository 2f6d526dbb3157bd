import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// Filters that people keep under a name: theirs alone, few, and never more than the filter says.
@Suite struct SavedViewTests {
  private func count(on stage: Stage) throws -> Int? {
    try stage.portal.storage.readNow {
      try Int.fetchOne($0, sql: "SELECT count(*) FROM saved_views")
    }
  }

  @Test func `a filter is kept under a name, leads back to its list, and is removed again`()
    async throws
  {
    let stage = try Stage()
    let browser = try await stage.browser(as: "operator")
    #expect(await !browser.get("/changes").text.contains("Keep this view as"))
    #expect(await browser.get("/changes?state=failed").text.contains("Keep this view as"))
    let kept = await browser.post(
      "/saved-views", ["list": "changes", "state": "failed", "view_name": "What went <wrong>"])
    #expect(kept.headers[.location] == "/changes?state=failed&said=view-saved")
    let page = await browser.get("/changes?state=failed&said=view-saved").text
    #expect(page.contains("Kept. It stands above the filters"))
    #expect(page.contains("aria-current=\"page\">What went &lt;wrong&gt;</a>"))
    #expect(!page.contains("Keep this view as"))
    #expect(await browser.get("/changes").text.contains("href=\"/changes?state=failed\">What"))
    let removed = await browser.post("/saved-views/1/end")
    #expect(removed.headers[.location] == "/changes?said=view-removed")
    #expect(await !browser.get("/changes").text.contains("What went"))
    #expect(try !stage.auditTypes().contains { $0.contains("view") })
    try await stage.end()
  }

  @Test func `a name is as long as the database counts it`() async throws {
    let stage = try Stage()
    let browser = try await stage.browser(as: "operator")
    let name = String(repeating: "e\u{301}", count: 31)
    let form = ["list": "changes", "state": "failed", "view_name": name]
    let page = await browser.post("/saved-views", form).text
    #expect(page.contains("A name has at most 60 characters. Shorten it. Nothing was kept."))
    #expect(try count(on: stage) == 0)
    try await stage.end()
  }

  @Test func `of the log everything that the filter says is kept, and no place in the pages`()
    async throws
  {
    let stage = try Stage()
    let browser = try await stage.browser(as: "auditor")
    let form = [
      "list": "audit", "type": "session.started", "outcome": "good", "change": "12",
      "from": "2026-11-01", "flagged": "yes", "before": "7", "x": "y", "view_name": "Sign-ins",
    ]
    let kept = try #require(await browser.post("/saved-views", form).headers[.location])
    #expect(
      kept == "/audit?type=session.started&outcome=good&change=CR-12&from=2026-11-01&flagged=yes"
        + "&said=view-saved")
    let page = await browser.get(kept).text
    #expect(page.contains("aria-current=\"page\">Sign-ins</a>"))
    // The same name shows something else from now on.
    let other = ["list": "audit", "type": "person.added", "view_name": "Sign-ins"]
    #expect(await browser.post("/saved-views", other).status == .seeOther)
    #expect(try count(on: stage) == 1)
    #expect(await browser.get("/audit").text.contains("href=\"/audit?type=person.added\">Sign-ins"))
    try await stage.end()
  }

  @Test func `views are their owner's alone, and none lets anybody see more than they may`()
    async throws
  {
    let stage = try Stage()
    let browser = try await stage.browser(as: "operator")
    let form = ["list": "changes", "state": "open", "view_name": "Mine"]
    _ = await browser.post("/saved-views", form)
    let other = try await stage.browser(as: "operator-2")
    #expect(await !other.get("/changes").text.contains("Mine"))
    #expect(await other.post("/saved-views/1/end").status == .notFound)
    #expect(try count(on: stage) == 1)
    let viewer = try await stage.browser(as: "viewer")
    let audit = ["list": "audit", "type": "person.added", "view_name": "Log"]
    #expect(await viewer.post("/saved-views", audit).status == .forbidden)
    #expect(await viewer.post("/saved-views", ["list": "people"]).status == .notFound)
    #expect(try count(on: stage) == 1)
    try stage.accounts().disable(login: "operator")
    _ = try stage.accounts().erase(login: "operator")
    #expect(try count(on: stage) == 0)
    try await stage.end()
  }

  @Test func `a name that is missing or too long and a view too many are refused, and stay typed`()
    async throws
  {
    let stage = try Stage()
    let browser = try await stage.browser(as: "operator")
    func save(_ name: String) async -> Response {
      await browser.post("/saved-views", ["list": "changes", "state": "done", "view_name": name])
    }
    #expect(await save("").text.contains("Give the view a name."))
    let long = String(repeating: "n", count: SavedViewStore.nameLengthMax + 1)
    let answer = await save(long)
    #expect(answer.status == .unprocessableContent && answer.text.contains("at most 60"))
    #expect(answer.text.contains("value=\"\(long)\""))
    #expect(answer.text.contains("<option value=\"done\" selected>"))
    for number in 1...SavedViewStore.countMax {
      stage.clock.advance(ms: Span.second)
      #expect(await save("View \(number)").status == .seeOther)
    }
    #expect(await save("View 1").status == .seeOther)
    let full = await browser.post(
      "/saved-views", ["list": "audit", "type": "person.added", "view_name": "One more"])
    #expect(full.status == .unprocessableContent && full.text.contains("remove one first"))
    #expect(full.text.contains("<h1>Audit</h1>") && full.text.contains("value=\"One more\""))
    #expect(try count(on: stage) == SavedViewStore.countMax)
    try await stage.end()
  }
}
