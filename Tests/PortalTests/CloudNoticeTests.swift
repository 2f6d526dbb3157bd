import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// Notices by SES and SNS, and findings that turn red, against the AWS peer.
@Suite(.serialized) struct CloudNoticeTests: CloudSuite {
  let peer: CloudPeer

  init() throws {
    peer = try CloudPeer.ofNotices.get()
    try peer.reset()
  }

  private func cloudStage(topic: String? = nil) throws -> NoticeStage {
    try NoticeStage(endpoint: peer.url) { places, _ in
      places.webhookFile = nil
      places.mailFrom = topic == nil ? "caretaker@example.com" : nil
      places.topic = topic
    }
  }

  @Test func `mail that the sandbox refuses is told in words that name no address`() async throws {
    let notices = try cloudStage()
    try notices.give("approver", "somebody@elsewhere.example")
    try notices.give("approver-2", "success@simulator.amazonses.com")
    _ = try await Proposals.propose(on: notices.stage)
    await notices.send()
    let deliveries = try notices.deliveries()
    let refused = try #require(deliveries.first { $0.person == "Approver" })
    #expect(refused.outcome == nil && refused.problem.contains("not verified"))
    #expect(!refused.problem.contains("somebody@"))
    #expect(deliveries.first { $0.person == "Approver-2" }?.outcome == "sent")
    #expect(try peer.calls("SendEmail").map(\.status).sorted() == [200, 400])
    #expect(try peer.violations().isEmpty)
    try await notices.end()
  }

  @Test func `a topic is told once, and one that is not there is said`() async throws {
    let topics = "arn:aws:sns:us-west-2:123456789012:"
    let notices = try cloudStage(topic: topics + "GhostInfraStack-Alarms")
    _ = try await Proposals.propose(on: notices.stage)
    await notices.send()
    await notices.send()
    #expect(try peer.calls("Publish").count == 1)
    #expect(try peer.violations().isEmpty)
    #expect(try notices.deliveries().map(\.outcome) == ["sent"])
    try await notices.end()
    let missing = try cloudStage(topic: topics + "nobody")
    _ = try await Proposals.propose(on: missing.stage)
    await missing.send()
    #expect(try missing.deliveries()[0].problem.contains("SNS Publish"))
    try await missing.end()
  }

  @Test func `a finding that turns red comes to who chose it, once, and not at the first look`()
    async throws
  {
    let notices = try cloudStage()
    try notices.address("viewer", "operator")
    let browser = try await notices.stage.browser(as: "viewer")
    _ = await browser.post(
      "/notification-choices", ["address": "viewer@example.com", "finding_red-mail": "yes"])
    try await poll(notices.stage)
    #expect(try notices.told().isEmpty)
    let red = try notices.stage.portal.storage.readNow { [now = notices.stage.clock.now] db in
      try FindingStore.all(site: "blog", at: now, in: db).filter { $0.finding.health == .danger }
    }
    #expect(!red.isEmpty)
    try notices.stage.portal.storage.writeNow { db in
      try db.execute(sql: "UPDATE findings SET outcome = 'pass' WHERE outcome = 'fail'")
      try db.execute(sql: "UPDATE finding_turns SET outcome = 'pass' WHERE outcome = 'fail'")
    }
    notices.stage.clock.advance(ms: Span.minute)
    try await poll(notices.stage)
    #expect(try notices.told() == ["finding_red viewer"])
    let body = try #require(try notices.deliveries().first).body
    #expect(body.hasPrefix(red.count == 1 ? "A finding has" : "\(red.count) findings have"))
    notices.stage.clock.advance(ms: Span.minute)
    try await poll(notices.stage)
    #expect(try notices.told().count == 1)
    try await notices.end()
  }
}
