import GRDB
import HTTP
import HTTPTypes
import Rules

extension Portal {
  /// How the account stands with SES, what is to be done, and what was done so far.
  func showMail(_ visit: Visit) async throws -> Response {
    try await mail(problem: nil, visit)
  }

  /// The desk, also with why what was typed was not taken.
  func mail(problem: Mistake?, _ visit: Visit) async throws -> Response {
    let site = configuration.sites[0]
    let person = try visit.person
    let content = try await storage.read { [now = visit.now] db in
      let standings = try MailStore.standings(site: site.name, in: db)
      return MailPage(
        region: site.region,
        seen: try ObservationStore.facts(MailFacts.self, site: site.name, in: db),
        rows: try MailStore.readiness(site: site.name, at: now, in: db).rows,
        history: try MailPage.history(standings, site: site.name, at: now, in: db),
        since: standings.first?.seenAt,
        charts: try Chart.all(of: .mail, site: site.name, at: now, in: db),
        problem: problem, typed: visit.form,
        mayPropose: person.may(.propose), now: now)
    }
    return page(content, for: visit)
  }

  /// Notes what AWS wrote, or what was answered.
  func noteLetter(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let (text, day, from) = (visit.field("text"), visit.field("day"), visit.field("from"))
    guard ["aws", "us"].contains(from) else {
      return try await mail(problem: Mistake("Say whether AWS or you wrote it.", at: "from"), visit)
    }
    guard let when = Day(iso: day)?.start, when <= visit.now else {
      return try await mail(
        problem: Mistake("Give the day it was written, not one to come.", at: "day"), visit)
    }
    guard !text.isEmpty, text.count <= MailPage.letterLengthMax else {
      return try await mail(
        problem: Mistake(
          text.isEmpty
            ? "Write or paste what was said."
            : "It is longer than \(MailPage.letterLengthMax) characters. Note what matters of it.",
          at: "text"), visit)
    }
    if let refusal = Refusal.secret(in: [text]) {
      return try await mail(problem: Mistake(refusal, in: visit.form), visit)
    }
    try await storage.write { [now = visit.now, site = configuration.sites[0].name] db in
      try MailStore.note(
        text, day: when, isOurs: from == "us", site: site, by: person, at: now, in: db)
    }
    return .seeOther("/mail", saying: .noted)
  }

  /// Notes that a row of the checklist is so, by what a person has seen.
  func checkMail(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let (row, note) = (visit.field("row"), visit.field("note"))
    guard MailReadiness.byHand.contains(where: { $0.id == row }) else { throw Failure.notFound }
    guard !note.isEmpty, note.count <= Self.reasonLengthMax else {
      return try await mail(
        problem: Mistake(
          "Say in up to \(Self.reasonLengthMax) characters what you saw; the request quotes it.",
          at: "note-\(row)"), visit)
    }
    if let refusal = Refusal.secret(in: [note]) {
      return try await mail(problem: Mistake(refusal.sentence, at: "note-\(row)"), visit)
    }
    try await storage.write { [now = visit.now, site = configuration.sites[0].name] db in
      try MailStore.check(row, note: note, site: site, by: person, at: now, in: db)
    }
    return .seeOther("/mail", saying: .noted)
  }
}
