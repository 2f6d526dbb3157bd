import GRDB
import HTTP
import Rules
import Testing

@testable import Portal

/// What a person opened last: theirs alone, little, and forgotten with them.
@Suite struct RecentlySeenTests {
  private func pages(of login: String, on stage: Stage) throws -> [String] {
    let person = try stage.person(login)
    return try stage.portal.storage.readNow { try RecentlySeen.all(of: person, in: $0) }
  }

  @Test func `pages about one thing are remembered, the newest first, and lists are not`()
    async throws
  {
    let stage = try Stage()
    let number = try await Proposals.propose(on: stage)
    let browser = try await stage.browser(as: "viewer")
    for path in ["/changes/\(number)", "/changes", "/resources/mail", "/changes/99", "/costs"] {
      stage.clock.advance(ms: Span.second)
      _ = await browser.get(path)
    }
    #expect(try pages(of: "viewer", on: stage) == ["/resources/mail", "/changes/\(number)"])
    let search = await browser.get("/search").text
    #expect(search.contains("Recently seen") && search.contains("href=\"/changes/\(number)\""))
    #expect(await browser.get("/search/hits").text.contains("href=\"/resources/mail\""))
    let other = try await stage.browser(as: "approver")
    #expect(await !other.get("/search").text.contains("Recently seen"))
    #expect(try !stage.auditTypes().contains { $0.contains("seen") })
    try await stage.end()
  }

  @Test func `the same page again is not written again, nor two that take turns`() async throws {
    let stage = try Stage()
    let browser = try await stage.browser(as: "viewer")
    let pages = ["/resources/mail", "/resources/blog"]
    for page in pages { _ = await browser.get(page) }
    let before = stage.portal.storage.writes
    for _ in 0..<3 {
      for page in pages {
        stage.clock.advance(ms: Span.second)
        _ = await browser.get(page)
        _ = await browser.get(page)
      }
    }
    #expect(stage.portal.storage.writes == before)
    stage.clock.advance(ms: RecentlySeen.noteEveryMs)
    _ = await browser.get(pages[0])
    #expect(try self.pages(of: "viewer", on: stage) == pages)
    try await stage.end()
  }

  @Test func `only the last few are kept, and none of who is erased`() async throws {
    let stage = try Stage()
    let browser = try await stage.browser(as: "viewer")
    let subjects = Subject.allCases.prefix(RecentlySeen.countMax + 3)
    for subject in subjects {
      stage.clock.advance(ms: Span.second)
      _ = await browser.get(subject.path)
    }
    let kept = subjects.suffix(RecentlySeen.countMax).map(\.path).reversed()
    #expect(try pages(of: "viewer", on: stage) == Array(kept))
    try stage.accounts().disable(login: "viewer")
    let person = try stage.person("viewer")
    _ = try stage.accounts().erase(login: "viewer")
    #expect(try stage.portal.storage.readNow { try RecentlySeen.all(of: person, in: $0) } == [])
    try await stage.end()
  }
}
