import Foundation
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// What is left to do as files: a spreadsheet's and a calendar's.
@Suite struct TodoFileTests {
  private func stage(_ titles: String...) throws -> Stage {
    let stage = try Stage()
    try stage.portal.storage.writeNow { [now = stage.clock.now] db in
      for title in titles {
        try TodoStore.open(title, change: nil, by: .portal, at: now, in: db)
      }
    }
    return stage
  }

  @Test func `the spreadsheet runs no formula, and holds what the list shows`() async throws {
    let stage = try stage("=HYPERLINK(\"x\")", "Plain, with a comma")
    let browser = try await stage.browser(as: "operator")
    let answer = await browser.get("/todos.csv")
    #expect(answer.headers[.contentType]?.hasPrefix("text/csv") == true)
    #expect(answer.headers[.cacheControl] == "no-store")
    #expect(answer.headers[.contentDisposition]?.hasPrefix("attachment; filename=") == true)
    let lines = answer.text.components(separatedBy: "\r\n")
    #expect(lines[0].hasPrefix("todo,title,state,owner,due,"))
    #expect(lines[1].hasPrefix("1,\"'=HYPERLINK(\"\"x\"\")\",Open,"))
    #expect(lines[2].hasPrefix("2,\"Plain, with a comma\",Open,"))
    #expect(lines.last == "" && lines.count == 4)
    let mine = await browser.get("/todos.csv?owner=me").text
    #expect(mine.components(separatedBy: "\r\n").count == 2)
    try await stage.end()
  }

  @Test func `the calendar has a day for each due date, with a name that stays`() async throws {
    let long = String(repeating: "ä, b; c\\d ", count: 20)
    let stage = try stage(long, "Without a day")
    let browser = try await stage.browser(as: "operator")
    _ = await browser.post("/todos/1/due-date", ["day": "2026-12-31"])
    let answer = await browser.get("/todos.ics")
    #expect(answer.headers[.contentType] == "text/calendar; charset=utf-8")
    #expect(answer.headers[.cacheControl] == "no-store")
    #expect(answer.headers[.contentDisposition] == "attachment; filename=\"caretaker-todos.ics\"")
    let text = answer.text
    #expect(!text.replacing("\r\n", with: "").contains { $0.isNewline })
    let lines = text.components(separatedBy: "\r\n")
    #expect(lines.allSatisfy { $0.utf8.count <= 75 })
    #expect(lines.first == "BEGIN:VCALENDAR" && lines.suffix(2) == ["END:VCALENDAR", ""])
    let unfolded = text.replacing("\r\n ", with: "").components(separatedBy: "\r\n")
    #expect(unfolded.count { $0 == "BEGIN:VEVENT" } == 1)
    #expect(unfolded.contains("DTSTART;VALUE=DATE:20261231"))
    #expect(unfolded.contains("DTEND;VALUE=DATE:20270101"))
    let escaped = String(repeating: "ä\\, b\\; c\\\\d ", count: 20)
    #expect(unfolded.contains("SUMMARY:" + escaped))
    let names = unfolded.filter { $0.hasPrefix("UID:todo-1@") || $0.hasPrefix("DTSTAMP:") }
    #expect(names.count == 2)
    stage.clock.advance(ms: Span.day)
    let again = await (try stage.browser(as: "operator")).get("/todos.ics").text
    #expect(again == text)
    try await stage.end()
  }

  @Test func `without a due date there is no calendar, and it says why`() async throws {
    let stage = try stage("Without a day")
    let answer = await (try stage.browser(as: "viewer")).get("/todos.ics")
    #expect(answer.status == .notFound)
    #expect(answer.text.contains("The calendar would be empty"))
    try await stage.end()
  }

  @Test(arguments: [
    ("a\nb", "a\\nb"), ("a\r\nb", "a\\nb"), ("a\u{0}b\u{7}", "ab"), (";,\\", "\\;\\,\\\\"),
  ])
  func `text of a calendar is escaped`(text: String, escaped: String) {
    #expect(TodoCalendar.escaped(text) == escaped)
  }

  @Test func `a line is broken between characters`() {
    let folded = TodoCalendar.folded(String(repeating: "é", count: 80))
    let lines = folded.components(separatedBy: "\r\n")
    #expect(lines.map(\.utf8.count) == [74, 75, 13])
    #expect(lines.dropFirst().allSatisfy { $0.hasPrefix(" ") })
  }

  @Test func `a calendar program reads the due dates by its address until that ends`() async throws
  {
    let stage = try stage("Renew the certificate")
    let browser = try await stage.browser(as: "operator")
    let made = await browser.post("/calendar").text
    let path = try #require(made.firstMatch(of: /\/calendars\/[A-Za-z0-9_-]{43}/)?.output)
    #expect(try stage.auditTypes().last == "calendar.made")
    let program = Browser(stage.portal)
    #expect(await program.get(String(path)).text.contains("BEGIN:VTIMEZONE"))
    _ = await browser.post("/todos/1/due-date", ["day": "2026-12-31"])
    let read = await program.get(String(path))
    #expect(read.headers[.contentType] == "text/calendar; charset=utf-8")
    #expect(read.text.contains("SUMMARY:Renew the certificate\r\n"))
    #expect(!(await browser.get("/calendar").text.contains("/calendars/")))
    let files = try stage.files().values
    #expect(files.allSatisfy { $0.range(of: Data(path.suffix(43).utf8)) == nil })
    _ = await browser.post("/calendar")
    #expect(await program.get(String(path)).status == .notFound)
    let ended = await browser.post("/calendar/end")
    #expect(ended.headers[.location] == "/calendar?said=calendar-ended")
    #expect(try stage.auditTypes().last == "calendar.ended")
    try await stage.end()
  }

  @Test func `a person who was disabled has no calendar`() async throws {
    let stage = try stage("Renew the certificate")
    let made = await (try stage.browser(as: "viewer")).post("/calendar").text
    let path = try #require(made.firstMatch(of: /\/calendars\/[A-Za-z0-9_-]{43}/)?.output)
    let program = Browser(stage.portal)
    #expect(await program.get(String(path)).status == .ok)
    let viewer = try stage.person("viewer")
    try stage.portal.storage.writeNow { [now = stage.clock.now] in
      try PersonStore.disable(viewer.id, at: now, in: $0)
    }
    #expect(await program.get(String(path)).status == .notFound)
    try await stage.end()
  }
}
