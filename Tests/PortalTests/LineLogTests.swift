import Foundation
import HTTP
import HTTPTypes
import Logging
import Rules
import Synchronization
import Testing

@testable import Portal

/// The portal's own log, as lines.
@Suite struct LineLogTests {
  /// What a stranger may have sent: lines, colours, marks that turn text around, quotes.
  private static let hostile = "a\r\nb\u{1B}[31mc\u{202E}d\u{2028}e\"f\\g\u{0}"

  private func line(isJSON: Bool) -> String {
    let lines = Mutex("")
    let log = Logger(label: "test") { _ in
      LineLogHandler(isJSON: isJSON, nowMs: { 1_795_348_800_000 }) { line in
        lines.withLock { $0 += line }
      }
    }
    log.notice("GET /\(Self.hostile) 200", metadata: ["id": "abc", "path": "\(Self.hostile)"])
    return lines.withLock { $0 }
  }

  @Test func `a line of text stays one, whatever somebody sent`() {
    let line = line(isJSON: false)
    #expect(line.hasPrefix("2026-11-22T12:00:00.000Z notice id=abc path="))
    let inside = line.dropLast().unicodeScalars
    #expect(line.hasSuffix("\n") && inside.allSatisfy { $0.properties.generalCategory != .control })
    #expect(!inside.contains("\u{202E}") && !inside.contains("\u{2028}"))
    #expect(line.contains(#"a\u{D}\u{A}b\u{1B}[31mc\u{202E}d"#))
  }

  @Test func `a request's line has its route, its reference and who was signed in, by number`()
    async throws
  {
    let log = CapturedLog()
    let stage = try Stage(log: log.logger)
    let browser = try await stage.browser(as: "operator")
    let person = try stage.person("operator").id
    _ = await browser.get("/people/\(person)")
    let line = try #require(
      log.text.split(separator: "\n").last { $0.hasPrefix("GET /people/") })
    #expect(line.contains("\"route\": GET /people/:person"))
    #expect(line.contains("\"person\": \(person)") && line.contains("\"id\": "))
    #expect(!line.lowercased().contains("operator"))
    _ = await Browser(stage.portal).get("/no/such/page")
    let stranger = try #require(log.text.split(separator: "\n").last { $0.contains("/no/such") })
    #expect(stranger.contains("\"route\": none") && !stranger.contains("person"))
    try await stage.end()
  }

  @Test func `a line below the level is not even made`() {
    let lines = Mutex("")
    var handler = LineLogHandler(isJSON: false, nowMs: { 0 }) { line in
      lines.withLock { $0 += line }
    }
    handler.logLevel = .notice
    let log = Logger(label: "test") { [handler] _ in handler }
    var made = 0
    func words() -> String {
      made += 1
      return "words"
    }
    log.info("\(words())", metadata: ["id": "\(words())"])
    #expect(made == 0 && lines.withLock(\.isEmpty))
    log.notice("\(words())")
    #expect(made == 1 && lines.withLock { $0.hasSuffix("notice words\n") })
  }

  @Test func `a line of JSON is an object that says what was logged, letter by letter`() throws {
    let line = line(isJSON: true)
    #expect(line.split(separator: "\n").count == 1)
    let fields = try JSONDecoder().decode([String: String].self, from: Data(line.utf8))
    #expect(
      fields == [
        "time": "2026-11-22T12:00:00.000Z", "level": "notice", "id": "abc",
        "message": "GET /\(Self.hostile) 200", "path": Self.hostile,
      ])
  }
}
