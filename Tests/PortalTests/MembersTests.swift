import Foundation
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// Members, against a Ghost that behaves as the real one does and SES's sandbox. In turn: there is
/// one of each.
@Suite(.serialized) struct MembersTests: CloudSuite {
  let peer: CloudPeer
  let blog: FakeBlog

  init() throws {
    peer = try CloudPeer.ofMembers.get()
    blog = try FakeBlog.ofMembers.get()
    try peer.reset()
    try blog.reset()
  }

  private func stage(site: (inout Site) -> Void = { _ in }) async throws -> Stage {
    let stage = try Stage(endpoint: peer.url, blog: blog, site: site)
    try await poll(stage)
    return stage
  }

  private static let open = "kind=ghost.members&members_signup_access=all"
  private static let close = "kind=ghost.members&members_signup_access=none"
  private static let exception = "&exception=Jo%20signs%20up%20two%20testers%20on%20Monday"

  private func page(_ path: String = "/members", on stage: Stage) async throws -> String {
    await (try stage.browser(as: "operator")).get(path).text
  }

  private func outcome(_ id: String, on stage: Stage) throws -> Finding.Outcome? {
    try stage.portal.storage.readNow { [now = stage.clock.now] db in
      try FindingStore.all(site: "blog", at: now, in: db).first { $0.finding.id == id }?
        .finding.outcome
    }
  }

  /// Somebody sets a setting in Ghost admin.
  private func set(_ json: String) throws { try blog.control("settings", json) }

  private func puts() throws -> Int { try blog.calls("PUT", "/settings/").count }

  @Test func `each setting is told with what it means while SES is in the sandbox`() async throws {
    let stage = try await stage()
    let page = try await page(on: stage)
    for words in [
      "Sign-up is for anybody, and SES is in the sandbox.", "Who signs up gets no link",
      "Every page asks readers to sign up.", "noreply@example.com, which nobody reads.",
      "or they are locked out.", "Portal plans", "It is set as mail__from",
      "Nobody has decided yet", "What to put back once SES mails anybody",
    ] {
      #expect(page.contains(words), "\(words)")
    }
    #expect(try outcome("members.open-in-sandbox", on: stage) == .fail)
    #expect(try outcome("members.decision", on: stage) == .fail)
    #expect(try outcome("members.button-only", on: stage) == .pass)
    #expect(try outcome("members.support-address", on: stage) == .pass)
    #expect(try await self.page("/mail", on: stage).contains("href=\"/members\""))
    #expect(try await self.page("/resources/members", on: stage).contains("portal_plans"))
    try await stage.end()
  }

  @Test func `a hidden button and a lost support address are found`() async throws {
    let stage = try await stage()
    try set(#"{"portal_button": false, "members_support_address": "jo@elsewhere.example"}"#)
    try await poll(stage)
    #expect(try outcome("members.button-only", on: stage) == .fail)
    #expect(try outcome("members.support-address", on: stage) == .fail)
    #expect(try await page(on: stage).contains("Hidden, not disabled: #/portal/signup still opens"))
    try await stage.end()
  }

  @Test func `without a key the settings are not known, and the key to name is told`() async throws
  {
    let stage = try await stage { $0.ghostKeyFile = nil }
    let page = try await page(on: stage)
    #expect(page.contains("Ghost’s settings have not been read yet."))
    #expect(page.contains("name the file as ghost_key_file of the site"))
    for id in ["members.open-in-sandbox", "members.button-only", "members.decision"] {
      #expect(try outcome(id, on: stage) == .noData, "\(id)")
    }
    try await stage.end()
  }

  @Test func `closing needs nobody else, and the danger is over at the next poll`() async throws {
    let stage = try await stage()
    let number = try await proposed(Self.close + "&portal_button=off", on: stage)
    let plan = try stage.change(number).plan
    #expect(plan.guarding == .logged)
    #expect(plan.title == "Members: Sign-up none instead of all, Portal button off instead of on")
    #expect(
      plan.steps.map(\.parameters)
        == [["members_signup_access": "none", "portal_button": "false"]])
    #expect(
      plan.inverse?.form == ["members_signup_access": "all", "portal_button": "on"])
    #expect(try await run(number, on: stage).status == .seeOther)
    #expect(try await settled(number, on: stage) == .succeeded)
    try await poll(stage)
    #expect(try outcome("members.open-in-sandbox", on: stage) == .pass)
    #expect(try await page(on: stage).contains("No page asks readers to sign up."))
    try await stage.end()
  }

  @Test func `in the sandbox sign-up opens by a named exception alone, and with a second person`()
    async throws
  {
    let stage = try await stage()
    try set(#"{"members_signup_access": "none"}"#)
    for query in [Self.open, Self.open + "&exception=%20", "\(Self.open)&portal_button=off"] {
      let words = try await Proposals.refusal(query, on: stage)
      #expect(words.contains("SES is in the sandbox: whoever signs up gets no link"))
      #expect(words.contains("name the exception"))
    }
    let long = Self.open + "&exception=" + String(repeating: "x", count: 201)
    #expect(try await Proposals.refusal(long, on: stage).contains("longer than 200 characters"))
    let number = try await proposed(Self.open + Self.exception, on: stage)
    let plan = try stage.change(number).plan
    #expect(plan.guarding == .guarded)
    #expect(plan.title.hasSuffix("by exception: Jo signs up two testers on Monday"))
    #expect(plan.parameters["exception"] == "Jo signs up two testers on Monday")
    #expect(plan.effects.contains { $0.contains("gets no link, and Ghost shows them an error") })
    #expect(try await run(number, on: stage).status == .conflict)
    #expect(try puts() == 0)
    try await Proposals.approve(number, on: stage)
    // An exception that is needed no more does no harm.
    try peer.change("ses", #"{"status": "GRANTED"}"#)
    #expect(try await run(number, on: stage).status == .seeOther)
    #expect(try await settled(number, on: stage) == .succeeded)
    #expect(try puts() == 1)
    try await stage.end()
  }

  @Test func `a button that leads to an open sign-up is an opening too`() async throws {
    let stage = try await stage()
    try set(#"{"portal_button": false}"#)
    let show = "kind=ghost.members&portal_button=on"
    #expect(try await Proposals.refusal(show, on: stage).contains("name the exception"))
    try set(#"{"members_signup_access": "none"}"#)
    let number = try await proposed(show, on: stage)
    #expect(try stage.change(number).plan.guarding == .logged)
    // Once sign-up is open again, the same button would open it to readers.
    try set(#"{"members_signup_access": "all"}"#)
    #expect(try await run(number, on: stage).status == .conflict)
    #expect(try stage.change(number).storedState == .stale)
    #expect(try puts() == 0)
    try await stage.end()
  }

  @Test func `out of the sandbox sign-up opens with a second person, and the list says so`()
    async throws
  {
    let stage = try await stage()
    try set(#"{"members_signup_access": "none"}"#)
    try peer.change("ses", #"{"status": "GRANTED"}"#)
    try await poll(stage)
    let page = try await page(on: stage)
    #expect(page.contains("SES mails anybody: what to put back"))
    #expect(page.contains("Open sign-up again, and show the Portal button with it."))
    #expect(page.contains("members_signup_access=all"))
    let number = try await ready(Self.open, on: stage)
    #expect(try stage.change(number).plan.guarding == .guarded)
    #expect(try stage.change(number).plan.parameters["exception"] == nil)
    // Back in the sandbox it does not stand any more.
    try peer.change("ses", #"{"status": "DENIED"}"#)
    #expect(try await run(number, on: stage).status == .conflict)
    #expect(try stage.change(number).storedState == .stale)
    #expect(try puts() == 0)
    try await stage.end()
  }

  @Test func `a setting that Ghost drops without a word is a failed change, in words`() async throws
  {
    let stage = try await stage()
    try blog.change(#"{"drops_setting": "members_support_address"}"#)
    let query = "kind=ghost.members&members_support_address=jo@example.com"
    let number = try await proposed(query, on: stage)
    #expect(try await run(number, on: stage).status == .seeOther)
    #expect(try await settled(number, on: stage) == .failedNoEffect)
    let story = try await page("/changes/\(number)", on: stage)
    #expect(
      story.contains("Ghost answered 200 and left members_support_address at “noreply”"))
    #expect(story.contains("Nothing was changed."))
    try await stage.end()
  }

  @Test func `what Ghost took in part is not done, and what it dropped is named`() async throws {
    let stage = try await stage()
    try blog.change(#"{"drops_setting": "members_support_address"}"#)
    let number = try await proposed(
      Self.close + "&members_support_address=jo@example.com", on: stage)
    #expect(try await run(number, on: stage).status == .seeOther)
    let state = try await stage.settled(number) { stage.clock.advance(ms: Span.minute / 12) }
    #expect(state == .failedPartial)
    let story = try await page("/changes/\(number)", on: stage)
    #expect(story.contains("Support address is noreply instead of jo@example.com."))
    #expect(story.contains("it drops without a word"))
    try await stage.end()
  }

  @Test(arguments: ["before", "after"])
  func `a lost answer is unknown, and what Ghost tells settles it`(drop: String) async throws {
    let stage = try await stage()
    let number = try await proposed(Self.close, on: stage)
    try blog.control(
      "faults", #"[{"method": "PUT", "path": "settings/", "drop": "\#(drop)"}]"#)
    #expect(try await run(number, on: stage).status == .seeOther)
    #expect(try await settled(number, on: stage) == .unknown)
    try await poll(stage)
    if drop == "after" {
      #expect(try stage.change(number).storedState == .succeeded)
    } else {
      #expect(try stage.change(number).storedState == .unknown)
      let answer = try await stage.browser(as: "operator-2").resume(number)
      #expect(answer.status == .seeOther)
      #expect(try await settled(number, on: stage) == .succeeded)
    }
    try await poll(stage)
    #expect(try outcome("members.open-in-sandbox", on: stage) == .pass)
    try await stage.end()
  }

  @Test func `a setting somebody has changed meanwhile makes the change stale`() async throws {
    let stage = try await stage()
    let number = try await proposed(Self.close, on: stage)
    try set(#"{"members_signup_access": "invite"}"#)
    #expect(try await run(number, on: stage).status == .conflict)
    #expect(try stage.change(number).storedState == .stale)
    #expect(try puts() == 0)
    try await stage.end()
  }

  @Test func `closing does not wait for SES, opening does`() async throws {
    let stage = try await stage()
    try peer.faults(
      #"[{"service": "sesv2", "operation": "GetAccount", "status": 403, "times": null, "#
        + #""code": "AccessDeniedException", "message": "no"}]"#)
    #expect(try await done(Self.close, on: stage) == .succeeded)
    let preview = await (try stage.browser(as: "operator")).get("/changes/preview?" + Self.open)
    #expect(preview.status != .ok)
    try await stage.end()
  }

  @Test func `without a staff token nothing is planned, and the slot to fill is named`()
    async throws
  {
    let stage = try await stage { $0.ghostStaffTokenFile = nil }
    let words = try await Proposals.refusal(Self.close, on: stage)
    #expect(words.contains("Name the file with one as ghost_staff_token_file of the site."))
    try await stage.end()
  }

  @Test(arguments: ["false", "true"])
  func `a token that may not write settings is told, and nothing was changed`(old: String)
    async throws
  {
    let stage = try await stage()
    try blog.change(#"{"staff_is_limited": true, "refuses_with_501": \#(old)}"#)
    let number = try await proposed(Self.close, on: stage)
    #expect(try await run(number, on: stage).status == .seeOther)
    #expect(try await settled(number, on: stage) == .failedNoEffect)
    #expect(
      try await page("/changes/\(number)", on: stage)
        .contains("as ghost_staff_token_file of the site. Ghost says"))
    try await stage.end()
  }

  @Test(
    arguments: [
      ("kind=ghost.members", "The settings are like that already."),
      (open, "The settings are like that already."),
      ("kind=ghost.members&members_signup_access=some", "Choose whom sign-up is for"),
      ("kind=ghost.members&portal_button=maybe", "Choose on or off."),
      ("kind=ghost.members&members_support_address=jo", "Write one address"),
      (close + "&exception=AKIAIOSFODNN7EXAMPLE", "access key"),
    ])
  func `what can't be set is said on the form`(query: String, words: String) async throws {
    let stage = try await stage()
    #expect(try await Proposals.refusal(query, on: stage).contains(words))
    try await stage.end()
  }

  @Test func `a decision is recorded with owner and reason, closes its todo, and leads on`()
    async throws
  {
    let stage = try await stage()
    stage.clock.advance(ms: 25 * Span.hour)
    try await poll(stage)
    let title = "Decide what becomes of the Members overlay"
    #expect(try await page("/todos", on: stage).contains(title))
    let browser = try await stage.browser(as: "operator")
    let owner = try stage.person("approver")
    let form = ["choice": "disable", "owner": "\(owner.id)", "reason": "Nobody uses it."]
    let answer = await browser.post("/members/decisions", form)
    #expect(answer.status == .seeOther)
    #expect(try puts() == 0)
    let page = try await page(on: stage)
    for words in [
      "Disable. Approver answers for it.", "Nobody uses it.", "Make the settings so",
      "/changes/new?kind=ghost.members&amp;members_signup_access=none&amp;portal_button=off",
      "Decided: disable",
    ] {
      #expect(page.contains(words), "\(words)")
    }
    #expect(try outcome("members.decision", on: stage) == .pass)
    #expect(try outcome("members.as-decided", on: stage) == .fail)
    #expect(try await !self.page("/todos", on: stage).contains(title))
    #expect(try stage.auditTypes().contains("members.decided"))
    let filled = try await self.page(
      "/changes/new?kind=ghost.members&members_signup_access=none&portal_button=off", on: stage)
    #expect(filled.contains("<option value=\"none\" selected>"))
    #expect(filled.contains("<option value=\"off\" selected>"))
    let number = try await proposed(Self.close, on: stage)
    let carried = [
      "choice": "keep", "owner": "\(owner.id)", "reason": "x", "change": "CR-\(number)",
    ]
    #expect(await browser.post("/members/decisions", carried).status == .seeOther)
    let again = try await self.page(on: stage)
    #expect(again.contains("Keep. Approver answers for it."))
    #expect(again.contains("Carried out by CR-\(number)."))
    #expect(again.contains("Decided: disable"))
    #expect(!again.contains("Make the settings so"))
    try await stage.end()
  }

  @Test(
    arguments: [
      (["choice": "forget"], "Choose what becomes of it."),
      (["owner": "999"], "Choose who answers for it."),
      (["reason": ""], "reason"),
      (["reason": String(repeating: "x", count: 5_000)], "longer than 2000 characters"),
      (["reason": "AKIAIOSFODNN7EXAMPLE"], "access key"),
      (["change": "soon"], "Write the change as CR-12"),
      (["change": "CR-999"], "CR-999 is no change of members."),
    ] as [([String: String], String)])
  func `a decision that is not whole is refused in words, and nothing is recorded`(
    change: [String: String], words: String
  ) async throws {
    let stage = try await stage()
    let browser = try await stage.browser(as: "operator")
    let form = ["choice": "keep", "owner": "\(try stage.person("operator").id)", "reason": "Fine."]
    let answer = await browser.post("/members/decisions", form.merging(change) { $1 })
    #expect(answer.status == .unprocessableContent)
    #expect(answer.text.contains(words))
    #expect(answer.text.contains("Nobody has decided yet"))
    #expect(try !stage.auditTypes().contains("members.decided"))
    try await stage.end()
  }

  @Test func `a sender that is not set is told with the address Ghost makes up and the lines`()
    async throws
  {
    let stage = try await stage()
    try blog.change(#"{"mail_from": ""}"#)
    try peer.act(
      "ecs", "register_task_definition",
      """
      {"family": "GhostInfraStackTaskDefB54D3F05",
       "containerDefinitions": [{"name": "ghost", "image": "ghost:5", "memory": 512}]}
      """)
    let service = try #require(
      try stage.portal.storage.readNow {
        try ObservationStore.facts(ServiceFacts.self, site: "blog", in: $0)
      }
    ).facts
    try peer.act(
      "ecs", "update_service",
      """
      {"cluster": "\(service.cluster)", "service": "\(service.name)",
       "taskDefinition": "GhostInfraStackTaskDefB54D3F05"}
      """)
    try peer.advance(seconds: 120)
    try await poll(stage)
    let page = try await page(on: stage)
    for words in [
      "<b>noreply@blog.example.com</b>", "mail__from is not set, so Ghost makes it up",
      "mail__from: &#39;\\&#39;Ghost blog\\&#39; &lt;noreply@example.com&gt;&#39;,",
    ] {
      #expect(page.contains(words), "\(words)")
    }
    try await stage.end()
  }
}
