import Cryptography
import GRDB
import HTTP
import HTTPTypes
import Mustache
import Rules

/// The second half of signing in.
struct FactorSignInPage: Page {
  let problem: String

  static let template = "session/factor"
  static let section: Section? = nil
  var title: String { (problem.isEmpty ? "" : "Error: ") + "Your code" }

  static let fields: [Field<FactorSignInPage>] = [.text("problem", { $0.problem })]
}

extension Portal {
  /// Asks for the code of who has given the password. The cookie that goes with it opens this one
  /// page, and no other.
  func askForFactor(
    of person: Person, _ visit: Visit, then next: String, through way: SignInWay? = nil
  ) async throws -> Response {
    let token = Base64URL.encode(try outside.randomBytes(32))
    let hash = SHA256.digest(Array(token.utf8))
    try await storage.write { [now = visit.now] db in
      try HalfSessionStore.insert(
        tokenHash: hash, person: person.id, next: next, through: way, at: now, in: db)
    }
    var response = Response.seeOther("/sign-in/factor")
    response.headers[.setCookie] = sessionCookie(token, maxAgeSeconds: nil, visit)
    return response
  }

  /// The form for the code.
  func showFactorSignIn(_ visit: Visit) async throws -> Response {
    guard try await half(of: visit) != nil else {
      return .seeOther(visit.caller == nil ? "/sign-in" : "/")
    }
    return page(FactorSignInPage(problem: ""), for: visit)
  }

  /// Begins the session of who gives a right code, with another token. A code that was used before
  /// is answered as a wrong one is.
  func signInWithFactor(_ visit: Visit) async throws -> Response {
    guard let (person, next, way) = try await half(of: visit) else {
      return .seeOther(visit.caller == nil ? "/sign-in" : "/")
    }
    guard try await takes(visit.field("code"), of: person, orRecovery: true, visit) else {
      try await storage.write { [now = visit.now] db in
        try AuditLog.append(.sessionRefused(person: person.id), by: .visitor, at: now, in: db)
      }
      let problem = "The code is not right, or was used already. Type the next one."
      return page(
        FactorSignInPage(problem: problem), for: visit, status: .unprocessableContent)
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
