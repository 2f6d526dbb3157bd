import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// How many pages one person may ask for.
@Suite struct PageLimitTests {
  @Test func `who asks for too many pages waits, and nobody else does`() async throws {
    let stage = try Stage()
    let (hasty, other) = (
      try await stage.browser(as: "viewer"), try await stage.browser(as: "operator")
    )
    // Those of signing in are over.
    stage.clock.advance(ms: Span.minute)
    for _ in 0..<stage.portal.pageLimit.burst {
      #expect(await hasty.get("/account").status == .ok)
    }
    let refused = await hasty.get("/account")
    #expect(refused.status == .tooManyRequests)
    #expect(refused.headers[.retryAfter] == "1")
    #expect(refused.text.contains("Wait a second, then try again."))
    #expect(await hasty.post("/session/end").status == .tooManyRequests)
    #expect(await other.get("/account").status == .ok)
    #expect(await Browser(stage.portal).get("/sign-in").status == .ok)
    try await stage.end()
  }

  @Test func `a clock that is set back does not keep anybody waiting for longer`() async throws {
    let stage = try Stage()
    let browser = try await stage.browser(as: "viewer")
    for _ in 0..<stage.portal.pageLimit.burst { _ = await browser.get("/account") }
    stage.clock.advance(ms: -Span.minute / 2)
    #expect(await browser.get("/account").status == .tooManyRequests)
    stage.clock.advance(ms: stage.portal.pageLimit.refillMs)
    #expect(await browser.get("/account").status == .ok)
    try await stage.end()
  }

  @Test func `another session is the same person, and each moment of rest gives one page`()
    async throws
  {
    let stage = try Stage()
    let (one, other) = (
      try await stage.browser(as: "viewer"), try await stage.browser(as: "viewer")
    )
    for _ in 0..<stage.portal.pageLimit.burst { _ = await one.get("/account") }
    #expect(await other.get("/account").status == .tooManyRequests)
    for _ in 0..<3 {
      stage.clock.advance(ms: stage.portal.pageLimit.refillMs / 2)
      #expect(await other.get("/account").status == .tooManyRequests)
      stage.clock.advance(ms: stage.portal.pageLimit.refillMs / 2)
      #expect(await other.get("/account").status == .ok)
    }
    stage.clock.advance(ms: Span.minute)
    for _ in 0..<stage.portal.pageLimit.burst { #expect(await one.get("/account").status == .ok) }
    try await stage.end()
  }
}
