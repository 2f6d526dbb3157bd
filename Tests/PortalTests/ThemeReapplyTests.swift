import AWS
import Foundation
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// Themes that Ghost has lost or older ones of, and uploads nobody answers. In turn with the other
/// deployments.
extension ThemeDeployTests {
  /// What was left to do about a lost theme, beside what other checks found.
  private func offers(on stage: Stage) throws -> [Todo] {
    try stage.portal.storage.readNow { try TodoStore.open(in: $0) + TodoStore.done(in: $0) }
      .filter { $0.title.hasPrefix("Re-apply the theme") || $0.source?.finding == "site.theme" }
  }

  /// A portal that has seen twice that a theme deployed from here is gone with Ghost's task.
  private func afterALoss() async throws -> (stage: Stage, theme: Int64) {
    let stage = try stage()
    let theme = try await keep("1.5.0", on: stage)
    _ = try await deployed(theme, on: stage)
    try await poll(stage)
    try blog.control("restart", "{}")
    for _ in 0..<2 {
      stage.clock.advance(ms: Span.minute)
      try await poll(stage)
    }
    return (stage, theme)
  }

  @Test
  func `a theme lost with its task is found, and the change that puts it back is offered once`()
    async throws
  {
    let (stage, theme) = try await afterALoss()
    let found = try stage.portal.storage.readNow {
      try FindingStore.find("site.theme", site: "blog", at: stage.clock.now, in: $0)
    }
    #expect(found.finding.outcome == .fail)
    #expect(found.finding.mend == Mend("theme.deploy", ["theme": "\(theme)"]))
    let browser = try await stage.browser(as: "operator")
    let page = await browser.get("/changes").text
    #expect(page.components(separatedBy: "Re-apply the theme ghost-blog-theme 1.5.0").count > 2)
    #expect(try offers(on: stage).map(\.isOpen) == [true])
    let again = try await proposed("theme=\(theme)", on: stage)
    #expect(try stage.change(again).plan.guarding == .logged)
    #expect(try stage.change(again).plan.restoresService)
    _ = try await run(again, on: stage)
    #expect(try await stage.settled(again) == .succeeded)
    stage.clock.advance(ms: Span.minute)
    try await poll(stage)
    #expect(
      try stage.portal.storage.readNow {
        try FindingStore.find("site.theme", site: "blog", at: stage.clock.now, in: $0)
      }.finding.outcome == .pass)
    #expect(try offers(on: stage).map(\.isOpen) == [false])
    let after = await browser.get("/changes").text
    // The change that did it has the words too; what was left to do is gone with its draft.
    #expect(after.components(separatedBy: "Re-apply the theme").count == 2)
    try await stage.end()
  }

  @Test func `what was offered is taken back as well where another version came instead`()
    async throws
  {
    let (stage, _) = try await afterALoss()
    #expect(try offers(on: stage).map(\.isOpen) == [true])
    _ = try await deployed(try await keep("1.6.0", on: stage), on: stage)
    stage.clock.advance(ms: Span.minute)
    try await poll(stage)
    #expect(try offers(on: stage).map(\.isOpen) == [false])
    try await stage.end()
  }

  @Test func `an older version than the last deployed is found too`() async throws {
    let stage = try stage()
    let theme = try await keep("1.5.0", on: stage)
    _ = try await deployed(theme, on: stage)
    let zip = NSTemporaryDirectory() + "older-\(UUID().uuidString).zip"
    try Data(try ThemeZip.theme("1.3.9")).write(to: URL(fileURLWithPath: zip))
    let ghost = stage.portal.outside.cloud(stage.portal.configuration.sites[0]).ghost
    let size = try #require(FileManager.default.contents(atPath: zip)?.count)
    _ = try await ghost.uploadTheme(
      HTTPFile(reading: zip), byteCount: size, digest: "0123456789", name: ThemeZip.name)
    try await poll(stage)
    let found = try stage.portal.storage.readNow {
      try FindingStore.find("site.theme-version", site: "blog", at: stage.clock.now, in: $0)
    }
    #expect(found.finding.outcome == .fail)
    #expect(
      found.finding.state
        == "Ghost has ghost-blog-theme 1.3.9, and 1.5.0 was deployed from here last.")
    try FileManager.default.removeItem(atPath: zip)
    try await stage.end()
  }

  @Test func `a key that Ghost does not take is told on the page, with what to do`() async throws {
    let key = NSTemporaryDirectory() + "key-\(UUID().uuidString)"
    let wrong = String(repeating: "0", count: 24) + ":" + String(repeating: "0", count: 64)
    try Data(wrong.utf8).write(to: URL(fileURLWithPath: key))
    let stage = try Stage(blog: blog) { $0.ghostKeyFile = key }
    try await poll(stage)
    let page = await (try stage.browser(as: "viewer")).get("/themes").text
    #expect(page.contains("Ghost does not accept the key: Unknown Admin API Key."))
    try FileManager.default.removeItem(atPath: key)
    try await stage.end()
  }

  @Test func `a Ghost that never answers an upload is given up, and it is unknown`() async throws {
    let stage = try stage()
    let theme = try await keep("1.5.0", on: stage)
    let version = try #require(
      try stage.portal.storage.readNow { try ThemeStore.find(theme, site: "blog", in: $0) })
    try blog.control(
      "faults", "[{\"method\": \"POST\", \"path\": \"themes/upload\", \"hang\": \"before\"}]")
    let ghost = stage.portal.outside.cloud(stage.portal.configuration.sites[0]).ghost
    let file = try HTTPFile(
      reading: stage.portal.themeLibrary.folder.place(of: version.sha256))
    do {
      _ = try await ghost.uploadTheme(
        file, byteCount: Int(version.bytes), digest: version.sha256, name: version.name,
        withinMs: 500)
      Issue.record("it was answered")
    } catch let error as GhostError {
      #expect(error.effect == .unknown)
      #expect(error.sentence.contains("no answer came in time. It may have been done."))
    }
    try await stage.end()
  }
}
