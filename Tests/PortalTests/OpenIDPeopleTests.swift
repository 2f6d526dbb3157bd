import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// Who somebody is that comes through the provider, and what they may. In turn with the others.
extension OpenIDTests {
  private func link(_ login: String, on stage: Stage) throws {
    try stage.accounts().link(login: login, account: provider.account)
  }

  @Test func `groups take away at once, and give more by a guarded change alone`() async throws {
    let stage = try provider.stage()
    try link("approver", on: stage)
    let before = try await stage.browser(as: "approver")
    stage.clock.advance(ms: Span.minute)
    try provider.at(stage.clock.now)
    let lowered = try await provider.signIn(on: stage)
    #expect(lowered.answer.headers[.location] == "/?said=role-lowered")
    #expect(await lowered.browser.get("/?said=role-lowered").text.contains("lower from now on"))
    #expect(try stage.person("approver").role == .operator_)
    #expect(try stage.person("approver").roleSince == stage.clock.now)
    #expect(await before.get("/resources").status == .seeOther, "the session from before ended")
    let changed = try stage.lastEntry("person.role_changed")
    #expect(changed.personID == nil && changed.data["role"]?.text == "operator")

    try provider.person(groups: ["admins"])
    let raised = try await provider.signIn(on: stage)
    #expect(raised.answer.headers[.location] == "/?said=role-not-raised")
    #expect(await raised.browser.get("/?said=role-not-raised").text.contains("guarded change"))
    #expect(try stage.person("approver").role == .operator_)

    // Neither more nor less: what both roles may is left.
    try provider.person(groups: ["auditors"])
    #expect(
      try await provider.signIn(on: stage).answer.headers[.location] == "/?said=role-not-raised")
    #expect(try stage.person("approver").role == .viewer)
    try await stage.end()
  }

  @Test func `a name that the database has no room for is not the provider's to break in with`()
    async throws
  {
    let stage = try provider.stage()
    let name = String(repeating: "q\u{323}", count: 120)
    let login = String(repeating: "q\u{323}", count: 40)
    try provider.change(
      "person",
      #"{"sub": "248289761001", "groups": ["staff"], "name": "\#(name)", "#
        + #""preferred_username": "\#(login)"}"#)
    #expect(try await provider.signIn(on: stage).answer.status == .seeOther)
    #expect(try stage.person("openid").name == "openid")
    try await stage.end()
  }

  @Test func `the first group of the configuration decides`() async throws {
    let stage = try provider.stage()
    try provider.person(groups: ["unknown", "staff", "admins"])
    _ = try await provider.signIn(on: stage)
    #expect(try stage.person("openid").role == .administrator)
    try await stage.end()
  }

  @Test func `without a group that has a role nobody comes in, and sessions end`() async throws {
    let stage = try provider.stage()
    let inside = try await provider.signIn(on: stage).browser
    #expect(await inside.get("/resources").status == .ok)
    try provider.person(groups: ["other"])
    let refused = try await provider.signIn(on: stage)
    #expect(refused.answer.text.contains("None of your groups"))
    #expect(await inside.get("/resources").status == .seeOther)
    #expect(try stage.auditTypes().suffix(2) == ["session.closed", "session.refused"])
    let id = try stage.person("openid").id
    #expect(try stage.lastEntry("session.refused").data["about"]?.number == id)

    try provider.change("person", #"{"sub": "unknown", "groups": []}"#)
    let count = try stage.people().count
    #expect(try await provider.signIn(on: stage).answer.status == .forbidden)
    try provider.change("person", #"{"sub": "unknown"}"#)
    #expect(try await provider.signIn(on: stage).answer.status == .forbidden)
    #expect(try stage.people().count == count)
    try await stage.end()
  }

  @Test func `the only administrator keeps the role, a disabled person stays out`() async throws {
    let stage = try provider.stage()
    try link("administrator", on: stage)
    try stage.accounts().disable(login: "administrator-2")
    let kept = try await provider.signIn(on: stage)
    #expect(kept.answer.headers[.location] == "/?said=role-kept")
    #expect(try stage.person("administrator").role == .administrator)

    try provider.change("person", #"{"sub": "two", "groups": ["staff"]}"#)
    try stage.accounts().link(login: "viewer", account: "openid:\(provider.peer.url)#two")
    try stage.accounts().disable(login: "viewer")
    let disabled = try await provider.signIn(on: stage)
    #expect(disabled.answer.text.contains("You were disabled here"))
    #expect(disabled.answer.headers[.setCookie] == nil)
    try await stage.end()
  }

  @Test func `an account is found by its exact name, and one that two hold opens nothing`()
    async throws
  {
    let stage = try provider.stage()
    try provider.change("person", #"{"sub": "Ab", "groups": ["staff"]}"#)
    try stage.accounts().link(login: "viewer", account: "openid:\(provider.peer.url)#ab")
    _ = try await provider.signIn(on: stage)
    #expect(try stage.lastEntry("session.started").personID == stage.person("openid").id)

    for login in ["viewer", "operator"] { try link(login, on: stage) }
    try provider.person(groups: ["staff"])
    let refused = try await provider.signIn(on: stage)
    #expect(refused.answer.text.contains("Two people here are linked"))
    try await stage.end()
  }

  @Test func `names and logins of the provider take nobody's place`() async throws {
    let stage = try provider.stage()
    try provider.change(
      "person",
      #"{"sub": "x", "groups": ["staff"], "preferred_username": "viewer", "name": "Viewer"}"#)
    _ = try await provider.signIn(on: stage)
    let person = try stage.person("viewer-3")
    #expect(person.name == "Viewer (viewer-3)" && person.role == .operator_)
    #expect(try stage.person("viewer").identities.isEmpty)
    for password in ["-", "", Stage.password] {
      let answer = await Browser(stage.portal).post(
        "/session", ["login": "viewer-3", "password": password])
      #expect(answer.headers[.setCookie] == nil)
    }
    try await stage.end()
  }

  @Test func `a second factor is asked for, also of who comes through the provider`() async throws {
    let stage = try provider.stage()
    let (app, _) = try await stage.addFactor(by: stage.browser(as: "operator"))
    try link("operator", on: stage)
    try provider.at(stage.clock.now)
    let half = try await provider.signIn(on: stage)
    #expect(half.answer.headers[.location] == "/sign-in/factor")
    #expect(await half.browser.get("/resources").status == .seeOther)
    let whole = await half.browser.post(
      "/sign-in/factor", ["code": app.code(at: stage.clock.now)])
    #expect(whole.headers[.location] == "/")
    #expect(try stage.lastEntry("session.started").data["through"]?.text == "openid")
    try await stage.end()
  }

  @Test func `without a password a second factor confirms, added just after signing in`()
    async throws
  {
    let stage = try provider.stage()
    try provider.person(groups: ["approvers"])
    _ = try await Proposals.propose(on: stage)
    let signedIn = try await provider.signIn(on: stage).browser
    let page = await signedIn.get("/changes/1").text
    #expect(page.contains("You have no password here to confirm this with"))
    #expect(!page.contains("name=\"password\""))
    #expect(await signedIn.get("/account").text.contains("add a second factor, which confirms it"))
    try await signedIn.readToken()
    let refused = await signedIn.post(
      "/changes/1/approval", ["digest": try stage.change(1).digest, "password": "-"])
    #expect(refused.text.contains("add a second factor"))
    #expect(try stage.change(1).votes.isEmpty)

    stage.clock.advance(ms: Portal.ownerWithinMs + 1)
    let offered = await signedIn.get("/account/factors")
    let app = try Stage.app(offeredOn: offered)
    let form = [
      "offer": try offered.hidden("offer"), "code": app.code(at: stage.clock.now),
    ]
    #expect(await signedIn.post("/account/factors", form).text.contains("within ten minutes"))
    try provider.at(stage.clock.now)
    let fresh = try await provider.signIn(on: stage).browser
    try await fresh.readToken()
    let (own, _) = try await stage.addFactor(by: fresh)
    let approved = await fresh.post(
      "/changes/1/approval",
      ["digest": try stage.change(1).digest, "code": own.code(at: stage.clock.now)])
    #expect(approved.status == .seeOther)
    #expect(try stage.change(1).votes.count == 1)
    // The approval of who was added by the provider's word counts for both verifiers.
    let verdict = try Verifiers.verdict(on: stage.database)
    guard case .sound = verdict else {
      Issue.record("\(verdict)")
      return
    }
    try await stage.end()
  }

  @Test func `a role that groups have just given approves nothing yet`() async throws {
    let stage = try provider.stage(policy: .standard)
    stage.clock.advance(ms: Policy.standard.roleAgeMs)
    try provider.at(stage.clock.now)
    try provider.person(groups: ["approvers"])
    _ = try await Proposals.propose(on: stage)
    let fresh = try await provider.signIn(on: stage).browser
    try await fresh.readToken()
    let (app, _) = try await stage.addFactor(by: fresh)
    let refused = await fresh.post(
      "/changes/1/approval",
      ["digest": try stage.change(1).digest, "code": app.code(at: stage.clock.now)])
    #expect(refused.text.contains("You have your role only recently"))
    #expect(try stage.change(1).votes.isEmpty)
    try await stage.end()
  }

  @Test func `only who runs the server links an account that signs in, and taking it away ends it`()
    async throws
  {
    let stage = try provider.stage()
    let administrator = try await stage.browser(as: "administrator")
    let id = try stage.person("approver").id
    let refused = await administrator.post(
      "/people/\(id)/accounts", ["account": provider.account])
    #expect(refused.text.contains("Whoever runs this server links it"))
    for account in ["openid:nonsense#a", "openid:https://id.example.com", "openid:#a"] {
      #expect(throws: AccountProblem.self) {
        try stage.accounts().link(login: "approver", account: account)
      }
    }
    let inside = try await provider.signIn(on: stage).browser
    try stage.accounts().unlink(login: "openid", account: provider.account)
    #expect(await inside.get("/resources").status == .seeOther)
    #expect(try stage.person("openid").awaitsPassword)
    try await stage.end()
  }
}
