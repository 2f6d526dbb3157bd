import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// Lists whose heads sort them.
@Suite struct SortingTests {
  private func names(_ page: String) -> [String] {
    page.matches(of: /<tr><th scope="row"><a href="\/people\/\d+">([^<]+)<\/a>/).map {
      String($0.output.1)
    }
  }

  @Test func `the heads of a table sort it, and turn the order around`() async throws {
    let stage = try Stage()
    let browser = try await stage.browser(as: "operator")
    let own = await browser.get("/people").text
    #expect(!own.contains("aria-sort"))

    let up = await browser.get("/people?sort=name").text
    #expect(names(up) == names(own).sorted() && names(up) != names(own))
    #expect(
      up.contains(#"aria-sort="ascending"><a href="/people?order=down&amp;sort=name">Person"#))

    let down = await browser.get("/people?sort=name&order=down").text
    #expect(names(down) == names(own).sorted().reversed())
    #expect(down.contains(#"aria-sort="descending"><a href="/people?sort=name">Person"#))

    // Equal rows stay in the list's own order, both ways.
    for order in ["", "&order=down"] {
      #expect(names(await browser.get("/people?sort=state" + order).text) == names(own))
    }
    try await stage.end()
  }

  @Test func `an order that there is not is the list's own`() async throws {
    let stage = try Stage()
    let browser = try await stage.browser(as: "operator")
    for path in ["/people", "/resources", "/backups"] {
      let page = await browser.get(path + "?sort=nonsense&order=sideways")
      #expect(page.status == .ok && !page.text.contains("aria-sort"), "\(path)")
    }
    try await stage.end()
  }

  @Test func `resources are sorted by name, by how they are and by their age`() async throws {
    let stage = try Stage()
    let browser = try await stage.browser(as: "operator")
    func labels(_ query: String) async -> [String] {
      await browser.get("/resources" + query).text
        .matches(of: /<th scope="row"><a href="\/resources\/[^"]+">([^<]+)<\/a>/)
        .map { $0.output.1.lowercased() }
    }
    let own = await labels("")
    #expect(own.count > 10 && own != own.sorted())
    #expect(await labels("?sort=name") == own.sorted())
    #expect(await labels("?sort=state") == own)
    #expect(await labels("?sort=age&order=down") == own)
    try await stage.end()
  }
}
