import Foundation
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// The start page: what is urgent first, what is not known said, and nothing offered in vain.
@Suite struct DashboardTests {
  private func keep(_ looks: [Look], on stage: Stage) throws {
    stage.clock.advance(ms: Span.minute)
    try stage.portal.storage.writeNow { [now = stage.clock.now] db in
      for look in looks {
        if case .read(let facts as AlarmFacts) = look.outcome {
          try AlarmStore.see(facts, site: "blog", at: now, in: db)
        }
        try ObservationStore.store(look, site: "blog", at: now, in: db)
      }
      try FindingStore.judge(site: "blog", at: now, in: db)
    }
  }

  private func read(_ facts: any Shown...) -> [Look] {
    facts.map { Look(type(of: $0).subject, source: "test", .read($0)) }
  }

  private func mail(sandbox: Bool = true) -> MailFacts {
    MailFacts(
      productionAccess: !sandbox, sendingEnabled: true, enforcement: "HEALTHY", max24Hours: 200,
      sent24Hours: 3, review: nil)
  }

  private func alarm(_ state: String, since: Moment?) -> AlarmFacts {
    AlarmFacts(alarms: [
      AlarmSummary(
        name: "db-cpu", state: state, reason: "Threshold crossed", since: since,
        metric: "AWS/RDS CPUUtilization", tellsSomebody: true)
    ])
  }

  private func dashboard(as login: String, on stage: Stage) async throws -> String {
    let response = await (try stage.browser(as: login)).get("/")
    #expect(response.status == .ok)
    return response.text
  }

  /// That the parts stand on the page one after the other.
  private func expect(_ parts: [String], inOrderOn page: String) throws {
    var rest = page[...]
    for part in parts {
      let place = try #require(rest.range(of: part), "\(part)")
      rest = rest[place.upperBound...]
    }
  }

  private func history(_ stage: Stage) throws -> [AlarmChange] {
    try stage.portal.storage.readNow { try AlarmStore.newest(site: "blog", in: $0) }
  }

  @Test func `before the first poll it says so, and what will appear`() async throws {
    let stage = try Stage()
    let page = try await dashboard(as: "viewer", on: stage)
    for words in [
      "Nothing has been read yet.", "Nothing is left to do.",
      "Nothing was done or turned yet.", "every 1 minute",
    ] {
      #expect(page.contains(words), "\(words)")
    }
    #expect(!page.contains("tag good"))
    #expect(!page.contains("class=\"cards\""))
    try await stage.end()
  }

  @Test func `it stands first in the navigation, and only there as the current page`()
    async throws
  {
    let stage = try Stage()
    let page = try await dashboard(as: "viewer", on: stage)
    let entry = "<a href=\"/\" data-key=\"d\" aria-current=\"page\">Dashboard"
    try expect([entry, ">Resources", ">Deployments"], inOrderOn: page)
    let other = await (try stage.browser(as: "viewer")).get("/resources").text
    #expect(other.contains("<a href=\"/\" data-key=\"d\">Dashboard"))
    #expect(other.contains("<a href=\"/resources\" data-key=\"r\" aria-current=\"page\">"))
    try await stage.end()
  }

  @Test func `what waits for the person comes before the dangers, and is offered to nobody else`()
    async throws
  {
    let stage = try Stage()
    try keep(read(mail()), on: stage)
    let pending = try await Proposals.propose(on: stage)
    let approved = try await Proposals.propose(on: stage)
    try await Proposals.approve(approved, on: stage)
    try expect(
      [
        "2 wait for you. ", "in danger", "CR-\(pending): Scale Ghost", "“Sunday&#39;s newsletter”",
        "Read and decide", "CR-\(approved): Scale Ghost", "Read and run",
        "SES is in the sandbox.", "Not known, or to look after", "has not been read yet.",
      ], inOrderOn: try await dashboard(as: "approver", on: stage))
    let runner = try await dashboard(as: "operator", on: stage)
    #expect(runner.contains("1 waits for you. "))
    #expect(!runner.contains("Read and decide"))
    for login in ["viewer", "auditor"] {
      let page = try await dashboard(as: login, on: stage)
      for act in ["wait for you", "waits for you", "Read and", "Preview the change", "For you"] {
        #expect(!page.contains(act), "\(login) \(act)")
      }
      #expect(page.contains("SES is in the sandbox."))
    }
    try await stage.end()
  }

  @Test func `a danger leads to the change that mends it, for who can propose`() async throws {
    let stage = try Stage()
    var paused = mail(sandbox: false)
    paused.sendingEnabled = false
    try keep(read(paused), on: stage)
    let link = "/changes/preview?kind=ses.sending&amp;sending=on"
    #expect(try await dashboard(as: "operator", on: stage).contains(link))
    #expect(try await !dashboard(as: "viewer", on: stage).contains(link))
    try await stage.end()
  }

  @Test func `a reading that failed is unknown with its sentence, and what was seen last`()
    async throws
  {
    let stage = try Stage()
    try keep(read(mail(sandbox: false), alarm("OK", since: stage.clock.now)), on: stage)
    let well = try await dashboard(as: "viewer", on: stage)
    #expect(well.contains("Production") && well.contains("1 alarm, none raised"))
    let failure = Look.Outcome.failed("AWS denies it. Give the role ses:GetAccount.")
    let looks = [Subject.mail, .alarms].map { Look($0, source: "test", failure) }
    try keep(looks, on: stage)
    let page = try await dashboard(as: "viewer", on: stage)
    let card = try #require(page.range(of: "<h2><a href=\"/mail\">Mail</a></h2>"))
    try expect(
      [
        "tag unknown", "Not known", "AWS denies it. Give the role ses:GetAccount.",
        "Last seen: production; 3 of 200 sent",
      ], inOrderOn: String(page[card.upperBound...]))
    #expect(!page.contains("none raised"))
    #expect(page.contains("<p>Not known. AWS denies it."))
    try await stage.end()
  }

  @Test func `what is old is never shown as it stands now`() async throws {
    let stage = try Stage()
    try keep(read(mail(sandbox: false)), on: stage)
    stage.clock.advance(ms: 3 * Span.minute)
    let page = try await dashboard(as: "viewer", on: stage)
    for words in ["This is old.", "When it was last read: ", "Last read 3 minutes ago."] {
      #expect(page.contains(words), "\(words)")
    }
    #expect(!page.contains("<p class=\"figure\">Production</p>"))
    try await stage.end()
  }

  @Test func `an account that can't be read is called not connected, with why`() async throws {
    let stage = try Stage()
    let failure = Look.Outcome.failed("Nobody answers at 127.0.0.1.")
    try keep(Watch.all.map { Look($0.subject, source: "test", failure) }, on: stage)
    let page = try await dashboard(as: "operator", on: stage)
    for words in [
      "Nothing is known of the account.", "The account is not connected",
      "Nobody answers at 127.0.0.1.", "caretaker check",
      " more</a> <span class=\"muted\">Nobody answers at 127.0.0.1.",
    ] {
      #expect(page.contains(words), "\(words)")
    }
    #expect(!page.contains("tag good"))
    try await stage.end()
  }

  @Test func `an alarm is kept each time it turns, with CloudWatch's own time`() async throws {
    let stage = try Stage()
    let since = stage.clock.now.adding(ms: -Span.hour)
    try keep(read(alarm("OK", since: since)), on: stage)
    #expect(try history(stage).isEmpty)
    try keep(read(alarm("ALARM", since: since.adding(ms: Span.minute))), on: stage)
    try keep(read(alarm("ALARM", since: since.adding(ms: Span.minute))), on: stage)
    try keep(read(alarm("OK", since: since.adding(ms: 2 * Span.minute))), on: stage)
    #expect(try history(stage).map(\.state) == ["OK", "ALARM"])
    #expect(try history(stage).last?.at == since.adding(ms: Span.minute))
    let page = await (try stage.browser(as: "viewer")).get("/resources/alarms").text
    try expect(
      ["What the alarms did", "db-cpu", "in order", "db-cpu", "raised", "Threshold crossed"],
      inOrderOn: page)
    try await stage.end()
  }

  @Test func `an alarm that is new and raised is kept, and shown with since when`() async throws {
    let stage = try Stage()
    try keep(read(alarm("ALARM", since: stage.clock.now.adding(ms: -Span.hour))), on: stage)
    #expect(try history(stage).map(\.state) == ["ALARM"])
    let page = try await dashboard(as: "viewer", on: stage)
    try expect(["<h2>Alarms</h2>", "Raised", "db-cpu", "since", "1 hour ago"], inOrderOn: page)
    try await stage.end()
  }

  @Test func `the history of alarms is kept for a year`() throws {
    let stage = try Stage()
    try keep(read(alarm("ALARM", since: stage.clock.now)), on: stage)
    stage.clock.advance(ms: AlarmStore.keptMs)
    try stage.portal.storage.writeNow { [now = stage.clock.now] db in
      try Retention.sweep(at: now, in: db)
    }
    #expect(try history(stage).isEmpty)
  }

  @Test func `the last activities are changes and turns, the newest first`() async throws {
    let stage = try Stage()
    try keep(read(mail()), on: stage)
    let first = try await dashboard(as: "viewer", on: stage)
    #expect(first.contains("Nothing was done or turned yet."))
    let number = try await Proposals.propose(on: stage)
    try keep(read(mail(sandbox: false)), on: stage)
    let page = try await dashboard(as: "viewer", on: stage)
    let start = try #require(page.range(of: "<h2>Last activities</h2>"))
    try expect(
      ["Met again", "SES has production access.", "CR-\(number): Scale Ghost", "Operator"],
      inOrderOn: String(page[start.upperBound...]))
    try await stage.end()
  }

  @Test func `one's own TODOs come first, and the overdue are red`() async throws {
    let stage = try Stage()
    let person = try stage.person("operator").id
    try stage.portal.storage.writeNow { [now = stage.clock.now] db in
      for title in ["Somebody's", "Mine"] {
        try TodoStore.open(title, change: nil, by: .portal, at: now, in: db)
      }
      try TodoStore.change(1, .due(Day(now)), by: .portal, at: now, in: db)
      try TodoStore.change(2, .owner(person), by: .portal, at: now, in: db)
    }
    stage.clock.advance(ms: 2 * Span.day)
    try expect(
      ["2 open, 1 of them overdue", ">Mine</a>", "Overdue", ">Somebody&#39;s</a>"],
      inOrderOn: try await dashboard(as: "operator", on: stage))
    try await stage.end()
  }

  @Test func `no more than a page of things ask at once, and the rest is counted`() async throws {
    let stage = try Stage()
    for _ in 0..<(DashboardPage.attentionMax + 2) { _ = try await Proposals.propose(on: stage) }
    let page = try await dashboard(as: "approver", on: stage)
    #expect(page.components(separatedBy: "Read and decide").count == 13)
    #expect(page.contains("14 wait for you. "))
    #expect(page.contains(">2 more</a>"))
    try await stage.end()
  }
}
