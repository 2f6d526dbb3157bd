import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// The checks of the installation itself, as the page and `caretaker check` have them.
@Suite struct ChecksTests {
  /// Closes the database to others, as the command's mask does.
  private func close(_ stage: Stage) throws {
    for name in ["caretaker.sqlite", "caretaker.sqlite-wal"] {
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o600], ofItemAtPath: "\(stage.folder)/\(name)")
    }
  }

  private func own(_ stage: Stage, wholly: Bool = false) async -> [String: SelfCheck] {
    let installation = Installation(
      configuration: stage.portal.configuration, outside: stage.portal.outside)
    let found = await installation.checks(clockLeadMs: 0, wholly: wholly)
    return Dictionary(found.map { ($0.what, $0) }) { first, _ in first }
  }

  @Test func `a portal that was just set up says what is missing, and what is good`() async throws {
    let stage = try Stage()
    try close(stage)
    let found = await own(stage, wholly: true)
    #expect(found["Files"]?.standing == .good)
    #expect(found["Listening"]?.standing == .good)
    #expect(found["Database"]?.standing == .good)
    #expect(found["Database, read whole"]?.standing == .good)
    #expect(found["Backups"]?.standing == .absent)
    #expect(found["Restore drill"]?.standing == .advised)
    #expect(found["Anchors of the log"]?.standing == .absent)
    #expect(found["Second factors"]?.state.hasPrefix("6 of those") == true)
    #expect(found["People"]?.state == "10 can sign in, 2 of them as administrators.")
    try await stage.end()
  }

  @Test func `what became unsafe is said by the page, with what to do`() async throws {
    let stage = try Stage()
    try close(stage)
    let key = stage.folder + "/audit.key"
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: key)
    stage.disk.leave(freeBytes: 1 << 20)
    stage.clock.advance(ms: -Span.hour)
    let found = await own(stage)
    #expect(found["Files"]?.remedy == "Run: chmod go-rwx \(key)")
    #expect(found["Disk"]?.standing == .unsafe)
    #expect(found["Clock"]?.standing == .unsafe)
    stage.clock.advance(ms: Span.hour)
    let page = await (try stage.browser(as: "administrator")).get("/setup/checks")
    #expect(page.status == .ok)
    #expect(page.text.contains("This installation") && page.text.contains("are unsafe"))
    #expect(page.text.contains("chmod go-rwx \(key)"))
    let order = Checks.Part(name: "", checks: Array(found.values)).checks.map(\.standing)
    #expect(order.first == .unsafe && order.last == .good)
    let refused = await (try stage.browser(as: "operator")).get("/setup/checks")
    #expect(refused.status == .forbidden)
    try await stage.end()
  }

  @Test func `a database of another version is left alone and says so`() async throws {
    let stage = try Stage()
    try stage.portal.storage.writeNow { db in
      try db.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('9999-later')")
    }
    let found = await own(stage)
    #expect(found["Database"]?.state.contains("9999-later") == true)
    #expect(found["People"] == nil)
    try await stage.end()
  }

  @Test func `where nothing was started yet nothing is made`() async throws {
    let stage = try Stage()
    try await stage.portal.close()
    try FileManager.default.removeItem(atPath: stage.folder)
    let found = await own(stage)
    #expect(found["Database"]?.standing == .absent)
    #expect(!FileManager.default.fileExists(atPath: stage.folder))
  }

  @Test func `a token of the metrics that can't be used is unsafe`() async throws {
    let place = MetricsPlace(address: "127.0.0.1", port: 0, tokenFile: "/tmp/no-such-token")
    let stage = try Stage(metrics: place)
    let found = await own(stage)
    #expect(found["Metrics"]?.standing == .unsafe)
    try await stage.end()
  }

  @Test func `many sites are tried side by side, and told in their order`() async throws {
    let stage = try Stage(siteCount: 20)
    let parts = await stage.portal.checks.parts()
    let names = stage.portal.configuration.sites.map(\.name)
    #expect(parts.map(\.name) == ["This installation"] + names)
    #expect(parts.dropFirst().allSatisfy { !$0.checks.isEmpty })
    try await stage.end()
  }
}
