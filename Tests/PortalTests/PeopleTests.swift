import Foundation
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// People come, are kept out and come back.
@Suite struct PeopleTests {
  /// Previews, proposes, has approved where that is needed, and runs.
  private func carryOut(
    _ query: String, by browser: Browser, approvedBy approver: String? = nil, on stage: Stage
  ) async throws -> ChangeState {
    let number = try await Proposals.propose(query, reason: "the team changes", by: browser)
    if let approver { try await Proposals.approve(number, by: approver, on: stage) }
    let run = await browser.run(number)
    try #require(run.status == .seeOther, "\(run.text.suffix(3_000))")
    return try await stage.settled(number)
  }

  /// Notes somebody down and has them let in.
  private func invite(
    _ login: String, as role: Role, by browser: Browser, on stage: Stage
  ) async throws -> Int64 {
    let noted = await browser.post(
      "/people",
      ["login": login, "name": "Noa Newcomer", "role": role.rawValue, "password": Stage.password])
    try #require(noted.status == .seeOther, "\(noted.text.suffix(3_000))")
    let id = try stage.person(login).id
    #expect(
      noted.headers[.location] == "/changes/preview?kind=people.invite&person=\(id)")
    let state = try await carryOut(
      "kind=people.invite&person=\(id)", by: browser, approvedBy: "approver", on: stage)
    #expect(state == .succeeded)
    return id
  }

  @Test func `an account that somebody does not hold is not said to be taken away`() async throws {
    let stage = try Stage()
    try stage.accounts().link(login: "viewer", account: "github:octocat")
    let before = try stage.auditTypes()
    let problem = #expect(throws: AccountProblem.self) {
      try stage.accounts().unlink(login: "viewer", account: "github:octokat")
    }
    #expect(
      problem?.description == "viewer does not hold github:octokat. Nothing was changed.")
    #expect(try stage.auditTypes() == before)
    try stage.accounts().unlink(login: "viewer", account: "github:octocat")
    try await stage.end()
  }

  @Test func `names and reasons are as long as the database counts them`() async throws {
    let stage = try Stage()
    let accents = { String(repeating: "e\u{301}", count: $0) }
    #expect(Login("q\u{323}\u{307}" + String(repeating: "q\u{323}", count: 31)) == nil)
    #expect(throws: AccountProblem.self) {
      try stage.accounts().add(
        login: "noa", name: accents(101), role: "viewer", password: Stage.password)
    }
    let browser = try await stage.browser(as: "approver")
    func freeze(because reason: String) async -> Response {
      await browser.post(
        "/freezes", ["from": "2026-12-24T10:00", "to": "2026-12-25T10:00", "reason": reason])
    }
    #expect(await freeze(because: accents(1_000)).status == .seeOther)
    let answer = await freeze(because: accents(1_001))
    #expect(answer.text.contains("The reason is longer than 2000 characters."))
    #expect(answer.status == .unprocessableContent)
    try await stage.end()
  }

  /// The path of a link to a password, as the page shows it once.
  private func link(for id: Int64, by browser: Browser) async throws -> String {
    let page = await browser.post(
      "/people/\(id)/password-link", ["password": Stage.password])
    let mark = try #require(page.text.range(of: PasswordLink.path), "\(page.text.suffix(3_000))")
    return PasswordLink.path + page.text[mark.upperBound...].prefix { $0 != "<" }
  }

  private func choice(_ password: String) -> [String: String] {
    ["new_password": password, "new_password_again": password]
  }

  @Test func `somebody is noted down, let in by two, given a link, and chooses a password`()
    async throws
  {
    let stage = try Stage()
    let admin = try await stage.browser(as: "administrator")
    let id = try await invite("noa", as: .approver, by: admin, on: stage)
    let plan = try stage.change(1).plan
    #expect(plan.guarding == .guarded && plan.title == "Let person \(id) in as approver")
    #expect(!String(decoding: plan.bytes, as: UTF8.self).contains("Noa"))
    #expect(try !stage.person("noa").isActive)
    #expect(await admin.get("/people/\(id)").text.contains("Invited, and has not chosen"))

    let path = try await link(for: id, by: admin)
    #expect(path.count > PasswordLink.path.count + 40)
    #expect(await admin.get("/people/\(id)").text.contains(path) == false)
    #expect(await admin.get(path).text.contains("Sign out first"))
    let visitor = Browser(stage.portal)
    for _ in 0..<2 { #expect(await visitor.get(path).text.contains("Welcome, Noa Newcomer")) }
    let short = await visitor.post(path, choice("too short"))
    #expect(short.status == .unprocessableContent && short.text.contains("at least 15"))
    var typo = choice(Stage.password)
    typo["new_password_again"] = "something else altogether"
    #expect(await visitor.post(path, typo).text.contains("The two passwords differ."))
    let used = await visitor.post(path, choice("a lantern on the pier"))
    #expect(used.status == .seeOther && used.headers[.setCookie] != nil)

    let newcomer = Browser(stage.portal)
    try await newcomer.signIn(as: "noa", password: "a lantern on the pier")
    #expect(await newcomer.get("/changes").status == .ok)
    let page = await newcomer.get("/people/\(id)").text
    #expect(page.contains("Not for those of Administrator: Noa Newcomer was added"))
    let token = String(path.dropFirst(PasswordLink.path.count))
    for (name, data) in try stage.files() where name != "lock" {
      #expect(data.range(of: Data(token.utf8)) == nil, "\(name)")
    }
    let types = try stage.auditTypes()
    for type in ["person.noted", "person.added", "person.invited", "person.password_chosen"] {
      #expect(types.filter { $0 == type }.count == (type == "person.added" ? 11 : 1), "\(type)")
    }
    try await stage.end()
  }

  @Test func `a link that is used, over, replaced or made up gives one page`() async throws {
    let stage = try Stage()
    let admin = try await stage.browser(as: "administrator")
    let id = try stage.person("viewer").id
    let visitor = Browser(stage.portal)
    func dead(_ path: String) async -> String {
      let get = await visitor.get(path)
      let post = await visitor.post(path, choice("a lantern on the pier"))
      #expect(get.status == .notFound && post.status == .notFound)
      #expect(get.text.contains("ask an administrator for another link"))
      return get.text.replacingOccurrences(
        of: "<code data-copy>[0-9a-f]{12}</code>", with: "", options: .regularExpression)
    }
    let unknown = await dead(PasswordLink.path + "made-up")
    let replaced = try await link(for: id, by: admin)
    let old = try await link(for: id, by: admin)
    #expect(await dead(replaced) == unknown)
    stage.clock.advance(ms: PasswordLink.lifeMs)
    #expect(await dead(old) == unknown)
    let again = try await stage.browser(as: "administrator")
    let used = try await link(for: id, by: again)
    let answer = await visitor.post(used, choice("a lantern on the pier"))
    #expect(answer.headers[.location] == "/sign-in?said=password-chosen")
    #expect(answer.headers[.setCookie] == nil, "who had a password signs in")
    #expect(await dead(used) == unknown)
    let idle = try await link(for: id, by: again)
    try stage.accounts().disable(login: "administrator")
    #expect(await dead(idle) == unknown, "who made it is kept out")
    try await stage.end()
  }

  @Test
  func `a reset takes the password and the sessions, and whoever made the link can't be approved`()
    async throws
  {
    let stage = try Stage()
    let admin = try await stage.browser(as: "administrator")
    let approver = try await stage.browser(as: "approver")
    let id = try stage.person("approver").id
    let wrong = await admin.post("/people/\(id)/password-link", ["password": "wrong"])
    #expect(wrong.status == .unprocessableContent)
    #expect(await approver.get("/changes").status == .ok)
    let path = try await link(for: id, by: admin)
    #expect(await approver.get("/changes").status == .seeOther)
    let old = await Browser(stage.portal).post(
      "/session", ["login": "approver", "password": Stage.password])
    #expect(old.status == .unprocessableContent)
    stage.clock.advance(ms: Span.hour)
    _ = await Browser(stage.portal).post(path, choice("a lantern on the pier"))
    let house = try stage.portal.storage.readNow {
      try HouseStore.house(at: stage.clock.now, in: $0)
    }
    let approving = try #require(house.person(id))
    #expect(
      house.obstacle(to: approving, besides: [try stage.person("administrator")])
        == .tied(until: stage.clock.now.adding(ms: house.policy.tieMs)))
    #expect(house.obstacle(to: approving, besides: [try stage.person("operator")]) == nil)
    let own = try stage.person("administrator").id
    let again = try await stage.browser(as: "administrator")
    let refused = await again.post("/people/\(own)/password-link", ["password": Stage.password])
    #expect(refused.text.contains("under Your account"))
    try await stage.end()
  }

  @Test func `who was noted down and not let in is forgotten, and never let in`() async throws {
    let stage = try Stage()
    let admin = try await stage.browser(as: "administrator")
    let noted = await admin.post(
      "/people",
      ["login": "noa", "name": "Noa Newcomer", "role": "viewer", "password": Stage.password])
    let query = try #require(noted.headers[.location]?.split(separator: "?").last)
    let id = try stage.person("noa").id
    #expect(
      try await Proposals.propose(String(query), reason: "the team grows", by: admin) == 1)
    try await Proposals.approve(1, by: "approver", on: stage)

    #expect(await admin.get("/people/\(id)").text.contains("Forget them"))
    let ended = await admin.post("/people/\(id)/note/end")
    #expect(ended.headers[.location] == "/people?said=note-ended")
    #expect(try stage.auditTypes().last == "person.erased")
    #expect(!(await admin.get("/people").text.contains("Noa Newcomer")))
    #expect(await admin.run(1).status != .seeOther)
    #expect(await admin.post("/people/\(id)/note/end").status == .unprocessableContent)
    #expect(await admin.post("/people/1/note/end").text.contains("was let in already"))
    try await stage.end()
  }

  @Test func `one administrator keeps somebody out, two let them in again`() async throws {
    let stage = try Stage()
    let admin = try await stage.browser(as: "administrator")
    let kept = try await stage.browser(as: "operator")
    let waiting = try await Proposals.propose(on: stage)
    let id = try stage.person("operator").id
    #expect(
      try await carryOut("kind=people.disable&person=\(id)", by: admin, on: stage) == .succeeded)
    #expect(await kept.get("/changes").status == .seeOther)
    #expect(try stage.change(waiting).storedState == .revoked)
    #expect(await admin.get("/people/\(id)").text.contains("Preview enabling"))
    #expect(
      try await carryOut(
        "kind=people.enable&person=\(id)", by: admin, approvedBy: "approver", on: stage)
        == .succeeded)
    _ = try await stage.browser(as: "operator")
    let types = try stage.auditTypes()
    #expect(types.contains("person.disabled") && types.contains("person.enabled"))
    #expect(types.contains("session.closed"))
    try await stage.end()
  }

  @Test func `nobody but an administrator proposes it, and nobody keeps themselves out`()
    async throws
  {
    let stage = try Stage()
    let id = try stage.person("viewer").id
    for kind in ["people.disable", "people.enable", "people.invite", "people.unlink"] {
      let refused = await (try stage.browser(as: "operator")).get(
        "/changes/preview?kind=\(kind)&person=\(id)")
      #expect(refused.status == .unprocessableContent)
      #expect(refused.text.contains("Your role does not let you look after people."), "\(kind)")
    }
    let own = try stage.person("administrator").id
    let refused = await (try stage.browser(as: "administrator")).get(
      "/changes/preview?kind=people.disable&person=\(own)")
    #expect(refused.text.contains("You can&#39;t disable yourself"))
    try await stage.end()
  }

  @Test func `the last administrator stays, on the pages and on the command line`() async throws {
    let stage = try Stage()
    let accounts = try stage.accounts()
    try accounts.disable(login: "administrator-2")
    #expect(throws: AccountProblem.self) { try accounts.disable(login: "administrator") }
    let id = try stage.person("administrator").id
    let admin = try await stage.browser(as: "administrator")
    let page = await admin.get("/changes/preview?kind=person.role&person=\(id)&role=viewer")
    #expect(page.text.contains("is the only administrator who can sign in"))
    #expect(try stage.person("administrator").isActive)
    try await stage.end()
  }

  @Test func `an account is linked by one and taken away by two`() async throws {
    let stage = try Stage()
    let admin = try await stage.browser(as: "administrator")
    let id = try stage.person("approver").id
    let bad = await admin.post("/people/\(id)/accounts", ["account": "octocat"])
    #expect(bad.status == .unprocessableContent && bad.text.contains("github:NAME"))
    let linked = await admin.post("/people/\(id)/accounts", ["account": "GitHub:Octocat"])
    #expect(linked.headers[.location] == "/people/\(id)?said=account-linked")
    #expect(await admin.get("/people/\(id)").text.contains("github:octocat"))
    let number = try account(of: id, on: stage)
    let state = try await carryOut(
      "kind=people.unlink&person=\(id)&account=\(number)", by: admin, approvedBy: "approver-2",
      on: stage)
    #expect(state == .succeeded)
    #expect(await admin.get("/people/\(id)").text.contains("github:octocat") == false)
    #expect(
      !String(decoding: try stage.change(1).plan.bytes, as: UTF8.self).contains("octocat"))
    let again = await admin.post("/people/\(id)/accounts", ["account": "github:hubot"])
    #expect(again.status == .seeOther)
    #expect(try account(of: id, on: stage) > number, "an old plan names another account")
    try await stage.end()
  }

  /// The number of the one account that a person holds elsewhere.
  private func account(of id: Int64, on stage: Stage) throws -> Int64 {
    let record = try stage.portal.storage.readNow { try PersonStore.record(id, in: $0) }
    return try #require(record?.accounts.first).number
  }

  @Test func `everybody and every role are on the page, without forms for who may not`()
    async throws
  {
    let stage = try Stage()
    let page = await (try stage.browser(as: "viewer")).get("/people").text
    for person in try stage.portal.storage.readNow({ try PersonStore.all(in: $0) }) {
      #expect(page.contains("<a href=\"/people/\(person.id)\">\(person.name)</a>"))
    }
    for permission in Permission.allCases {
      let words = permission.words.prefix(1).uppercased() + permission.words.dropFirst()
      #expect(page.contains(">\(words)<"))
    }
    #expect(!page.contains("Invite somebody"))
    let taken = await (try stage.browser(as: "administrator")).post(
      "/people",
      ["login": "Viewer", "name": "Vi", "role": "viewer", "password": Stage.password])
    #expect(taken.status == .unprocessableContent)
    #expect(taken.text.contains("There is a viewer already") && taken.text.contains("value=\"Vi\""))
    try await stage.end()
  }
}
