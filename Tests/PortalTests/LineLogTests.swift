import Foundation
import Logging
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
