import Foundation
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// The way out of SES's sandbox, against the AWS peer. The tests take turns.
@Suite(.serialized) struct MailTests: CloudSuite {
  let peer: CloudPeer

  init() throws {
    peer = try CloudPeer.ofMail.get()
    try peer.reset()
  }

  private static let useCase =
    "We send sign-in links, confirmations and invitations to people who typed their own address "
    + "on the site and confirmed it. Newsletters go through another provider. Bounces and "
    + "complaints are suppressed at once, and alarms tell us of rates."

  private func fields(_ change: [String: String] = [:]) -> [String: String] {
    [
      "mail_type": "TRANSACTIONAL", "website": "https://blog.example.com", "language": "EN",
      "use_case": Self.useCase, "contacts": "ops@example.com",
    ].merging(change) { $1 }
  }

  /// Keeps a version of the request and gives its number.
  private func written(_ change: [String: String] = [:], on stage: Stage) async throws -> Int64 {
    let browser = try await stage.browser(as: "operator")
    let answer = await browser.post("/mail/requests", fields(change))
    #expect(answer.status == .seeOther)
    let location = try #require(answer.headers[.location])
    return try #require(
      Int64(location.split(separator: "/").last?.prefix { $0.isNumber } ?? ""))
  }

  private func desk(_ stage: Stage) async throws -> String {
    await (try stage.browser(as: "operator")).get("/mail").text
  }

  private func poll(_ stage: Stage, advancing ms: Int64) async throws {
    stage.clock.advance(ms: ms)
    try await poll(stage)
  }

  @Test func `the request is written, checked, approved, sent once, and followed to the answer`()
    async throws
  {
    let stage = try await stage()
    #expect(try await desk(stage).contains("SES is in the sandbox in us-west-2"))
    let version = try await written(on: stage)
    let answers = await (try stage.browser(as: "viewer")).get("/mail/requests/\(version)").text
    #expect(answers.contains("Bounces and complaints are suppressed at once"))
    let query = "kind=ses.production&request=\(version)"
    let number = try await proposed(query, on: stage)
    #expect(try stage.change(number).storedState == .pending)
    #expect(try peer.calls("PutAccountDetails").isEmpty)
    try await Proposals.approve(number, on: stage)
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .succeeded)
    #expect(try peer.calls("PutAccountDetails").count == 1)
    try await poll(stage, advancing: Span.minute)
    let waiting = try await desk(stage)
    #expect(waiting.contains("AWS reviews the request for us-west-2"))
    #expect(waiting.contains("Support case "))
    #expect(!waiting.contains("Write the request"))
    #expect(try await Proposals.refusal(query, on: stage).contains("AWS reviews a request already"))
    try peer.change("ses", #"{"status": "GRANTED"}"#)
    try await poll(stage, advancing: Span.minute)
    let granted = try await desk(stage)
    #expect(granted.contains("Mail goes to anybody, from us-west-2"))
    #expect(granted.contains("Open sign-up again if it was closed"))
    #expect(!granted.contains("What the sandbox breaks"))
    for words in ["Seen: Sandbox", "Seen: Under review", "Seen: Production", "Version \(version)"] {
      #expect(granted.contains(words), "\(words)")
    }
    #expect(try await Proposals.refusal(query, on: stage).contains("has production access already"))
    #expect(try stage.auditTypes().filter { $0 == "mail.standing_seen" }.count == 3)
    try await stage.end()
  }

  @Test(arguments: [
    ("DENIED", "AWS has said no for us-west-2", "a new request is not taken while it stands"),
    ("FAILED", "AWS did not receive the request", "Send the same request again"),
    ("PENDING", "AWS reviews the request", "note here what was asked and answered"),
  ])
  func `each answer of AWS is told with what to do next`(
    status: String, state: String, advice: String
  ) async throws {
    let stage = try await stage()
    try peer.change("ses", #"{"status": "\#(status)"}"#)
    try await poll(stage, advancing: Span.minute)
    let page = try await desk(stage)
    #expect(page.contains(state))
    #expect(page.contains(advice))
    try await stage.end()
  }

  @Test func `after no answer in the same case is the way, after a fault the same request is`()
    async throws
  {
    let stage = try await stage()
    let query = "kind=ses.production&request=\(try await written(on: stage))"
    try peer.change("ses", #"{"status": "DENIED"}"#)
    #expect(try await Proposals.refusal(query, on: stage).contains("answer in case 10000000000000"))
    try peer.change("ses", #"{"status": "FAILED"}"#)
    #expect(try await done(query, on: stage) == .succeeded)
    #expect(try peer.calls("PutAccountDetails").count == 1)
    try await stage.end()
  }

  @Test func `a request somebody has sent meanwhile makes the change stale, and none is sent`()
    async throws
  {
    let stage = try await stage()
    let number = try await ready(
      "kind=ses.production&request=\(try await written(on: stage))", on: stage)
    try peer.change("ses", #"{"status": "PENDING"}"#)
    #expect(try await run(number, on: stage).status == .conflict)
    #expect(try stage.change(number).storedState == .stale)
    #expect(try peer.calls("PutAccountDetails").isEmpty)
    try await stage.end()
  }

  @Test func `a conflict that AWS answers is said, and nothing was done`() async throws {
    let stage = try await stage()
    try peer.faults(
      #"""
      [{"service": "sesv2", "operation": "PutAccountDetails", "status": 409, "times": 1,
        "code": "ConflictException", "message": "There is already an ongoing update under review"}]
      """#)
    let number = try await ready(
      "kind=ses.production&request=\(try await written(on: stage))", on: stage)
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .failedNoEffect)
    let page = await (try stage.browser(as: "viewer")).get("/changes/\(number)").text
    #expect(page.contains("under review"))
    try await stage.end()
  }

  @Test(arguments: ["before", "after"])
  func `a request whose answer is lost is not sent again by itself`(drop: String) async throws {
    let stage = try await stage()
    let number = try await ready(
      "kind=ses.production&request=\(try await written(on: stage))", on: stage)
    try peer.faults(
      #"[{"service": "sesv2", "operation": "PutAccountDetails", "times": 1, "drop": "\#(drop)"}]"#)
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .unknown)
    for _ in 0..<20 where try stage.change(number).storedState == .unknown {
      try await Task.sleep(for: .milliseconds(200))
      try await poll(stage)
    }
    #expect(try stage.change(number).storedState == (drop == "after" ? .succeeded : .unknown))
    #expect(try peer.calls("PutAccountDetails").count == 1)
    try await stage.end()
  }

  @Test(
    arguments: [
      (["use_case": "We send mail."], "Describe in 200 characters or more"),
      (["use_case": String(repeating: "long ", count: 1_001)], "AWS takes 5000. Shorten it."),
      (["contacts": ""], "Write one to four contact addresses"),
      (["contacts": "a@b.example\nc"], "“c” is not an address."),
      (["website": "blog.example.com"], "Write the site&#39;s whole address"),
      (["mail_type": "SPAM"], "Choose the kind of mail."),
    ] as [([String: String], String)])
  func `a request that AWS would not take is kept, with what is wrong, and is not previewed`(
    change: [String: String], words: String
  ) async throws {
    let stage = try await stage()
    let version = try await written(change, on: stage)
    let browser = try await stage.browser(as: "operator")
    let answers = await browser.get("/mail/requests/\(version)").text
    #expect(answers.contains("It can’t be sent like this."))
    #expect(answers.contains(words))
    #expect(!answers.contains("Preview sending it"))
    #expect(
      try await Proposals.refusal("kind=ses.production&request=\(version)", on: stage).contains(
        words))
    let again = await browser.get("/mail/request?base=\(version)").text
    #expect(again.contains("Version \(version)"))
    try await stage.end()
  }

  @Test func `the first text is made of what is known, with gaps for what nobody has said`()
    async throws
  {
    let stage = try await stage()
    let browser = try await stage.browser(as: "operator")
    let first = await browser.get("/mail/request").text
    #expect(first.contains("[how many mails a day, and how many at most]"))
    #expect(first.contains("Newsletters are not sent through Amazon SES."))
    let note = ["row": "volume", "note": "About 40 a day, 300 on a busy one."]
    #expect(await browser.post("/mail/checks", note).status == .seeOther)
    let second = await browser.get("/mail/request").text
    #expect(second.contains("Volume: About 40 a day, 300 on a busy one."))
    #expect(try await desk(stage).contains("said to be so"))
    try await stage.end()
  }

  @Test func `the checklist follows what was read, and leads to the changes that mend it`()
    async throws
  {
    let stage = try await stage()
    let before = try await desk(stage)
    #expect(before.contains("0 of 2 such alarms tell somebody."))
    #expect(before.contains("/changes/preview?domain=bounce."))
    #expect(try await done("kind=ses.mail-from&domain=bounce.example.com", on: stage) == .succeeded)
    try await poll(stage)
    let pending = try await desk(stage)
    #expect(pending.contains("type=MX"))
    let record =
      "kind=dns.record&act=create&type=MX&ttl=300&name=bounce.example.com"
      + "&values=10%20feedback-smtp.us-west-2.amazonses.com"
    #expect(try await done(record, on: stage) == .succeeded)
    try await poll(stage)
    #expect(try await desk(stage).contains("The MAIL FROM domain is bounce.example.com."))
    for to in MailReadiness.simulators {
      #expect(
        try await done("kind=ses.test&to=\(to)@simulator.amazonses.com", on: stage) == .succeeded)
    }
    #expect(try await desk(stage).contains("To success, bounce and complaint."))
    try await stage.end()
  }

  @Test func `a test mail to somebody the sandbox does not know is refused in AWS's words`()
    async throws
  {
    let stage = try await stage()
    let other = try await ready("kind=ses.test&to=bounce@elsewhere.example", on: stage)
    #expect(try stage.change(other).plan.effects == ["It can't be called back."])
    let number = try await ready("kind=ses.test&to=reader@elsewhere.example", on: stage)
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .failedNoEffect)
    let page = await (try stage.browser(as: "viewer")).get("/changes/\(number)").text
    #expect(page.contains("Email address is not verified"))
    #expect(
      try await done("kind=ses.identity&address=reader@elsewhere.example", on: stage) == .succeeded)
    try await stage.end()
  }

  @Test func `letters are noted with their day, listed, and never hold a secret`() async throws {
    let stage = try await stage()
    let browser = try await stage.browser(as: "operator")
    let day = Day(stage.clock.now).iso
    let letter = ["from": "aws", "day": day, "text": "How do you handle bounces?\nPlease tell us."]
    #expect(await browser.post("/mail/letters", letter).status == .seeOther)
    let page = try await desk(stage)
    #expect(page.contains("AWS wrote") && page.contains("How do you handle bounces?"))
    let later = Day(number: Day(stage.clock.now).number + 2).iso
    for (change, words) in [
      (["day": later], "not one to come"), (["day": "soon"], "Give the day"),
      (["text": ""], "Write or paste"), (["from": "x"], "Say whether AWS or you"),
      (["text": "key AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"], "access key"),
    ] {
      let refused = await browser.post("/mail/letters", letter.merging(change) { $1 })
      #expect(refused.status == .unprocessableContent, "\(words)")
      #expect(refused.text.contains(words), "\(words)")
    }
    #expect(try stage.auditTypes().filter { $0 == "mail.letter_noted" }.count == 1)
    try await stage.end()
  }
}
