import GRDB
import HTTP
import HTTPTypes
import Rules

extension Portal {
  /// Notes somebody down to be invited, and goes on to the change that lets them in. Until others
  /// have agreed to that, it is a name that can do nothing.
  func invitePerson(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let asked = PeoplePage.Invitee(
      login: visit.field("login"), name: visit.field("name"), role: visit.field("role"))
    return try await tending(visit, act: "invite somebody") { problems in
      try await self.people(problems: problems, asked: asked, visit)
    } work: {
      let (login, role) = (Login(asked.login), Role(rawValue: asked.role))
      let mistakes = Self.invitationMistakes(of: asked)
      guard let login, let role, mistakes.isEmpty else { throw Mistakes(all: mistakes) }
      _ = try await self.confirm(person, visit)
      let number = try await self.storage.write { [now = visit.now] db in
        guard try PersonStore.find(login: login.text, in: db) == nil else {
          throw AccountProblem(
            "There is a \(login.text) already. Choose another login.", at: "login")
        }
        let number = try PersonStore.note(
          login: login.text, name: asked.name, role: role, at: now, in: db)
        try AuditLog.append(
          .personNoted(person: number, role: role), by: .person(person), at: now, in: db)
        return number
      }
      return .seeOther("/changes/preview?kind=people.invite&person=\(number)")
    }
  }

  /// What is not right with the form of somebody new.
  static func invitationMistakes(of asked: PeoplePage.Invitee) -> [Mistake] {
    [
      Accounts.problem(withLogin: asked.login)?.mistake,
      Accounts.problem(withName: asked.name)?.mistake,
      Role(rawValue: asked.role) == nil
        ? Mistake("Choose a role of the list.", at: "role") : nil,
    ].compactMap { $0 }
  }

  /// Forgets somebody who was noted down and never let in.
  func endNote(_ visit: Visit) async throws -> Response {
    let (person, number) = (try visit.person, try visit.number("person"))
    return try await tending(number, visit, act: "forget who was noted down") {
      try await self.storage.write { [now = visit.now] db in
        guard let record = try PersonStore.record(number, in: db) else { throw Failure.notFound }
        guard record.isNoted else {
          throw AccountProblem(
            "\(record.person.name) was let in already. Disable them to keep them out.")
        }
        try Erasure.erase(record.person, in: db)
        try PersonStore.endNote(number, in: db)
        try AuditLog.append(.personErased(person: number), by: .person(person), at: now, in: db)
      }
      return .seeOther("/people", saying: .noteEnded)
    }
  }

  /// The page of the person that a change asks about, or of everybody, with why there is no plan.
  func personAsked(problems: [Mistake], _ visit: Visit) async throws -> Response {
    if let number = Int64(visit.field("person")),
      try await storage.read({ try PersonStore.find(number, in: $0) }) != nil
    {
      return try await showPerson(number, problems: problems, visit)
    }
    return try await people(problems: problems, asked: PeoplePage.Invitee(), visit)
  }

  /// Does an act on one person; why it was not done is said on their page.
  func tending(
    _ number: Int64, _ visit: Visit, act: String, work: () async throws -> Response
  ) async throws -> Response {
    try await tending(visit, act: act) { problems in
      try await self.showPerson(number, problems: problems, visit)
    } work: {
      try await work()
    }
  }

  /// Does an act; a refusal is written to the log, and the page comes back with its sentence.
  func tending(
    _ visit: Visit, act: String, showing page: ([Mistake]) async throws -> Response,
    work: () async throws -> Response
  ) async throws -> Response {
    do {
      return try await work()
    } catch let problem as AccountProblem {
      return try await page([problem.mistake])
    } catch let mistakes as Mistakes {
      return try await page(mistakes.all)
    } catch let refusal as Refusal {
      try await logRefusal(
        .actRefused(act: act, why: refusal.entry), by: try visit.person, at: visit.now)
      return try await page([Mistake(refusal, in: visit.form)])
    }
  }
}
