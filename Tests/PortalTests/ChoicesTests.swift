import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// How people want their pages.
@Suite struct ChoicesTests {
  private func moment(_ iso: String) throws -> Moment {
    let date = try #require(ISO8601DateFormatter().date(from: iso))
    return Moment(ms: Int64(date.timeIntervalSince1970) * Span.second)
  }

  @Test(
    arguments: [
      ("Europe/Berlin", "2026-10-25T00:59:59Z", "25 October 2026, 02:59 UTC+2"),
      ("Europe/Berlin", "2026-10-25T01:00:00Z", "25 October 2026, 02:00 UTC+1"),
      ("Europe/Berlin", "2026-03-29T00:59:59Z", "29 March 2026, 01:59 UTC+1"),
      ("Europe/Berlin", "2026-03-29T01:00:00Z", "29 March 2026, 03:00 UTC+2"),
      ("America/Los_Angeles", "2026-11-01T08:59:59Z", "1 November 2026, 01:59 UTC−7"),
      ("America/Los_Angeles", "2026-11-01T09:00:00Z", "1 November 2026, 01:00 UTC−8"),
      ("Asia/Kolkata", "2026-11-23T19:05:00Z", "24 November 2026, 00:35 UTC+5:30"),
      ("UTC", "2026-11-23T19:05:00Z", "23 November 2026, 19:05 UTC"),
    ])
  func `a moment reads as the clocks of a zone show it, also when they have just been changed`(
    name: String, iso: String, words: String
  ) throws {
    let zone = try #require(Zone(named: name))
    let moment = try moment(iso)
    #expect(Zone.$ofReader.withValue(zone) { moment.local } == words)
    #expect(Zone.$ofReader.withValue(zone) { When(moment, now: moment).iso } == iso)
  }

  @Test(arguments: [
    ("Europe/Berlin", "2026-11-24T10:05", "2026-11-24T09:05:00Z"),
    // The clocks show it twice, two hours and then one hour ahead.
    ("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30:00Z"),
    // The clocks jump over it.
    ("Europe/Berlin", "2026-03-29T02:30", nil),
    ("America/Los_Angeles", "2026-11-24T20:00", "2026-11-25T04:00:00Z"),
    ("UTC", "2026-11-24T10:05", "2026-11-24T10:05:00Z"), ("Asia/Kolkata", "tomorrow", nil),
    // No month has it.
    ("UTC", "2026-11-31T10:05", nil),
  ])
  func `what is typed is the moment at which the clocks of the zone show it`(
    name: String, typed: String, iso: String?
  ) throws {
    #expect(try #require(Zone(named: name)).moment(typed: typed)?.isoSeconds == iso)
  }

  @Test func `a form for a time names the zone, which goes with what is typed`() async throws {
    let stage = try Stage()
    let browser = try await stage.browser(as: "approver")
    _ = await browser.post("/account/choices", choices)
    let form = await browser.get("/safety").text
    #expect(form.contains("From, Asia/Kolkata"))
    #expect(form.contains(#"name="zone" value="Asia/Kolkata""#))
    let day = Day(stage.clock.now).next.iso
    _ = await browser.post(
      "/freezes",
      [
        "zone": "Asia/Kolkata", "from": "\(day)T10:00", "to": "\(day)T12:30",
        "reason": "The newsletter goes out",
      ])
    let freezes = try stage.portal.storage.readNow { try HouseStore.freezes(in: $0) }
    #expect(freezes.map(\.from.isoSeconds) == ["\(day)T04:30:00Z"])
    try await stage.end()
  }

  @Test func `every zone there is can be chosen, by the name its place has now`() {
    #expect(Zone.names.count > 400)
    #expect(Zone.names.contains("Asia/Kolkata"))
    #expect(!Zone.names.contains("Asia/Calcutta"))
    for name in ["", "Foo/Bar", "europe/berlin", "EST", "../etc/passwd"] {
      #expect(Zone(named: name) == nil, "\(name)")
    }
  }

  private let choices = ["zone": "Asia/Kolkata", "theme": "dark", "shortcuts": "no"]

  @Test func `pages say times in the zone their reader chose, with UTC for machines`()
    async throws
  {
    let stage = try Stage()
    let (browser, other) = (
      try await stage.browser(as: "viewer"), try await stage.browser(as: "auditor")
    )
    let utc = stage.clock.now.wordsToTheSecond(.utc)
    #expect(await browser.get("/account").text.contains("title=\"\(utc)\""))
    let kept = await browser.post("/account/choices", choices)
    #expect(kept.headers[.location] == "/account/choices?said=choices-kept")

    let words = stage.clock.now.wordsToTheSecond(ZoneOffset(minutes: 330))
    let page = await browser.get("/account").text
    #expect(page.contains("datetime=\"\(stage.clock.now.isoSeconds)\" title=\"\(words)\""))
    let shown = await browser.get("/account/choices").text
    #expect(shown.contains("<option value=\"Asia/Kolkata\" selected>Kolkata</option>"))
    #expect(shown.contains("UTC+5:30, in Asia/Kolkata"))
    // Nobody else's are touched.
    let audit = await other.get("/audit").text
    #expect(audit.contains(utc))
    #expect(!audit.contains("UTC+5:30"))
    try await stage.end()
  }

  @Test func `a theme stands in the page and its bar, and the device decides where none is chosen`()
    async throws
  {
    let stage = try Stage()
    let browser = try await stage.browser(as: "viewer")
    let before = await browser.get("/account/choices").text
    #expect(before.contains("<html lang=\"en\">"))
    #expect(before.components(separatedBy: "name=\"theme-color\" media=").count == 3)
    #expect(!before.contains("data-keys"))

    _ = await browser.post("/account/choices", choices)
    let after = await browser.get("/account/choices").text
    #expect(after.contains("<html lang=\"en\" data-theme=\"dark\">"))
    #expect(after.contains("<meta name=\"theme-color\" content=\"#161e25\">"))
    #expect(!after.contains("name=\"theme-color\" media="))
    #expect(after.contains("<body data-keys=\"off\">"))
    #expect(await browser.get("/keyboard").text.contains("You have turned these keys off."))
    #expect(await Browser(stage.portal).get("/sign-in").text.contains("<html lang=\"en\">"))
    try await stage.end()
  }

  @Test func `a zone or theme that there is not is refused, and nothing is kept`() async throws {
    let stage = try Stage()
    let browser = try await stage.browser(as: "viewer")
    for (field, value) in [("zone", "Mars/Olympus"), ("theme", "pink"), ("zone", "")] {
      var form = choices
      form[field] = value
      #expect(await browser.post("/account/choices", form).status == .badRequest)
    }
    let rows = try stage.portal.storage.readNow {
      try Int.fetchOne($0, sql: "SELECT count(*) FROM choices")
    }
    #expect(rows == 0)
    try await stage.end()
  }

  @Test func `the list of keys names the places that the navigation leads to`() async throws {
    let stage = try Stage()
    let browser = try await stage.browser(as: "auditor")
    let page = await browser.get("/keyboard").text
    for (key, path) in [
      ("d", "/"), ("r", "/resources"), ("c", "/changes"), ("a", "/audit"), ("t", "/todos"),
    ] {
      #expect(page.contains("<a href=\"\(path)\" data-key=\"\(key)\""), "\(key)")
      #expect(page.contains("<kbd>\(key)</kbd>"), "\(key)")
    }
    #expect(page.contains("<a href=\"/keyboard\">Keyboard</a>"))
    // Who may not read the log is led nowhere by a.
    let viewer = try await stage.browser(as: "viewer")
    #expect(await viewer.get("/keyboard").text.contains("data-key=\"a\"") == false)
    try await stage.end()
  }

  @Test func `on paper a page says where it is, whose it was and when`() async throws {
    let stage = try Stage()
    let browser = try await stage.browser(as: "viewer")
    let host = try #require(HTTPField.Name("Host"))
    let page = await browser.send(
      .get, "/changes?state=all", body: "", extra: [host: "caretaker.example.com"])
    let line = "http://caretaker.example.com/changes?state=all, as Viewer saw it on "
    #expect(page.text.contains("<p class=\"print-only\">\(line)\(stage.clock.now.words)</p>"))
    #expect(!(await Browser(stage.portal).get("/sign-in").text.contains("print-only")))
    try await stage.end()
  }
}
