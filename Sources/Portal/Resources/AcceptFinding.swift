import GRDB
import HTTP
import HTTPTypes
import Rules

extension Portal {
  /// One finding and who answers for it.
  func showFinding(_ visit: Visit) async throws -> Response {
    try await finding(problems: [], visit)
  }

  private func finding(problems: [Mistake], _ visit: Visit) async throws -> Response {
    let person = try visit.person
    let site = configuration.sites[0].name
    let id = visit.parameters["finding"] ?? ""
    let content = try await storage.read { [now = visit.now] db in
      let found = try FindingStore.find(id, site: site, at: now, in: db)
      let owner = Int64(visit.field("owner")) ?? person.id
      return FindingPage(
        line: FindingLine(found, now: now),
        turns: try FindingStore.turns(of: id, site: site, in: db).map {
          FindingPage.Turn(
            tag: Tag($0.outcome == .fail ? found.finding.severity : $0.outcome.health),
            words: $0.state, when: When($0.at, now: now))
        },
        people: try PersonStore.all(in: db).filter { !$0.isDisabled }.map {
          Choice(value: String($0.id), label: $0.name, isSelected: $0.id == owner)
        },
        todo: try TodoStore.find(of: Todo.Source(site: site, finding: id), in: db),
        problems: problems, reason: visit.form.shown("reason"), until: visit.form.shown("until"),
        mayAccept: person.may(.approve))
    }
    return page(content, for: visit)
  }

  /// Names somebody who answers for a finding until a day. It stays a finding; it stops being red.
  func acceptFinding(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let id = visit.parameters["finding"] ?? ""
    let reason = visit.field("reason")
    let site = configuration.sites[0].name
    let until = Moment(utcMinutes: visit.field("until") + "T00:00")
    let mistakes = try await storage.write { [now = visit.now] db -> [Mistake] in
      let owner = try Int64(visit.field("owner")).flatMap { try PersonStore.find($0, in: db) }
      let mistakes = Self.acceptanceMistakes(owner: owner, until: until, reason: reason, at: now)
      guard let owner, let until, mistakes.isEmpty else { return mistakes }
      let found = try FindingStore.find(id, site: site, at: now, in: db)
      guard found.finding.outcome == .fail else {
        throw Failure.badForm("What is met, or not known, can't be accepted.")
      }
      try AcceptanceStore.accept(
        id, site: site, owner: owner, reason: reason, until: until, by: person, at: now, in: db)
      return []
    }
    guard mistakes.isEmpty else { return try await finding(problems: mistakes, visit) }
    return .seeOther("/findings/\(id)", saying: .accepted)
  }

  /// What is not right with the form; its last day is nil where it can't be read.
  static func acceptanceMistakes(
    owner: Person?, until: Moment?, reason: String, at now: Moment
  ) -> [Mistake] {
    let isSoon = until.map { $0 > now && $0.since(now) <= Acceptance.lengthMsMax } ?? false
    return [
      .inOwner(owner),
      isSoon
        ? nil
        : Mistake("Choose a last day after today, within a year, as 2026-12-31.", at: "until"),
      .inReason(reason, at: "reason"),
    ].compactMap { $0 }
  }

  /// Makes an accepted finding count again.
  func endAcceptance(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let id = visit.parameters["finding"] ?? ""
    let site = configuration.sites[0].name
    try await storage.write { [now = visit.now] db in
      _ = try FindingStore.find(id, site: site, at: now, in: db)
      try AcceptanceStore.end(id, site: site, by: person, at: now, in: db)
    }
    return .seeOther("/findings/\(id)", saying: .acceptanceEnded)
  }
}

extension Finding.Outcome {
  /// How well something with this outcome is, where it is not a failure.
  var health: Health { self == .pass ? .good : .unknown }
}
