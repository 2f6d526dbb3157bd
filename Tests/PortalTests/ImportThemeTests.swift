import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// Themes from commits, by the archives GitHub makes. In turn: there is one GitHub.
@Suite(.serialized) struct ImportThemeTests {
  private let github: FakeGitHub

  init() throws {
    github = try FakeGitHub.ofThemes.get()
    try github.reset()
  }

  private func imported(_ commit: String, on stage: Stage) async throws -> Response {
    try await stage.browser(as: "operator").post("/theme-imports", ["commit": commit])
  }

  private func head(on stage: Stage) async throws -> [GitHubCommit] {
    try await stage.portal.outside.cloud(stage.portal.configuration.sites[0]).github
      .commits(touching: "theme/")
  }

  private func theme(_ number: Int64, on stage: Stage) throws -> ThemeVersion? {
    try stage.portal.storage.readNow { try ThemeStore.find(number, site: "blog", in: $0) }
  }

  @Test func `the theme of a commit that the workflow deployed is kept, without the token leaking`()
    async throws
  {
    let stage = try Stage(github: github)
    let commit = try #require(try await head(on: stage).first)
    let answer = try await imported(String(commit.sha.prefix(12)), on: stage)
    #expect(answer.headers[.location] == "/themes/1?said=theme-kept")
    let theme = try #require(try theme(1, on: stage))
    #expect(theme.words == "ghost-blog-theme 1.4.0")
    #expect(theme.origin == commit.sha)
    #expect(theme.source == .workflow)
    #expect(try github.leaks() == 0)
    try await stage.end()
  }

  @Test
  func `a commit that was never deployed is kept as such, and what the workflow leaves out is out`()
    async throws
  {
    let stage = try Stage(github: github)
    try github.change(
      "commit",
      #"""
      {"message": "Theme: teal", "files": {"theme/assets/css/screen.css": "main {}\n",
       "theme/redirects.json": "[]", "theme/node_modules/x/index.hbs": "x"}}
      """#)
    let commit = try #require(try await head(on: stage).first)
    _ = try await imported(commit.sha, on: stage)
    #expect(try theme(1, on: stage)?.source == .commit)
    let report = try stage.portal.storage.readNow { try ThemeStore.report(of: 1, in: $0) }
    #expect(!report.files.contains { $0.path.contains("node_modules") })
    #expect(
      Set(report.leftOut.map { $0.split(separator: "/").last ?? "" })
        == ["redirects.json", "index.hbs"])
    try await stage.end()
  }

  @Test(arguments: [
    ("main", "Write the commit by its SHA"), ("", "Write the commit by its SHA"),
    ("0123456", "No commit found"), ("012345678901234567890123456789012345678901", "by its SHA"),
  ])
  func `what names no commit is told`(typed: String, words: String) async throws {
    let stage = try Stage(github: github)
    let answer = try await imported(typed, on: stage)
    #expect(answer.status == .unprocessableContent)
    #expect(answer.text.contains(words), "\(words)")
    try await stage.end()
  }

  @Test func `a commit without the theme's folder is told`() async throws {
    let stage = try Stage(github: github)
    let paths = [
      "package.json", "default.hbs", "index.hbs", "post.hbs", "assets/css/screen.css",
      "locales/en.json", "footer.hbs",
    ]
    let removed = paths.map { "\"theme/\($0)\": null" }.joined(separator: ", ")
    try github.change("commit", "{\"message\": \"No theme\", \"files\": {\(removed)}}")
    let commit = try #require(try await head(on: stage).first)
    let answer = try await imported(commit.sha, on: stage)
    #expect(answer.text.contains("The repository has no folder “theme/” at that commit."))
    try await stage.end()
  }

  @Test func `a link that is not valid any more, and a connection that breaks, keep nothing`()
    async throws
  {
    let stage = try Stage(github: github)
    let commit = try #require(try await head(on: stage).first)
    for fault in ["\"status\": 404", "\"drop\": \"before\""] {
      try github.change("faults", "[{\"path\": \"^downloads\", \"times\": null, \(fault)}]")
      let answer = try await imported(commit.sha, on: stage)
      #expect(answer.status == .unprocessableContent)
      #expect(answer.text.contains("GitHub"))
    }
    #expect(try theme(1, on: stage) == nil)
    try await stage.end()
  }

  @Test func `without a token the page says how to add one`() async throws {
    let stage = try Stage()
    let page = await (try stage.browser(as: "operator")).get("/themes").text
    for words in [
      "Without a GitHub token no commit can be brought in", "github_token_file",
      "ghost_key_file", "ghost_staff_token_file", "nothing can be deployed from here",
    ] {
      #expect(page.contains(words), "\(words)")
    }
    #expect(try await imported("0123456", on: stage).text.contains("github_token_file"))
    try await stage.end()
  }
}
