import GRDB
import HTTP
import HTTPTypes
import Mustache
import Rules

/// The second half of signing in.
struct FactorSignInPage: Page {
  let problems: [Mistake]
  /// What the person has.
  let kinds: Set<FactorKind>

  static let template = "session/factor"
  static let section: Section? = nil
  var title: String { "Your code" }

  static let fields: [Field<FactorSignInPage>] = [
    .flag("hasCode", { $0.kinds.contains(.code) }),
    .flag("hasPasskey", { $0.kinds.contains(.passkey) }),
  ]
}

extension Portal {
  /// Asks for the code of who has given the password. The cookie that goes with it opens this one
  /// page, and no other.
  func askForFactor(
    of person: Person, _ visit: Visit, then next: String, through way: SignInWay? = nil
  ) async throws -> Response {
    let token = try Token(outside)
    try await storage.write { [now = visit.now] db in
      try HalfSessionStore.insert(
        tokenHash: token.hash, person: person.id, next: next, through: way, at: now, in: db)
    }
    var response = Response.seeOther("/sign-in/factor")
    response.headers[.setCookie] = sessionCookie(token.text, maxAgeSeconds: nil, visit)
    return response
  }

  /// The form for the code.
  func showFactorSignIn(_ visit: Visit) async throws -> Response {
    guard let (person, _, _) = try await half(of: visit) else {
      return .seeOther(visit.caller == nil ? "/sign-in" : "/")
    }
    return try await factorPage(for: person, visit)
  }

  private func factorPage(
    for person: Person, problems: [Mistake] = [], _ visit: Visit
  ) async throws -> Response {
    let kinds = try await storage.read { try FactorStore.kinds(of: person.id, in: $0) }
    return page(
      FactorSignInPage(problems: problems, kinds: Set(kinds)), for: visit)
  }

  /// Begins the session of who gives a right code, with another token. A code that was used before
  /// is answered as a wrong one is.
  func signInWithFactor(_ visit: Visit) async throws -> Response {
    guard let (person, next, way) = try await half(of: visit) else {
      return .seeOther(visit.caller == nil ? "/sign-in" : "/")
    }
    guard try await takesFactor(of: person, orRecovery: true, visit) else {
      try await storage.write { [now = visit.now] db in
        try AuditLog.append(.sessionRefused(person: person.id), by: .visitor, at: now, in: db)
      }
      let problem =
        hasPasskey(visit)
        ? Mistake("The passkey is none of yours, or the page had waited too long. Try again.")
        : Mistake("The code is not right, or was used already. Type the next one.", at: "code")
      return try await factorPage(for: person, problems: [problem], visit)
    }
    return try await begin(sessionOf: person, visit, then: next, through: way)
  }

  private func half(
    of visit: Visit
  ) async throws -> (person: Person, next: String, way: SignInWay?)? {
    guard let hash = tokenHash(of: visit) else { return nil }
    return try await storage.read { [now = visit.now] db in
      try HalfSessionStore.find(tokenHash: hash, at: now, in: db)
    }
  }
}
