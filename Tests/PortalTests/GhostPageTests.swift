import Testing

@testable import Portal

@Suite struct GhostPageTests {
  @Test(arguments: [
    ("<h2>The currently active theme &quot;casper&quot; is missing.</h2>", "casper"),
    ("The currently active theme \"my-theme\" is missing.", "my-theme"),
    ("The currently active theme &#x22;a&#x22; is missing.", "a"),
    ("The currently active theme &#34;a&#34; is missing.", "a"),
    ("<p>The currently active theme has errors.</p>", nil),
    ("The currently active theme \"casper\" has fatal errors.", nil),
    ("", nil),
  ])
  func `a missing theme is read in what Ghost says`(body: String, theme: String?) {
    #expect(GhostPage.missingTheme(in: body) == theme)
  }

  @Test func `what the site endpoint tells is read, and anything else is not`() {
    func site(_ status: Int64, _ body: String) -> GhostPage.Site? {
      GhostPage.site(SiteProbe.Page(status: status, body: body))
    }
    let body = #"{"site": {"title": "Blog", "version": "5.87", "logo": null}}"#
    #expect(site(200, body)?.title == "Blog")
    #expect(site(200, body)?.version == "5.87")
    #expect(site(503, body) == nil)
    #expect(site(200, "<html>") == nil)
    #expect(GhostPage.site(nil) == nil)
  }

  @Test func `a long word from outside is cut`() {
    #expect(GhostPage.shown(String(repeating: "a", count: 1_000)).count == 200)
  }
}
