import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// A notifier that is down, slow, moved, or not what it should be.
@Suite struct NotifierDownTests {
  /// A stage with a notice on its way.
  private func waiting(
    _ manner: FakeReceiver.Manner, places: (inout NoticePlaces, FakeReceiver) -> Void = { _, _ in }
  ) async throws -> NoticeStage {
    let notices = try NoticeStage(manner, places: places)
    _ = try await Proposals.propose(on: notices.stage)
    return notices
  }

  private func problem(_ notices: NoticeStage) throws -> String {
    try #require(try notices.deliveries().first).problem
  }

  @Test func `one that is down is tried at growing distances, then shown as failed`() async throws {
    let notices = try await waiting(.answers(200))
    notices.receiver.stop()
    for wait in NoticeClock.waitsMs {
      await notices.send()
      #expect(try problem(notices).contains("nothing answers there"))
      #expect(try await notices.page().contains("Trying again"))
      notices.stage.clock.advance(ms: wait - 1)
      let tries = try notices.deliveries()[0].tries
      await notices.send()
      #expect(try notices.deliveries()[0].tries == tries)
      notices.stage.clock.advance(ms: 1)
    }
    await notices.send()
    let page = try await notices.page()
    #expect(page.contains("Given up after 6 of 6 tries."))
    #expect(page.contains("nothing answers there"))
    #expect(page.contains("Notices do not get out: 1 of the last day is not known to have"))
    notices.stage.clock.advance(ms: Span.day)
    await notices.send()
    #expect(try notices.deliveries()[0].tries == NoticeClock.triesMax)
    #expect(try await !notices.page().contains("Notices do not get out"))
    try await notices.end()
  }

  @Test func `one that is back gets what waited, and every page is quiet again`() async throws {
    let notices = try await waiting(.answers(503))
    await notices.send()
    #expect(try problem(notices) == "Webhook: it answered 503 and did not take it.")
    let browser = try await notices.stage.browser(as: "viewer")
    let banner = "Notices do not get out: 1 waits for another try."
    #expect(await browser.get("/changes").text.contains(banner))
    notices.receiver.become(.answers(200))
    notices.stage.clock.advance(ms: NoticeClock.waitsMs[0])
    await notices.send()
    #expect(notices.receiver.received.count == 2)
    #expect(try notices.deliveries()[0].outcome == "sent")
    #expect(await !browser.get("/changes").text.contains("Notices do not get out"))
    try await notices.end()
  }

  @Test(arguments: [FakeReceiver.Manner.isSilent, .hangsUp])
  func `one that does not answer what it was sent gets it once, and that is said`(
    manner: FakeReceiver.Manner
  ) async throws {
    let notices = try await waiting(manner)
    await notices.send()
    notices.stage.clock.advance(ms: Span.hour)
    await notices.send()
    #expect(notices.receiver.received.count == 1)
    #expect(try notices.deliveries()[0].outcome == "unknown")
    #expect(try problem(notices).contains("It may have arrived, so it is not sent again."))
    #expect(try await notices.page().contains("Unknown"))
    try await notices.end()
  }

  @Test func `one that sends on to another address is not followed`() async throws {
    let other = try FakeReceiver(.answers(200))
    let notices = try await waiting(.answers(307, to: "http://127.0.0.1:\(other.port)/"))
    await notices.send()
    #expect(other.received.isEmpty)
    #expect(try problem(notices).contains("which is not followed"))
    #expect(try notices.deliveries()[0].outcome == nil)
    other.stop()
    try await notices.end()
  }

  @Test func `a slow way keeps no other waiting`() async throws {
    let mail = try FakeReceiver(.takesMail())
    let notices = try NoticeStage(.isSilent) { places, _ in
      places.mailFrom = "caretaker@example.com"
      places.smtp = "smtp://127.0.0.1:\(mail.port)"
    }
    try notices.address("approver")
    _ = try await Proposals.propose(on: notices.stage)
    async let sending: Void = notices.send()
    try await wait { mail.received.count == 1 }
    #expect(try notices.deliveries().contains { $0.channel == .webhook && $0.problem.isEmpty })
    #expect(await (try notices.stage.browser(as: "viewer")).get("/changes").status == .ok)
    await sending
    mail.stop()
    try await notices.end()
  }

  @Test(arguments: [
    "https://127.0.0.1:1/x", "https://10.0.0.5/x", "https://169.254.169.254/latest/meta-data",
    "https://[::1]/x", "https://[fd00:ec2::254]/x", "https://[::ffff:192.168.0.1]/x",
    "https://localhost/x",
  ])
  func `an address of this machine or of a private network gets nothing`(url: String)
    async throws
  {
    let notices = try await waiting(.answers(200)) { places, _ in places.allowsLoopback = false }
    try Data(url.utf8).write(to: URL(fileURLWithPath: notices.webhookFile))
    await notices.send()
    #expect(try problem(notices).contains("of this machine or of a private network"))
    try await notices.end()
  }

  @Test func `without TLS nothing is sent`() async throws {
    let notices = try await waiting(.answers(200)) { places, _ in places.allowsLoopback = false }
    await notices.send()
    #expect(notices.receiver.received.isEmpty)
    #expect(try problem(notices).contains("does not begin with https://"))
    try await notices.end()
  }

  @Test func `the webhook's address is in no file of the data folder and on no page`() async throws
  {
    let notices = try await waiting(.answers(404))
    await notices.send()
    #expect(notices.receiver.received.count == 1)
    #expect(try notices.stage.files(holding: NoticeStage.token).isEmpty)
    #expect(try await !notices.page().contains(NoticeStage.token))
    try await notices.end()
  }

  @Test func `a file that is not there is a reason in words, not the end of the others`()
    async throws
  {
    let notices = try await waiting(.answers(200))
    try FileManager.default.removeItem(atPath: notices.webhookFile)
    await notices.send()
    #expect(try problem(notices).contains("The address of the webhook can't be read from"))
    try await notices.end()
  }

  @Test func `what was being sent when Caretaker ended is not sent to a room again`() async throws {
    let notices = try await waiting(.answers(200)) { places, _ in
      places.mailFrom = "caretaker@example.com"
    }
    try notices.address("approver")
    _ = try await Proposals.propose(on: notices.stage)
    let now = notices.stage.clock.now
    try await notices.stage.portal.storage.write { db in
      for number in try Int64.fetchAll(db, sql: "SELECT number FROM deliveries") {
        _ = try DeliveryStore.take(number, at: now, in: db)
      }
      try NoticeStore.begin([.webhook, .mail], at: now, in: db)
    }
    let deliveries = try notices.deliveries()
    #expect(deliveries.filter { $0.channel == .webhook }.allSatisfy { $0.outcome == "unknown" })
    let mail = try #require(deliveries.first { $0.channel == .mail })
    #expect(mail.outcome == nil && mail.nextTryAt == now.adding(ms: NoticeClock.waitsMs[0]))
    try await notices.end()
  }

  @Test func `what a mail server refuses is told in its words, and tried again`() async throws {
    let notices = try NoticeStage.ofMail(.takesMail(refusing: "450 mailbox busy"))
    try notices.address("approver")
    _ = try await Proposals.propose(on: notices.stage)
    await notices.send()
    #expect(try problem(notices).contains("the mail server answered “450 mailbox busy”"))
    notices.receiver.become(.takesMail())
    notices.stage.clock.advance(ms: NoticeClock.waitsMs[0])
    await notices.send()
    #expect(notices.receiver.received.count == 1)
    #expect(try notices.deliveries()[0].outcome == "sent")
    try await notices.end()
  }

  @Test func `a mail server that offers no TLS is told nothing`() async throws {
    let notices = try NoticeStage(.takesMail()) { places, receiver in
      places.mailFrom = "caretaker@example.com"
      places.smtp = "smtp://127.0.0.1:\(receiver.port)"
      places.webhookFile = nil
      places.allowsLoopback = false
    }
    try notices.address("approver")
    _ = try await Proposals.propose(on: notices.stage)
    await notices.send()
    #expect(notices.receiver.received.isEmpty)
    #expect(try problem(notices).hasPrefix("Mail server: "))
    #expect(try notices.deliveries()[0].outcome == nil)
    try await notices.end()
  }

  @Test func `what people write can't be a mention or a link in the room`() throws {
    let notice = Notice(
      kind: .decided, thread: "CR-1", subject: "CR-1: <!channel> & <http://x|y>", body: "b",
      path: "/changes/1")
    let delivery = NoticeDelivery(
      number: 1, tries: 1, channel: .webhook, notice: notice, noticeNumber: 1,
      madeAt: Moment(ms: 0), person: nil, address: nil, checkpoint: "")
    let places = NoticePlaces(address: "https://c.example", site: "blog")
    #expect(
      NoticeWay.text(of: delivery, in: places)
        == "CR-1: &lt;!channel&gt; &amp; &lt;http://x|y&gt;\nb\nhttps://c.example/changes/1")
  }
}
