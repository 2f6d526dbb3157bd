import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// Canaries through everything that takes words from outside. The route table is walked, so that a
/// new route is tried before anybody remembers to.
@Suite struct SecretTests {
  @Test func `each of more than 200 canaries is known for a secret`() {
    #expect(Canary.all.count >= 200)
    #expect(Set(Canary.all.map(\.core)).count == Canary.all.count)
    for canary in Canary.all { #expect(SecretScan.find(in: canary.text) != nil, "\(canary.text)") }
  }

  /// A log, a stage and a proposed change.
  private func stage() async throws -> (Stage, CapturedLog) {
    let log = CapturedLog()
    let stage = try Stage(log: log.logger)
    _ = try await Proposals.propose(on: stage)
    return (stage, log)
  }

  /// The name of every field of every form.
  private func fields() throws -> [String] {
    let templates = FileManager.default.enumerator(atPath: Stage.root + "/Templates")
    let paths = (templates?.allObjects as? [String] ?? []).filter { $0.hasSuffix(".mustache") }
    let names = try paths.flatMap { path in
      try String(contentsOfFile: Stage.root + "/Templates/" + path, encoding: .utf8)
        .matches(of: /<(?:input|select|textarea|button)[^>]* name="([^"{]+)"/).map { String($0.1) }
    }
    return Set(names).subtracting(["form_token"]).sorted()
  }

  @Test func `through every field of every form: kept nowhere`() async throws {
    let (stage, log) = try await stage()
    let fields = try fields()
    #expect(fields.count >= 10 && fields.contains("note") && fields.contains("password"))
    var browser = try await stage.browser(as: "administrator")
    var usual = try Proposals.form(try Proposals.plan(), by: "administrator", on: stage)
    usual["digest"] = try stage.change(1).digest
    usual["password"] = Stage.password
    // Every route is sent every field that is for it to judge; of the others, which are refused
    // before any route, each an eighth, so that each field is sent to some.
    let pairs = Portal.routes.filter { $0.method == .post }.enumerated().flatMap { index, route in
      fields.enumerated().filter { number, field in
        field.contains("password") || Portal.givenBack.contains(field) || (index + number) % 8 == 0
      }.map { (route, $0.element) }
    }
    for index in 0..<max(pairs.count, Canary.all.count) {
      let (route, field) = pairs[index % pairs.count]
      // Neither guesses at a password nor many pages may make the next canary wait.
      stage.clock.advance(ms: 4 * stage.portal.pageLimit.refillMs)
      try stage.portal.storage.writeNow { try $0.execute(sql: "DELETE FROM failures") }
      let form = usual.merging([field: Canary.all[index % Canary.all.count].text]) { $1 }
      let response = await browser.post(route.address(naming: "1"), form)
      #expect(response.status != .internalServerError, "\(route.name)")
      if await browser.get("/changes").status == .seeOther {
        browser = try await stage.browser(as: "administrator")
      }
    }
    try await expectNoCanary(on: stage, log)
    try await stage.end()
  }

  @Test func `through addresses, queries, cookies and header fields: kept nowhere`() async throws {
    let (stage, log) = try await stage()
    let browser = try await stage.browser(as: "administrator")
    let pages = Portal.routes.filter { $0.method == .get }
    let names = ["User-Agent", "Referer", "X-Forwarded-For", "Authorization", "Accept-Language"]
      .compactMap { HTTPField.Name($0) }
    for (index, canary) in Canary.all.enumerated() {
      stage.clock.advance(ms: 4 * stage.portal.pageLimit.refillMs)
      let path = pages[index % pages.count].address(naming: "1")
      let field = ["state", "next", "change", "type", "before", "said", "kind"][index % 7]
      let oneLine = canary.text.replacingOccurrences(of: "\n", with: " ")
      _ = await browser.get("\(path)?\(field)=\(percentEncoded(canary.text))")
      _ = await browser.get("/changes/\(canary.text)")
      _ = await browser.post("/\(canary.text)", ["x": "y"])
      let extra: HTTPFields = [
        names[index % names.count]: oneLine, .cookie: "caretaker=\(oneLine)",
      ]
      _ = await Browser(stage.portal).send(.get, path, body: "", extra: extra)
      _ = await browser.send(.post, path, body: "\(percentEncoded(canary.text))=%ZZ", extra: extra)
    }
    #expect(log.text.contains("taken out"))
    try await expectNoCanary(on: stage, log)
    try await stage.end()
  }

  @Test func `as the name or the login of a person: nobody is added`() async throws {
    let (stage, log) = try await stage()
    let accounts = try stage.accounts()
    for canary in Canary.all {
      for (login, name) in [("somebody", canary.text), (canary.text, "Somebody")] {
        #expect(throws: AccountProblem.self) {
          try accounts.add(
            login: login, name: name, role: "viewer", password: Stage.password)
        }
      }
    }
    try await expectNoCanary(on: stage, log)
    try await stage.end()
  }

  @Test func `addresses that are secrets are not in the log, with or without a route for them`()
    async throws
  {
    let (stage, log) = try await stage()
    let secret = "k3yThatOpensSomething-k3yThatOpensSomething-1"
    let routes = Portal.routes.filter { $0.beforeSecret != nil }
    #expect(routes.count >= 3)
    for route in routes {
      for end in ["", "/", "/more"] {
        let path = route.address(naming: secret) + end
        #expect(path.contains(secret))
        _ = await Browser(stage.portal).get(path)
      }
    }
    #expect(log.text.contains("GET /calendars/…"))
    #expect(!log.text.contains(secret))
    try await stage.end()
  }

  @Test
  func `a secret typed as reason, comment or finding is named, and what was typed is asked for`()
    async throws
  {
    let (stage, _) = try await stage()
    let canary = "ghp_CANARY0123456789CANARY0123456789CANA"
    let requester = try await stage.browser(as: "operator")
    let form = try Proposals.form(
      try Proposals.plan(), by: "operator", on: stage, reason: "token \(canary)")
    let refused = await requester.post("/changes", form)
    #expect(refused.status == .unprocessableContent)
    #expect(refused.text.contains("looks like a GitHub token"))
    let digest = try stage.change(1).digest
    let approver = try await stage.browser(as: "approver")
    for noun in ["approval", "rejection", "finding"] {
      let response = await approver.post(
        "/changes/1/\(noun)",
        ["digest": digest, "password": Stage.password, "note": canary, "found": "done"])
      #expect(response.status == .unprocessableContent, "\(noun)")
      #expect(response.text.contains("looks like a GitHub token"), "\(noun)")
    }
    #expect(try stage.change(1).votes.isEmpty)
    try await stage.end()
  }
}

/// Before the AWS peer, so that only the words are in the way. In turn with the runs.
extension RunChangeTests {
  @Test
  func `through every field of the form of every kind of change: named, not shown, kept nowhere`()
    async throws
  {
    let log = CapturedLog()
    let stage = try Stage(endpoint: peer.url, log: log.logger)
    try await poll(stage)
    let browser = try await stage.browser(as: "administrator")
    let site = stage.portal.configuration.sites[0].name
    let estate = try stage.portal.storage.readNow { [now = stage.clock.now] db in
      try ObservationStore.lastSeen(of: site, at: now, in: db)
    }
    let pairs = ChangeKind.all.flatMap { kind in
      // What the pages with forms of their own ask for.
      let own = ["count", "size", "class", "role", "guarded_approvals", "run_at", "draft"]
      return (own + (kind.form?(estate) ?? []).map(\.name)).map { (kind, $0) }
    }
    #expect(pairs.count > Canary.all.count / 2)
    for index in 0..<max(pairs.count, Canary.all.count) {
      let ((kind, field), canary) = (
        pairs[index % pairs.count], Canary.all[index % Canary.all.count]
      )
      stage.clock.advance(ms: 4 * stage.portal.pageLimit.refillMs)
      let typed = "kind=\(kind.id)&\(field)=\(percentEncoded(canary.text))"
      let page = await browser.get("/changes/preview?" + typed)
      #expect(page.status == .unprocessableContent, "\(kind.id) \(field)")
      #expect(page.text.contains("The text holds what looks like"), "\(kind.id) \(field)")
      #expect(!page.text.contains(canary.core), "\(kind.id) \(field)")
      if kind.form != nil {
        let form = await browser.get("/changes/new?" + typed)
        #expect(!form.text.contains(canary.core), "\(kind.id) \(field)")
      }
    }
    try await expectNoCanary(on: stage, log)
    try await stage.end()
  }
}

/// Looks for every canary in the files, in the log and in every page.
func expectNoCanary(on stage: Stage, _ log: CapturedLog) async throws {
  var texts = ["the log": Data(log.text.utf8)]
  try texts.merge(stage.files()) { $1 }
  for role in [Role.administrator, .auditor] {
    let browser = try await stage.browser(as: role.rawValue)
    for route in Portal.routes where route.method == .get {
      let path = route.address(naming: "1")
      texts["\(role) \(path)"] = Data(await browser.get(path).text.utf8)
    }
  }
  #expect(texts["the log"]?.isEmpty == false && texts["caretaker.sqlite"]?.isEmpty == false)
  for (place, text) in texts {
    // C's search is a hundred times as quick as Foundation's; it ends at a NUL.
    let searched = text.lazy.filter { $0 != 0 }.map {
      CChar(truncatingIfNeeded: tolower(Int32($0)))
    }
    let line = Array(searched) + [0]
    for canary in Canary.all where strstr(line, canary.core.lowercased()) != nil {
      Issue.record("\(canary.core) in \(place)")
    }
  }
}
