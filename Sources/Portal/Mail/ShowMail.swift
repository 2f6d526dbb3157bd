import GRDB
import HTTP
import HTTPTypes
import Rules

extension Portal {
  /// How the account stands with SES, what is to be done, and what was done so far.
  func showMail(_ visit: Visit) async throws -> Response {
    try await mail(problems: [], visit)
  }

  /// The desk, also with why what was typed was not taken.
  func mail(problems: [Mistake], _ visit: Visit) async throws -> Response {
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
        problems: problems, typed: visit.form,
        mayPropose: person.may(.propose), now: now)
    }
    return page(content, for: visit)
  }

  /// Notes what AWS wrote, or what was answered.
  func noteLetter(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let (text, day, from) = (visit.field("text"), visit.field("day"), visit.field("from"))
    let when = Day(iso: day)?.start
    let mistakes = Self.letterMistakes(from: from, day: when, text: text, at: visit.now)
    guard let when, mistakes.isEmpty else {
      return try await mail(problems: mistakes, visit)
    }
    try await storage.write { [now = visit.now, site = configuration.sites[0].name] db in
      try MailStore.note(
        text, day: when, isOurs: from == "us", site: site, by: person, at: now, in: db)
    }
    return .seeOther("/mail", saying: .noted)
  }

  /// What is not right with the form of a letter; its day is nil where it can't be read.
  static func letterMistakes(
    from: String, day: Moment?, text: String, at now: Moment
  ) -> [Mistake] {
    let said: String? =
      if text.isEmpty {
        "Write or paste what was said."
      } else if text.count > MailPage.letterLengthMax {
        "It is longer than \(MailPage.letterLengthMax) characters. Note what matters of it."
      } else {
        Refusal.secret(in: [text])?.sentence
      }
    return [
      ["aws", "us"].contains(from)
        ? nil : Mistake("Say whether AWS or you wrote it.", at: "from"),
      day.map { $0 <= now } ?? false
        ? nil : Mistake("Give the day it was written, not one to come.", at: "day"),
      said.map { Mistake($0, at: "text") },
    ].compactMap { $0 }
  }

  /// Notes that a row of the checklist is so, by what a person has seen.
  func checkMail(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let (row, note) = (visit.field("row"), visit.field("note"))
    guard MailReadiness.byHand.contains(where: { $0.id == row }) else { throw Failure.notFound }
    guard !note.isEmpty, note.count <= Self.reasonLengthMax else {
      return try await mail(
        problems: [
          Mistake(
            "Say in up to \(Self.reasonLengthMax) characters what you saw; the request quotes it.",
            at: "note-\(row)")
        ], visit)
    }
    if let refusal = Refusal.secret(in: [note]) {
      return try await mail(problems: [Mistake(refusal.sentence, at: "note-\(row)")], visit)
    }
    try await storage.write { [now = visit.now, site = configuration.sites[0].name] db in
      try MailStore.check(row, note: note, site: site, by: person, at: now, in: db)
    }
    return .seeOther("/mail", saying: .noted)
  }
}
