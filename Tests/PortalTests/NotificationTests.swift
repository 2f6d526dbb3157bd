import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// What happens is told to the right people, once.
@Suite struct NotificationTests {
  private let team = ["operator", "operator-2", "approver", "approver-2", "viewer"]

  private func mailStage() throws -> NoticeStage {
    let notices = try NoticeStage.ofMail()
    for login in team { try notices.address(login) }
    return notices
  }

  @Test func `a proposal comes to each who may approve it, not to who proposed it`() async throws {
    let notices = try mailStage()
    _ = try await Proposals.propose(on: notices.stage)
    #expect(try notices.told() == ["needs_review approver", "needs_review approver-2"])
    await notices.send()
    await notices.send()
    let letters = notices.receiver.received
    #expect(letters.count == 2)
    #expect(letters.contains { $0.contains("To: <approver@example.com>") })
    try await notices.end()
  }

  @Test func `a decision comes to the requester and to who voted, but not to who decided`()
    async throws
  {
    let notices = try mailStage()
    let number = try await Proposals.propose(on: notices.stage)
    try await Proposals.approve(number, on: notices.stage)
    #expect(try notices.told(after: 2) == ["decided operator"])
    let browser = try await notices.stage.browser(as: "approver-2")
    let stop = await browser.post("/changes/\(number)/revocation", ["note": "Not on a Sunday"])
    #expect(stop.status == .seeOther)
    #expect(try notices.told(after: 3) == ["decided operator", "decided approver"])
    try await notices.end()
  }

  @Test func `an approval taken back asks the others again`() async throws {
    let notices = try mailStage()
    let number = try await Proposals.propose(on: notices.stage)
    try await Proposals.approve(number, on: notices.stage)
    let digest = try notices.stage.change(number).digest
    let browser = try await notices.stage.browser(as: "approver")
    _ = await browser.post("/changes/\(number)/vote-withdrawal", ["digest": digest])
    #expect(try notices.told().last == "needs_review approver-2")
    try await notices.end()
  }

  @Test func `a run that ends comes to requester and voters, also one nobody knows the end of`()
    async throws
  {
    let notices = try mailStage()
    let number = try await Proposals.propose(on: notices.stage)
    try await Proposals.approve(number, on: notices.stage)
    let before = try notices.told().count
    let stage = notices.stage
    let runner = try stage.person("operator-2")
    try stage.portal.storage.writeNow { db in
      try ExecutionStore.begin(
        ChangeStore.find(number, in: db), by: runner, as: .person(runner), approvers: [],
        emergency: nil, boot: stage.portal.boot, under: .notNeeded, at: stage.clock.now, in: db)
      for state in [ChangeState.unknown, .succeeded] {
        try ChangeStore.move(
          ChangeStore.find(number, in: db), to: state, why: "w", by: .portal,
          at: stage.clock.now, in: db)
      }
    }
    let both = ["ended operator", "ended approver"]
    #expect(try notices.told(after: before) == both + both)
    try await notices.end()
  }

  @Test func `a change about to expire is told of once, to requester and approvers`() async throws {
    let notices = try mailStage()
    _ = try await Proposals.propose(on: notices.stage)
    let reconciler = Reconciler(
      storage: notices.stage.portal.storage, outside: notices.stage.portal.outside,
      log: Stage.silence)
    let within = notices.stage.portal.configuration.firstPolicy.reviewWithinMs
    notices.stage.clock.advance(ms: within - Span.hour - 1)
    try await reconciler.sweep()
    #expect(try notices.told().count == 2)
    notices.stage.clock.advance(ms: 1)
    try await reconciler.sweep()
    try await reconciler.sweep()
    let expiring = ["operator", "approver", "approver-2"].map { "expiring \($0)" }
    #expect(try notices.told(after: 2) == expiring)
    notices.stage.clock.advance(ms: Span.hour + 1)
    try await reconciler.sweep()
    #expect(try notices.told(after: 5) == ["decided operator"])
    try await notices.end()
  }

  @Test func `an emergency comes to everybody, and once to the room`() async throws {
    let notices = try NoticeStage { places, _ in places.mailFrom = "caretaker@example.com" }
    for login in team { try notices.address(login) }
    let browser = try await notices.stage.browser(as: "operator")
    let form = ["reason": "Ghost is down", "password": Stage.password]
    #expect(await browser.post("/emergencies", form).status == .seeOther)
    let told = try notices.told()
    #expect(Set(told) == Set((team + ["webhook"]).map { "break_glass \($0)" }))
    #expect(told.count == team.count + 1)
    try await notices.end()
  }

  @Test func `one says what one is told and where, and others can't see the address`() async throws
  {
    let notices = try NoticeStage.ofMail()
    let browser = try await notices.stage.browser(as: "approver")
    let saved = await browser.post(
      "/notification-choices",
      ["address": " approver@example.com ", "needs_review-mail": "yes"])
    #expect(saved.headers[.location] == "/notifications?said=notices-chosen")
    #expect(try notices.stage.auditTypes().last == "notices.chosen")
    _ = try await Proposals.propose(on: notices.stage)
    #expect(try notices.told() == ["needs_review approver"])
    #expect(try await notices.page(as: "approver").contains("approver@example.com"))
    #expect(try await !notices.page(as: "approver-2").contains("approver@example.com"))
    _ = await browser.post("/notification-choices", ["address": "approver@example.com"])
    _ = try await Proposals.propose(on: notices.stage)
    #expect(try notices.told().count == 1)
    try await notices.end()
  }

  @Test func `what is no address is refused with what was typed, and nothing is kept`() async throws
  {
    let notices = try NoticeStage.ofMail()
    let browser = try await notices.stage.browser(as: "viewer")
    let answer = await browser.post("/notification-choices", ["address": "x@y>, z@example.com"])
    #expect(answer.text.contains("is no address for mail"))
    #expect(answer.text.contains("value=\"x@y&gt;, z@example.com\""))
    #expect(!(try notices.stage.auditTypes().contains("notices.chosen")))
    try await notices.end()
  }

  @Test func `without any way the page says what to write into the configuration`() async throws {
    let stage = try Stage()
    let text = await (try stage.browser(as: "operator")).get("/notifications").text
    #expect(text.contains("webhook_file: /etc/caretaker/webhook"))
    #expect(text.contains("Nobody is told of anything"))
    #expect(!text.contains("Send a test"))
    let example = text.split(separator: "tabindex=\"0\">")[1].prefix { $0 != "<" }
    let sites = """

      data: /d
      sites:
        - name: Blog
          stack: S
          region: us-west-2
          ghost_url: https://blog.example.com
          repository: example/blog
      """
    let read = try Configuration.parse(String(example) + sites, name: "c", environment: [:])
    #expect(read.notices?.channels == Set(Notice.Channel.allCases))
    let answer = await (try stage.browser(as: "operator")).post("/notices/test")
    #expect(answer.text.contains("There is nowhere to send a test to."))
    try await stage.end()
  }

  @Test func `a test arrives, is in the log, and stands on the page as sent`() async throws {
    let notices = try NoticeStage()
    let browser = try await notices.stage.browser(as: "operator")
    let answer = await browser.post("/notices/test")
    #expect(answer.headers[.location] == "/notifications?said=notices-tested")
    #expect(try notices.stage.auditTypes().last == "notices.tested")
    await notices.send()
    let request = try #require(notices.receiver.received.first)
    #expect(request.hasPrefix("POST /services/\(NoticeStage.token) HTTP/1.1"))
    #expect(request.contains("This is a test"))
    #expect(try await notices.page().contains("Sent"))
    try await notices.end()
  }

  @Test func `choices and tests are in the log without an address, and it is as sound`()
    async throws
  {
    let notices = try NoticeStage.ofMail()
    let browser = try await notices.stage.browser(as: "operator")
    _ = await browser.post("/notification-choices", ["address": "quill@example.com"])
    _ = await browser.post("/notices/test")
    let path = notices.stage.database
    #expect(try Verifiers.verdict(on: path).exitCode == 2)
    let log = await (try notices.stage.browser(as: "auditor")).get("/audit").text
    #expect(log.contains("chose what to be told of, and how"))
    #expect(log.contains("had a test notice sent"))
    try notices.stage.portal.storage.readNow { db in
      for bytes in try Data.fetchAll(db, sql: "SELECT bytes FROM audit") {
        #expect(bytes.range(of: Data("quill@".utf8)) == nil)
      }
    }
    try await notices.end()
  }

  @Test func `no link of a notice decides: getting its page changes nothing`() async throws {
    let notices = try NoticeStage()
    let number = try await Proposals.propose(on: notices.stage)
    await notices.send()
    let body = try #require(notices.receiver.received.first).replacing("\\/", with: "/")
    let links = body.matches(of: /https?:\/\/[^\s"\\]+/).map { String($0.output) }
    #expect(links == ["https://caretaker.example.com/changes/\(number)"])
    let before = try notices.stage.auditTypes()
    let approver = try await notices.stage.browser(as: "approver")
    let signedIn = try notices.stage.auditTypes()
    #expect(await approver.get("/changes/\(number)").status == .ok)
    #expect(await Browser(notices.stage.portal).get("/changes/\(number)").status == .seeOther)
    #expect(try notices.stage.change(number).storedState == .pending)
    #expect(try notices.stage.auditTypes() == signedIn)
    #expect(before + ["session.started"] == signedIn)
    try await notices.end()
  }

  @Test func `every notice of a change is in one thread of mail`() async throws {
    let notices = try mailStage()
    let number = try await Proposals.propose(on: notices.stage)
    try await Proposals.approve(number, on: notices.stage)
    await notices.send()
    func field(_ name: String) -> [String] {
      notices.receiver.received.compactMap { letter in
        letter.components(separatedBy: "\r\n").first { $0.hasPrefix("\(name): ") }
      }
    }
    let thread = "<cr-\(number).caretaker.example.com@example.com>"
    #expect(field("References") == Array(repeating: "References: \(thread)", count: 3))
    #expect(Set(field("Subject")).count == 1 && field("Subject")[0].contains("CR-\(number): "))
    #expect(Set(field("Message-ID")).count == 3)
    try await notices.end()
  }

  @Test func `no subject makes a line of a mail longer than mail allows`() {
    let plain = String(repeating: "content/images/", count: 100)
    let stacked = "a" + String(repeating: "\u{301}", count: 200)
    for subject in [plain, stacked] {
      let lines = Letter.encoded(subject).components(separatedBy: "\r\n ")
      #expect(lines.count > 1 && lines.allSatisfy { $0.utf8.count <= 75 }, "\(lines)")
    }
    #expect(Letter.encoded("CR-7: Scale Ghost") == "CR-7: Scale Ghost")
  }

  @Test func `an address goes with the person, and no file holds it`() async throws {
    let notices = try NoticeStage.ofMail(.takesMail(refusing: "550 no QuillFeather@example.org"))
    try notices.give("viewer-2", "quillfeather@example.org")
    let person = try notices.stage.person("viewer-2")
    _ = try await notices.stage.portal.storage.write { [now = notices.stage.clock.now] db in
      try NoticeStore.add(.test(at: now), for: [person], at: now, in: db)
    }
    await notices.send()
    #expect(try notices.deliveries()[0].problem.contains("550 no the address"))
    try notices.stage.accounts().disable(login: "viewer-2")
    _ = try notices.stage.accounts().erase(login: "viewer-2")
    #expect(try notices.stage.files(holding: "quillfeather").isEmpty)
    notices.stage.clock.advance(ms: Span.hour)
    await notices.send()
    #expect(try notices.deliveries()[0].outcome == "failed")
    try await notices.end()
  }

  @Test func `what was given up is sent again when somebody says so`() async throws {
    let notices = try NoticeStage(.answers(400))
    _ = await (try notices.stage.browser(as: "operator")).post("/notices/test")
    for _ in 0..<NoticeClock.triesMax {
      await notices.send()
      notices.stage.clock.advance(ms: 6 * Span.hour)
    }
    let given = try #require(try notices.deliveries().first)
    #expect(given.outcome == "failed")
    #expect(try await notices.page().contains("Try again now"))
    notices.receiver.become(.answers(200))
    let browser = try await notices.stage.browser(as: "operator")
    let answer = await browser.post("/deliveries/\(given.number)/retry")
    #expect(answer.headers[.location] == "/notifications?said=notice-retried")
    #expect(try notices.stage.auditTypes().last == "notice.retried")
    await notices.send()
    #expect(try notices.deliveries().first?.outcome == "sent")
    let again = await browser.post("/deliveries/\(given.number)/retry")
    #expect(again.text.contains("That notice has been sent"))
    try await notices.end()
  }

  @Test func `a mail ends with the log's checkpoint, which both verifiers take as an anchor`()
    async throws
  {
    let notices = try NoticeStage.ofMail()
    try notices.address("operator")
    let stage = notices.stage
    await stage.portal.signLog()
    let person = try stage.person("operator")
    _ = try stage.portal.storage.writeNow { [now = stage.clock.now] in
      try NoticeStore.add(.test(at: now), for: [person], at: now, in: $0)
    }
    await notices.send()
    let mail = try #require(notices.receiver.received.first)
    let body = mail.components(separatedBy: "\r\n\r\n")[1].filter { !$0.isNewline && $0 != "." }
    let data = try #require(Data(base64Encoded: body))
    let text = String(decoding: data, as: UTF8.self).replacing("\r\n", with: "\n")
    let note = try #require(text.components(separatedBy: "held against it:\n\n").last)
    let folder = stage.folder + "-anchors"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try note.write(toFile: folder + "/mail", atomically: true, encoding: .utf8)
    let database = stage.database
    #expect(try Verifiers.verdict(on: database).exitCode == 2)
    #expect(try Verifiers.verdict(on: database, anchors: folder).exitCode == 0)
    try await notices.end()
  }
}
