import Rules
import Testing

/// A day in half-hours.
struct HealthStripTests {
  private let noon = Moment(ms: 1_795_953_600_000)

  private func later(_ stretches: Int64) -> Moment {
    noon.adding(ms: stretches * HealthStrip.stretchMs)
  }

  @Test func `the worst of a half-hour counts`() {
    var strip = HealthStrip(at: noon)
    strip.note(.good, at: noon)
    strip.note(.danger, at: noon.adding(ms: 10 * Span.minute))
    strip.note(.attention, at: noon.adding(ms: 29 * Span.minute))
    #expect(strip.healths == Array(repeating: nil, count: 47) + [.danger])
  }

  @Test func `what nobody looked at is empty, and what is older than a day is gone`() {
    var strip = HealthStrip(at: noon)
    strip.note(.attention, at: noon)
    strip.note(.good, at: later(3))
    #expect(strip.healths.suffix(4) == [.attention, nil, nil, .good])
    #expect(strip.until(later(47)).healths.first == .attention)
    #expect(strip.until(later(48)).healths.compactMap { $0 } == [.good])
    #expect(strip.until(later(500)) == HealthStrip(at: later(500)))
  }

  @Test func `a clock that was set back shows nothing of what is still to come`() {
    var strip = HealthStrip(at: noon)
    strip.note(.good, at: later(-1))
    strip.note(.danger, at: noon)
    #expect(strip.until(later(-1)).healths.last == .good)
    strip.note(.attention, at: later(-1))
    #expect(strip.healths.suffix(1) == [.attention])
  }

  @Test func `it is the same after it was kept`() throws {
    var strip = HealthStrip(at: noon)
    for (index, health) in Health.allCases.enumerated() {
      strip.note(health, at: later(Int64(index) * 2))
    }
    let kept = try #require(HealthStrip(text: strip.text, newestMs: strip.newestMs))
    #expect(kept == strip)
    #expect(strip.text.hasSuffix("-0-1-2-3"))
  }

  @Test(arguments: ["", String(repeating: "-", count: 47), String(repeating: "4", count: 48)])
  func `what is no strip is none`(text: String) {
    #expect(HealthStrip(text: text, newestMs: 0) == nil)
  }

  @Test(arguments: [Int64.min, .max, 0])
  func `moments at the ends of time do no harm`(ms: Int64) {
    let strip = HealthStrip(text: String(repeating: "0", count: 48), newestMs: ms)
    #expect(strip?.until(noon) == HealthStrip(at: noon))
  }

  @Test func `its edges are half-hours of the clock`() {
    let edges = HealthStrip(at: noon.adding(ms: 5 * Span.minute)).edges
    #expect(edges.count == 49)
    #expect(edges.last == noon.adding(ms: HealthStrip.stretchMs))
    #expect(edges.first == noon.adding(ms: HealthStrip.stretchMs - Span.day))
  }
}
