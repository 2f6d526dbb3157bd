import Foundation
import HTTP
import HTTPTypes
import Testing
import WireClient

@testable import Portal

/// Pages that go on by themselves, as they are sent to who has them open.
extension WorkflowTests {
  /// A run that waits, and the portal behind a port.
  private struct Followed {
    let stage: Stage
    let browser: Browser
    let listener: Listener
    let port: Int
    let run: Int64

    var page: String { "/workflows/runs/\(run)" }

    func follow(_ page: String, _ fields: String = "") throws -> Client {
      let client = try Client(port: port)
      client.send(
        "GET /events?of=\(page)&after= HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
          + "Cookie: \(browser.cookie)\r\n\(fields)\r\n")
      return client
    }

    func end(_ clients: Client...) async throws {
      for client in clients { client.close() }
      try await listener.stop()
    }
  }

  private func followed() async throws -> Followed {
    let stage = try await stage()
    let github = cloud(on: stage).github
    let run = try #require(
      try await github.dispatch("image-deploy.yml", on: "main", inputs: [:]))
    let listener = try Listener(stage.portal)
    return Followed(
      stage: stage, browser: try await stage.browser(as: "operator"), listener: listener,
      port: try listener.start(), run: run)
  }

  @Test func `a page is sent as it goes on, until it is over`() async throws {
    let followed = try await followed()
    let client = try followed.follow(followed.page)
    try await client.next("Content-Type: text/event-stream; charset=utf-8\r\n")
    try await client.next("\nid: ")
    try await client.next("It waits for a machine of GitHub")
    try github.advance(seconds: 125)
    try await client.next("It runs: deploy, step “")
    try github.advance(seconds: 300)
    try await client.next("It succeeded after")
    #expect(try await client.rest().hasSuffix("\n\n\r\n0\r\n\r\n"))
    try await followed.end(client)
  }

  @Test func `who comes again is sent only what they have not seen`() async throws {
    let followed = try await followed()
    let first = try followed.follow(followed.page)
    try await first.next("\nid: ")
    let seen = try await first.next("\n").dropLast()
    let again = try followed.follow(followed.page, "Last-Event-ID: \(seen)\r\n")
    try await again.next("retry: 2000\n\n")
    try github.advance(seconds: 125)
    let next = try await again.next("It runs: deploy, step “")
    #expect(!next.contains("id: \(seen)\n"))
    try await followed.end(first, again)
  }

  @Test func `who is signed out meanwhile is told to go and see`() async throws {
    let followed = try await followed()
    let client = try followed.follow(followed.page)
    try await client.next("It waits for a machine of GitHub")
    _ = await followed.browser.post("/session/end")
    try await client.next("event: gone\n")
    try await followed.end(client)
  }

  @Test func `who follows enough already is told so, and others are not`() async throws {
    let followed = try await followed()
    var clients: [Client] = []
    for _ in 0..<Followers.pagesMax {
      let client = try followed.follow(followed.page)
      try await client.next("It waits for a machine of GitHub")
      clients.append(client)
    }
    let over = try followed.follow(followed.page)
    try await over.next("event: busy\n")
    // Whoever has gone is noticed by the end of their connection.
    clients.removeLast().reset()
    var isLetIn = false
    for _ in 0..<100 where !isLetIn {
      let next = try followed.follow(followed.page)
      try await next.next("retry: 2000\n\n")
      isLetIn = try await !next.next("\n\n").contains("event: busy")
      next.close()
    }
    #expect(isLetIn)
    for client in clients { client.close() }
    over.close()
    try await followed.end()
  }

  @Test(arguments: [
    "/resources", "/nowhere", "//workflows/runs/1", "https://evil.example/", "/events?of=/images",
    "/changes/1/approval", "",
  ])
  func `what is no page that goes on is not followed`(page: String) async throws {
    let stage = try await stage()
    let browser = try await stage.browser(as: "operator")
    let answer = await browser.get("/events?of=\(percentEncoded(page))")
    #expect(answer.status == .notFound)
    try await stage.end()
  }
}
