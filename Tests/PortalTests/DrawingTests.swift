import Foundation
import Mustache
import Rules
import Testing

@testable import Portal

/// Strips and charts say in words what they draw.
@Suite struct DrawingTests {
  private let now = Moment(ms: 1_795_348_800_000)

  private struct Strip: TemplateData {
    let beats: Beats
    static let fields: [Field<Strip>] = [.item("beats", { $0.beats })]
  }

  private func draw<Content: TemplateData>(_ content: Content, by name: String) throws -> String {
    let library = try Library(directory: Stage.root + "/Templates")
    return String(
      decoding: try library.template(name, for: Content.self).render(content), as: UTF8.self)
  }

  @Test func `the strip of a day says how it went, and each bar from when to when`() throws {
    var strip = HealthStrip(at: now)
    for (minutes, health) in [(60, Health.good), (30, .good), (0, .danger)] {
      strip.note(health, at: now.adding(ms: -Int64(minutes) * Span.minute))
    }
    var edges = EdgeWords(of: strip)
    let drawn = try draw(Strip(beats: Beats(strip, edges: &edges)), by: "parts/beats")
    #expect(drawn.contains("aria-label=\"Last 24 hours, half-hours: danger 1, good 2\""))
    let (from, to) = (now.adding(ms: -60 * Span.minute), now.adding(ms: 30 * Span.minute))
    #expect(drawn.contains("<title>Good, \(from.words) to \(now.words)</title>"))
    #expect(drawn.contains("<title>Danger, \(now.words) to \(to.words)</title>"))
    #expect(drawn.contains("<title>Not watched, "))
    #expect(drawn.components(separatedBy: "<rect").count == 4)
  }

  @Test func `a chart marks when changes ran, and has its figures as a table`() throws {
    let metric = try #require(Metric.all.first { $0.id == "service.cpu" })
    let drawn = try draw(
      Chart(
        metric: metric,
        points: [(now.adding(ms: -2 * Span.hour), 12.5), (now.adding(ms: -Span.minute), 50)],
        marks: [(now.adding(ms: -12 * Span.hour), "CR-7 ran")], now: now), by: "parts/chart")
    #expect(drawn.contains("x1=\"240.0\""))
    #expect(drawn.contains("<title>CR-7 ran</title>"))
    #expect(drawn.contains("Now 50 %; in 24 hours between 12.5 % and 50 %."))
    #expect(drawn.contains("<td class=\"num\" data-label=\"Lowest\">12.5 %</td>"))
    #expect(drawn.components(separatedBy: "<tr>").count == 4)
  }

  @Test func `figures that CloudWatch should not have stay within the chart`() throws {
    let metric = try #require(Metric.all.first { $0.id == "service.cpu" })
    let drawn = try draw(
      Chart(
        metric: metric,
        points: [(now.adding(ms: -Span.hour), -50), (now.adding(ms: -Span.minute), -1e300)],
        marks: [], now: now), by: "parts/chart")
    #expect(drawn.contains("460.0,78.0 479.7,78.0"), "\(drawn)")
  }
}
