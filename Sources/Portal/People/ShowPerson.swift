import GRDB
import HTTP
import HTTPTypes
import Rules

extension Portal {
  /// One person, for everybody to see; with forms for those who look after people.
  func showPerson(_ visit: Visit) async throws -> Response {
    try await showPerson(visit.number("person"), problems: [], visit)
  }

  /// The page of a person, also with why an act on them was not done, or with a link just made.
  func showPerson(
    _ number: Int64, problems: [Mistake], link: String = "", _ visit: Visit
  ) async throws -> Response {
    let viewer = try visit.person
    let content = try await storage.read { [now = visit.now] db in
      guard let record = try PersonStore.record(number, in: db) else { throw Failure.notFound }
      return PersonPage(
        problems: problems, typed: visit.form, link: link, record: record,
        house: try HouseStore.house(at: now, in: db),
        sessions: try SessionStore.open(of: number, at: now, in: db),
        linkEndsAt: try PasswordLinkStore.end(for: number, at: now, in: db),
        changes: try ChangeStore.all(ChangeState.open, in: db).sound.filter {
          $0.requester.id == number && !$0.state(at: now).isFinal
        },
        viewer: viewer, now: now)
    }
    return page(content, for: visit)
  }

  /// Gives a person a link to choose a password by, shown this once. The password they had is gone
  /// and their sessions end, for somebody else may know it.
  func makePasswordLink(_ visit: Visit) async throws -> Response {
    let (maker, number) = (try visit.person, try visit.number("person"))
    return try await tending(number, visit, act: "give somebody a link to a password") {
      guard number != maker.id else {
        throw AccountProblem("Choose your own password under Your account.")
      }
      _ = try await self.confirm(maker, visit)
      let token = try Token(self.outside)
      try await self.storage.write { [now = visit.now] db in
        guard let record = try PersonStore.record(number, in: db) else { throw Failure.notFound }
        guard !record.person.isDisabled else {
          throw AccountProblem("\(record.person.name) can't sign in, so a link is of no use.")
        }
        try AuditLog.append(
          record.isNew ? .personInvited(person: number) : .passwordReset(person: number),
          by: .person(maker), at: now, in: db)
        try SessionStore.close(of: number, by: .person(maker), at: now, in: db)
        try PersonStore.removePassword(number, in: db)
        try PersonStore.tie(number, to: maker.id, at: now, in: db)
        try PasswordLinkStore.insert(
          tokenHash: token.hash, for: number, by: maker.id, at: now, in: db)
      }
      return try await self.showPerson(
        number, problems: [], link: self.ownAddress(visit) + PasswordLink.path + token.text, visit)
    }
  }

  /// Ends every session of somebody.
  func endSessions(_ visit: Visit) async throws -> Response {
    let (person, number) = (try visit.person, try visit.number("person"))
    try await storage.write { [now = visit.now] db in
      guard try PersonStore.find(number, in: db) != nil else { throw Failure.notFound }
      try SessionStore.close(of: number, by: .person(person), at: now, in: db)
    }
    return .seeOther("/people/\(number)", saying: .sessionsEnded)
  }
}
