import GRDB
import HTTP
import HTTPTypes
import Rules

extension Portal {
  /// Ghost's settings of members with what they mean, the sender, and what was decided.
  func showMembers(_ visit: Visit) async throws -> Response {
    try await members(problem: nil, visit)
  }

  private func members(problem: Mistake?, _ visit: Visit) async throws -> Response {
    let site = configuration.sites[0]
    let person = try visit.person
    let content = try await storage.read { [now = visit.now] db in
      let known = try ObservationStore.estate(of: site.name, at: now, in: db)
      return MembersPage(
        seen: try ObservationStore.facts(MemberFacts.self, site: site.name, in: db),
        failure: try Watch.of(.members).flatMap {
          try ObservationStore.find($0, site: site.name, in: db)?.failure
        } ?? "",
        mail: known[MailFacts.self].facts.map(MailStanding.init),
        sender: Sender(
          site: site, estate: try ObservationStore.lastSeen(of: site.name, at: now, in: db)),
        decisions: try MemberStore.decisions(site: site.name, in: db),
        changes: try ChangeStore.newest(of: [MemberChange.kind], site: site.name, in: db),
        people: try PersonStore.all(in: db).filter { !$0.isDisabled },
        problem: problem, typed: visit.form, person: person, now: now)
    }
    return page(content, for: visit)
  }

  /// Records what is decided about the Members overlay. Changes no setting.
  func decideMembers(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let site = configuration.sites[0].name
    let reason = visit.field("reason")
    guard let choice = MemberDecision.Choice(rawValue: visit.field("choice")) else {
      return try await members(problem: Mistake("Choose what becomes of it.", at: "choice"), visit)
    }
    guard reason.count <= Self.reasonLengthMax else {
      return try await members(
        problem: Mistake(
          "The reason is longer than \(Self.reasonLengthMax) characters. Shorten it.",
          at: "reason"),
        visit)
    }
    if let problem = Self.problem(with: reason) {
      return try await members(problem: Mistake(problem, in: visit.form), visit)
    }
    let typed = visit.field("change").drop { !$0.isNumber }
    let change = Int64(typed)
    guard visit.field("change").isEmpty || change != nil else {
      return try await members(
        problem: Mistake("Write the change as CR-12, or leave it empty.", at: "change"), visit)
    }
    let problem = try await storage.write { [now = visit.now] db -> Mistake? in
      guard let number = Int64(visit.field("owner")),
        let owner = try PersonStore.find(number, in: db), !owner.isDisabled
      else { return Mistake("Choose who answers for it.", at: "owner") }
      if let change, try !ChangeStore.isMembers(change, site: site, in: db) {
        return Mistake("CR-\(change) is no change of members.", at: "change")
      }
      try MemberStore.decide(
        choice, owner: owner, reason: reason, change: change, site: site, by: person, at: now,
        in: db)
      // What was undecided is judged anew at once, and with it what is left to do.
      try FindingStore.judge(site: site, at: now, in: db)
      return nil
    }
    if let problem { return try await members(problem: problem, visit) }
    return .seeOther("/members", saying: .decided)
  }
}

extension ChangeStore {
  /// Whether a change is one of members at a site.
  fileprivate static func isMembers(
    _ number: Int64, site: String, in db: Database
  ) throws -> Bool {
    try Bool.fetchOne(
      db,
      sql: """
        SELECT EXISTS (SELECT 1 FROM changes JOIN plans ON plans.change_id = changes.id
        WHERE number = ? AND kind = ? AND plans.site = ?)
        """, arguments: [number, MemberChange.kind, site]) ?? false
  }
}
