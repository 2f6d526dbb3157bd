import Cryptography
import GRDB
import HTTP
import HTTPTypes
import Rules

extension Portal {
  /// Begins the session of whose passkey answers: it is both factors in one, for the authenticator
  /// has found out who is there. Whatever is wrong is answered alike.
  func signInWithPasskey(_ visit: Visit) async throws -> Response {
    let next = LocalPath(visit.field("next")).text
    guard visit.caller == nil else { return .seeOther(next) }
    let answer = PasskeyAnswer(visit.form["passkey"] ?? "")
    let address = "address:" + visit.address
    let owner = try await storage.read { db in
      try answer.flatMap { try PasskeyStore.find(credential: $0.credentialID, in: db) }
        .flatMap { try PersonStore.find($0.person, in: db) }
    }
    guard let owner else {
      let wait = try await storage.write { [now = visit.now] db in
        try Throttle.attempt([address], at: now, in: db)
      }
      guard wait == 0 else { throw Failure.tooManyAttempts(waitMs: wait) }
      return refusedPasskey(visit, then: next)
    }
    let isRight = try await takesPasskey(of: owner, countedAgainst: address, visit)
    guard isRight, owner.isActive else {
      try await storage.write { [now = visit.now] db in
        try AuditLog.append(.sessionRefused(person: owner.id), by: .visitor, at: now, in: db)
      }
      return refusedPasskey(visit, then: next)
    }
    // Whether they may still come in is for the provider to say.
    guard try await storage.read({ try !PersonStore.signsInElsewhere(owner.id, in: $0) }) else {
      return refusedPasskey(
        visit, then: next,
        "Your passkey is right, and you sign in another way here: use that first.")
    }
    return try await begin(sessionOf: owner, visit, then: next)
  }

  private func refusedPasskey(
    _ visit: Visit, then next: String,
    _ problem: String =
      "The passkey did not sign you in: nobody here has it, or the page had waited "
      + "for longer than five minutes. Try it again, or sign in with your password."
  ) -> Response {
    page(signInPage(next: next, problems: [Mistake(problem)]), for: visit)
  }
}
