import GRDB
import HTTP
import Rules

extension Portal {
  /// Changes one's own password. Every session ends; the one that asks goes on under a new token.
  func changePassword(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let new = visit.form["new_password"] ?? ""
    do {
      let problem = Passwords.problem(
        with: new, again: visit.form["new_password_again"] ?? "",
        hasFactor: visit.caller?.hasFactor == true)
      if let problem { throw AccountProblem(problem) }
      // The password too from who has a factor: a code alone would let in who found the phone.
      guard try await isRightPassword(of: person, visit) else { throw Refusal.wrongPassword }
      if visit.caller?.hasFactor == true { _ = try await confirm(person, visit) }
      guard new != visit.form["password"] else {
        throw AccountProblem("That is the password you have. Choose another.", at: "new_password")
      }
      let hash = try await passwords.hashed(new)
      try await storage.write { [now = visit.now] db in
        try SessionStore.close(of: person.id, by: .person(person), at: now, in: db)
        try PersonStore.setPassword(person.id, hash: hash, at: now, in: db)
        try AuditLog.append(
          .passwordChosen(person: person.id, by: nil), by: .person(person), at: now, in: db)
      }
      return try await begin(
        sessionOf: person, visit, then: "/account?said=" + Message.passwordChosen.rawValue)
    } catch let problem as AccountProblem {
      return try await account(problems: [problem.mistake], visit)
    } catch let refusal as Refusal {
      try await logRefusal(
        .actRefused(act: "change the password", why: refusal.entry), by: person, at: visit.now)
      return try await account(problems: [Mistake(refusal, in: visit.form)], visit)
    }
  }
}
