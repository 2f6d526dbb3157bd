import Foundation
import HTTP
import HTTPTypes
import Testing

@testable import Portal

/// The page that shows the components of all others.
struct DesignTests {
  /// The classes that the head of the stylesheet explains.
  private func classes() throws -> Set<Substring> {
    let style = try String(contentsOfFile: "Public/caretaker.css", encoding: .utf8)
    let head = try #require(style.split(separator: "---- Tokens").first)
    let rows = head.split(separator: "\n").filter { $0.hasPrefix("   .") }
    let names = rows.flatMap { row in
      row.dropFirst(3).split(separator: "  ")[0].split { ", >".contains($0) }
    }
    return Set(names.map { $0.dropFirst() })
  }

  @Test func `it shows every component that the stylesheet explains`() async throws {
    let stage = try Stage()
    let page = await (try await stage.browser(as: "administrator")).get("/design")
    #expect(page.status == .ok)
    let shown = page.text.matches(of: /class="([^"]*)"/).flatMap {
      $0.output.1.split(separator: " ")
    }
    // The demo has one, a script makes one, pages without navigation have one.
    #expect(try classes().subtracting(shown) == ["chip", "palette", "sign-in"])
    try await stage.end()
  }

  @Test func `it is for administrators`() async throws {
    let stage = try Stage()
    #expect(await (try await stage.browser(as: "approver")).get("/design").status == .forbidden)
    try await stage.end()
  }
}
