import HTTP
import HTTPTypes
import Testing

@testable import Portal

/// What holds of every list: its address is the view, it stays put, and it says why it is empty.
@Suite struct ListTests {
  @Test(
    arguments: [
      ("/changes?state=failed", "value=\"failed\" selected"),
      ("/deployments?area=image&by=outside", "value=\"outside\" selected"),
      ("/todos?state=done", "value=\"done\" selected"),
      ("/audit?outcome=refused&flagged=yes", "name=\"flagged\" value=\"yes\" checked"),
    ])
  func `an address names its filters, and asked for again it shows the same`(
    address: String, mark: String
  ) async throws {
    let stage = try Stage()
    for login in ["administrator", "auditor"] {
      let page = try await stage.browser(as: login).get(address)
      #expect(page.status == .ok)
      #expect(page.text.contains(mark), "\(login)")
    }
    try await stage.end()
  }

  @Test func `the next page of changes begins behind the last one seen, whatever came meanwhile`()
    async throws
  {
    let stage = try Stage()
    for _ in 0...Portal.changesPerPage { _ = try await Proposals.propose(on: stage) }
    let browser = try await stage.browser(as: "viewer")
    let first = await browser.get("/changes").text
    #expect(first.contains("href=\"/changes?state=all&amp;before=2\">Older changes"))
    _ = try await Proposals.propose(on: stage)
    let next = await browser.get("/changes?state=all&before=2").text
    #expect(next.contains("href=\"/changes/1\""))
    #expect(!next.contains("href=\"/changes/2\""))
    #expect(!next.contains("Older changes"))
    try await stage.end()
  }

  @Test(
    arguments: [
      (
        "/changes", "No change was ever proposed", "/changes?state=done",
        "No change fits this filter"
      ),
      (
        "/deployments", "Nothing was deployed yet", "/deployments?area=image",
        "No deployment fits this filter"
      ),
      ("/todos", "Nothing is left to do", "/todos?state=done", "No TODO fits this filter"),
    ])
  func `an empty list says that nothing is there yet, that nothing fits, or that one may not look`(
    path: String, nothing: String, filtered: String, unfit: String
  ) async throws {
    let stage = try Stage()
    let browser = try await stage.browser(as: "viewer")
    let all = await browser.get(path).text
    #expect(all.contains("<h2>\(nothing)</h2>"))
    let some = await browser.get(filtered).text
    #expect(some.contains("<h2>\(unfit)</h2>"))
    #expect(some.contains("<p class=\"actions\"><a class=\"button\" href=\"\(path)\">"))
    let refused = await browser.get("/audit")
    #expect(refused.status == .forbidden)
    #expect(refused.text.contains("Your role does not let you"))
    try await stage.end()
  }
}
