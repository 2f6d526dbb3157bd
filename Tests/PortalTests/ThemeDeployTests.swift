import AWS
import Foundation
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// Versions of the theme, sent to a Ghost that behaves as the real one does. In turn: there is one
/// blog.
@Suite(.serialized) struct ThemeDeployTests {
  let blog: FakeBlog

  init() throws {
    blog = try FakeBlog.ofThemes.get()
    try blog.reset()
  }

  func stage(hasStaff: Bool = true) throws -> Stage {
    try Stage(blog: blog) { if !hasStaff { $0.ghostStaffTokenFile = nil } }
  }

  /// Puts a version into the library.
  func keep(
    _ version: String, name: String = ThemeZip.name, style: String = "main {}\n", on stage: Stage
  ) async throws -> Int64 {
    let draft = try await stage.portal.themeLibrary.draft()
    try ThemeZip.theme(version, name: name, style: style).withUnsafeBytes { try draft.write($0) }
    return try await stage.portal.themeLibrary.add(
      draft, source: .upload, origin: "theme.zip", site: "blog", by: try stage.person("operator")
    ).number
  }

  func preview(_ theme: Int64, on stage: Stage) async throws -> Response {
    await (try stage.browser(as: "operator"))
      .get("/changes/preview?kind=theme.deploy&theme=\(theme)")
  }

  func proposed(_ query: String, on stage: Stage) async throws -> Int64 {
    let number = try await Proposals.propose(
      "kind=theme.deploy&" + query, reason: "the new look", on: stage)
    if try stage.change(number).storedState == .pending {
      try await Proposals.approve(number, on: stage)
    }
    return number
  }

  func run(_ number: Int64, on stage: Stage) async throws -> Response {
    try await stage.browser(as: "operator-2").run(number)
  }

  func deployed(_ theme: Int64, on stage: Stage) async throws -> Int64 {
    let number = try await proposed("theme=\(theme)", on: stage)
    #expect(try await run(number, on: stage).status == .seeOther)
    #expect(try await stage.settled(number) == .succeeded)
    return number
  }

  func poll(_ stage: Stage) async throws {
    await stage.portal.poll(stage.portal.means(at: stage.portal.configuration.sites[0]))
  }

  /// The page of a change, as text.
  func story(_ number: Int64, on stage: Stage) async throws -> String {
    await (try stage.browser(as: "viewer")).get("/changes/\(number)").text
  }

  @Test func `a version is kept, sent, seen on the home page, and what it overwrote is kept`()
    async throws
  {
    let stage = try stage()
    let theme = try await keep("1.5.0", on: stage)
    let number = try await deployed(theme, on: stage)
    #expect(try blog.themes().contains { $0.active && $0.version == "1.5.0" })
    let plan = try stage.change(number).plan
    #expect(plan.guarding == .guarded)
    #expect(plan.steps.map(\.operation) == ["DownloadTheme", "UploadTheme"])
    #expect(plan.steps[1].recovery == .setTo)
    let before = try #require(
      try stage.portal.storage.readNow {
        try ThemeStore.find(keptBefore: plan.change, site: "blog", in: $0)
      })
    #expect(before.words == "ghost-blog-theme 1.4.0")
    #expect(before.personName == nil)
    try await poll(stage)
    let page = await (try stage.browser(as: "operator")).get("/themes").text
    for words in [
      "ghost-blog-theme 1.5.0 is active.", "deployed last", "Roll back to this",
      "kept from Ghost before it was overwritten", "Re-apply this",
    ] {
      #expect(page.contains(words), "\(words)")
    }
    try await stage.end()
  }

  @Test func `a roll back is two clicks, and what puts it back is drafted`() async throws {
    let stage = try stage()
    let newer = try await keep("1.5.0", on: stage)
    let first = try await deployed(newer, on: stage)
    let before = try #require(
      try stage.portal.storage.readNow {
        try ThemeStore.find(
          keptBefore: try ChangeStore.find(first, in: $0).id, site: "blog", in: $0)
      })
    let second = try await deployed(before.number, on: stage)
    #expect(try blog.themes().contains { $0.active && $0.version == "1.4.0" })
    #expect(try stage.change(second).plan.inverse?.form == ["theme": "\(newer)"])
    // The first one's way back names what it kept; it leads to the same version.
    let inverse = try #require(try stage.change(first).plan.inverse?.form["kept_before"])
    let again = await (try stage.browser(as: "operator"))
      .get("/changes/preview?kind=theme.deploy&kept_before=\(inverse)")
    #expect(again.status == .unprocessableContent)
    #expect(again.text.contains("Ghost has exactly these files of ghost-blog-theme 1.4.0 already"))
    try await stage.end()
  }

  @Test func `a theme of another name is sent under its own, and made the active one`()
    async throws
  {
    let stage = try stage()
    let other = try await keep("0.1.0", name: "fresh", on: stage)
    let page = try await preview(other, on: stage).text
    #expect(page.contains("in place of ghost-blog-theme"))
    let number = try await deployed(other, on: stage)
    #expect(
      try stage.change(number).plan.steps.map(\.operation) == ["UploadTheme", "ActivateTheme"])
    #expect(try blog.themes().filter(\.active).map(\.name) == ["fresh"])
    try await stage.end()
  }

  @Test func `without a staff token the home page tells, and what is not kept is said`()
    async throws
  {
    let stage = try stage(hasStaff: false)
    let theme = try await keep("1.5.0", on: stage)
    let page = try await preview(theme, on: stage).text
    #expect(page.contains("what Ghost has now is not kept before it is overwritten"))
    #expect(page.contains("told by what the home page says"))
    let number = try await deployed(theme, on: stage)
    #expect(try stage.change(number).plan.steps.map(\.operation) == ["UploadTheme"])
    #expect(try blog.calls("GET", "/download/").isEmpty)
    try await stage.end()
  }

  @Test(arguments: [
    (
      #"{"status": 422, "content_type": "application/json", "body": "ERR"}"#,
      #"{"errors":[{"message":"Please select a theme.","type":"ValidationError"}]}"#,
      "Please select a theme."
    ),
    (
      #"{"status": 415, "content_type": "application/json", "body": "ERR"}"#,
      #"{"errors":[{"message":"Please select a valid zip file.","type":"Unsupported"}]}"#,
      "Please select a valid zip file."
    ),
    (
      #"{"status": 413, "content_type": "text/html", "body": "too large"}"#, "",
      "Ghost POST /themes/upload/: HTTP 413"
    ),
    (
      #"{"status": 403, "content_type": "application/json", "body": "ERR"}"#,
      #"{"errors":[{"message":"API tokens do not have permission","type":"NoPermissionError"}]}"#,
      "The key may not do this"
    ),
    (
      #"{"status": 501, "content_type": "application/json", "body": "ERR"}"#,
      #"{"errors":[{"message":"not supported","type":"NotImplementedError"}]}"#,
      "The key may not do this"
    ),
  ])
  func `what Ghost refuses has changed nothing, and is told in its words`(
    fault: String, body: String, words: String
  ) async throws {
    let stage = try stage()
    let theme = try await keep("1.5.0", on: stage)
    let number = try await proposed("theme=\(theme)", on: stage)
    let escaped = body.replacingOccurrences(of: "\"", with: "\\\"")
    let order = fault.replacingOccurrences(of: "ERR", with: escaped)
    try blog.control(
      "faults", "[{\"method\": \"POST\", \"path\": \"themes/upload\", \(order.dropFirst())]")
    _ = try await run(number, on: stage)
    // What was there was kept first, so the change is known to be done in part, and no further.
    #expect(try await stage.settled(number) == .failedPartial)
    #expect(try await story(number, on: stage).contains(words))
    #expect(try blog.themes().contains { $0.active && $0.version == "1.4.0" })
    try await stage.end()
  }

  @Test func `a theme that Ghost finds wrong is told by file and rule`() async throws {
    let stage = try stage(hasStaff: false)
    let files = ThemeZip.files("1.5.0").merging(["index.hbs": "{{#foreach posts\n"]) { $1 }
    let draft = try await stage.portal.themeLibrary.draft()
    try ThemeZip.pack(files).withUnsafeBytes { try draft.write($0) }
    let theme = try await stage.portal.themeLibrary.add(
      draft, source: .upload, origin: "a.zip", site: "blog", by: nil
    ).number
    let number = try await proposed("theme=\(theme)", on: stage)
    _ = try await run(number, on: stage)
    #expect(try await stage.settled(number) == .failedNoEffect)
    let story = try await story(number, on: stage)
    #expect(story.contains("is not compatible or contains errors"))
    #expect(story.contains("Templates must contain valid Handlebars (index.hbs)"))
    try await stage.end()
  }

  @Test(arguments: ["before", "after"])
  func `a lost answer is unknown, and what is seen on Ghost tells`(drop: String) async throws {
    let stage = try stage()
    let theme = try await keep("1.5.0", on: stage)
    let number = try await proposed("theme=\(theme)", on: stage)
    try blog.control(
      "faults", "[{\"method\": \"POST\", \"path\": \"themes/upload\", \"drop\": \"\(drop)\"}]")
    _ = try await run(number, on: stage)
    #expect(try await stage.settled(number) == .unknown)
    try await poll(stage)
    if drop == "after" {
      #expect(try stage.change(number).storedState == .succeeded)
      #expect(
        try stage.portal.storage.readNow {
          try ThemeDeployments.last(site: "blog", in: $0)?.theme.number
        } == theme)
    } else {
      #expect(try stage.change(number).storedState == .unknown)
      let answer = try await stage.browser(as: "operator-2").resume(number)
      #expect(answer.status == .seeOther)
      #expect(try await stage.settled(number) == .succeeded)
    }
    #expect(try blog.themes().contains { $0.active && $0.version == "1.5.0" })
    try await stage.end()
  }

  @Test(arguments: [503, 504])
  func `an upload answered by a gateway may have been taken, so it is unknown`(
    status: Int
  ) async throws {
    let stage = try stage()
    let theme = try await keep("1.5.0", on: stage)
    let number = try await proposed("theme=\(theme)", on: stage)
    try blog.control(
      "faults", "[{\"method\": \"POST\", \"path\": \"themes/upload\", \"status\": \(status)}]")
    _ = try await run(number, on: stage)
    #expect(try await stage.settled(number) == .unknown)
    #expect(try blog.calls("POST", "/themes/upload/").isEmpty)
    try await stage.end()
  }

  @Test func `where nothing tells, a lost answer stays unknown until a person has looked`()
    async throws
  {
    let stage = try stage(hasStaff: false)
    // The same version as the page says it has: its mark tells nothing.
    let theme = try await keep("1.4.0", on: stage)
    let number = try await proposed("theme=\(theme)", on: stage)
    #expect(try stage.change(number).plan.steps.first?.recovery == .oneShot)
    try blog.control(
      "faults", "[{\"method\": \"POST\", \"path\": \"themes/upload\", \"drop\": \"after\"}]")
    _ = try await run(number, on: stage)
    #expect(try await stage.settled(number) == .unknown)
    for _ in 0..<2 { try await poll(stage) }
    #expect(try stage.change(number).storedState == .unknown)
    try await stage.end()
  }

  @Test func `a Ghost that is restarting is waited for, and nothing is sent to it meanwhile`()
    async throws
  {
    let stage = try stage()
    let theme = try await keep("1.5.0", on: stage)
    let number = try await proposed("theme=\(theme)", on: stage)
    // What the run reads before it begins goes well; then Ghost restarts.
    let before = try blog.calls("GET", "settings/").count
    let plan = try stage.change(number).plan
    let site = stage.portal.configuration.sites[0]
    _ = try await ChangeKind.themeDeploy.read(stage.portal.means(at: site), plan)
    let read = try blog.calls("GET", "settings/").count - before
    try blog.control(
      "faults",
      #"[{"path": "settings/", "skip": \#(read), "times": null, "status": 503}]"#)
    #expect(try await run(number, on: stage).status == .seeOther)
    try await Task.sleep(for: .seconds(1))
    #expect(try stage.change(number).storedState == .executing)
    #expect(try blog.calls("POST", "themes/upload/").isEmpty)
    try blog.control("faults", "[]")
    #expect(try await stage.settled(number) == .succeeded)
    #expect(try blog.calls("POST", "themes/upload/").count == 1)
    try await stage.end()
  }

  @Test func `a change whose theme was overwritten meanwhile is stale`() async throws {
    let stage = try stage()
    let theme = try await keep("1.5.0", on: stage)
    let number = try await proposed("theme=\(theme)", on: stage)
    let other = try await keep("1.6.0", on: stage)
    _ = try await deployed(other, on: stage)
    #expect(try await run(number, on: stage).status == .conflict)
    #expect(try stage.change(number).storedState == .stale)
    try await stage.end()
  }

  @Test func `an archive that is not the approved one is not sent`() async throws {
    let stage = try stage(hasStaff: false)
    let theme = try await keep("1.5.0", on: stage)
    let number = try await proposed("theme=\(theme)", on: stage)
    let digest = try #require(try stage.change(number).plan.parameters["sha256"])
    try Data("x".utf8).write(
      to: URL(fileURLWithPath: stage.portal.themeLibrary.folder.place(of: digest)))
    _ = try await run(number, on: stage)
    #expect(try await stage.settled(number) == .failedNoEffect)
    #expect(try await story(number, on: stage).contains("is not the one that was approved"))
    #expect(try blog.calls("POST", "/themes/upload/").isEmpty)
    try await stage.end()
  }

  @Test func `a version about to be deployed, or deployed last, stays in the library`()
    async throws
  {
    let stage = try stage()
    let theme = try await keep("1.5.0", on: stage)
    let number = try await proposed("theme=\(theme)", on: stage)
    let browser = try await stage.browser(as: "operator")
    let open = await browser.post("/themes/\(theme)/end")
    #expect(open.status == .conflict)
    #expect(open.text.contains("CR-\(number) is about to deploy it."))
    _ = try await run(number, on: stage)
    #expect(try await stage.settled(number) == .succeeded)
    let last = await browser.post("/themes/\(theme)/end")
    #expect(last.text.contains("It is the version that was deployed last"))
    try await stage.end()
  }
}
