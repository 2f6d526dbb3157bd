import GRDB
import HTTP
import HTTPTypes
import Rules

extension Portal {
  /// Ghost's settings of members with what they mean, the sender, and what was decided.
  func showMembers(_ visit: Visit) async throws -> Response {
    try await members(problems: [], visit)
  }

  private func members(problems: [Mistake], _ visit: Visit) async throws -> Response {
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
        problems: problems, typed: visit.form, person: person, now: now)
    }
    return page(content, for: visit)
  }

  /// Records what is decided about the Members overlay. Changes no setting.
  func decideMembers(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let site = configuration.sites[0].name
    let reason = visit.field("reason")
    let choice = MemberDecision.Choice(rawValue: visit.field("choice"))
    let typed = visit.field("change")
    let change = Int64(typed.drop { !$0.isNumber })
    let mistakes = try await storage.write { [now = visit.now] db -> [Mistake] in
      let owner = try Int64(visit.field("owner")).flatMap { try PersonStore.find($0, in: db) }
      let isMembers = try change.map { try ChangeStore.isMembers($0, site: site, in: db) }
      let mistakes = Self.decisionMistakes(
        choice: choice, owner: owner, reason: reason, change: (typed, change, isMembers ?? false))
      guard let choice, let owner, mistakes.isEmpty else { return mistakes }
      try MemberStore.decide(
        choice, owner: owner, reason: reason, change: change, site: site, by: person, at: now,
        in: db)
      // What was undecided is judged anew at once, and with it what is left to do.
      try FindingStore.judge(site: site, at: now, in: db)
      return []
    }
    guard mistakes.isEmpty else { return try await members(problems: mistakes, visit) }
    return .seeOther("/members", saying: .decided)
  }

  /// What is not right with the form of a decision.
  /// - Parameter isMembers: whether the change is one of members.
  static func decisionMistakes(
    choice: MemberDecision.Choice?, owner: Person?, reason: String,
    change: (typed: String, number: Int64?, isMembers: Bool)
  ) -> [Mistake] {
    let number: String? =
      if let number = change.number {
        change.isMembers ? nil : "CR-\(number) is no change of members."
      } else {
        change.typed.isEmpty ? nil : "Write the change as CR-12, or leave it empty."
      }
    return [
      choice == nil ? Mistake("Choose what becomes of it.", at: "choice") : nil,
      .inOwner(owner),
      .inReason(reason, at: "reason"), number.map { Mistake($0, at: "change") },
    ].compactMap { $0 }
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
