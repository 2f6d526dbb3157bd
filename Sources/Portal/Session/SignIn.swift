import Cryptography
import GRDB
import HTTP
import HTTPTypes
import Rules

extension Portal {
  /// Begins a session. The answer to a wrong password is the answer to an unknown name, in words
  /// and in time.
  func signIn(_ visit: Visit) async throws -> Response {
    let next = LocalPath(visit.field("next")).text
    let typed = visit.field("login")
    do { return try await signIn(visit, as: typed, then: next) } catch let error as DatabaseError {
      guard let why = error.unwritable else { throw error }
      return page(
        signInPage(next: next, login: typed, problems: [Mistake("Nobody can sign in now. \(why)")]),
        for: visit, status: .serviceUnavailable)
    }
  }

  private func signIn(
    _ visit: Visit, as typed: String, then next: String
  ) async throws -> Response {
    let (login, password) = (Login(typed), visit.form["password"] ?? "")
    let mistakes = [
      login == nil ? Mistake("Type your name.", at: "login") : nil,
      password.isEmpty ? Mistake("Type your password.", at: "password") : nil,
    ].compactMap { $0 }
    guard let login, mistakes.isEmpty else {
      return page(signInPage(next: next, login: typed, problems: mistakes), for: visit)
    }
    let known = try await storage.read { try PersonStore.find(login: login.text, in: $0) }
    let person = known.flatMap { $0.person.isActive ? $0.person : nil }
    let matches = try await isRight(
      password, hash: person == nil ? nil : known?.passwordHash, person: person,
      account: known.map { Self.account(of: $0.person) } ?? unknownAccount(login), visit)
    guard let person, matches else {
      if let known {
        try await storage.write { [now = visit.now] db in
          try AuditLog.append(
            .sessionRefused(person: known.person.id), by: .visitor, at: now, in: db)
        }
      }
      let problem = Mistake(
        "Name or password is not right. Check both and try again.", at: "login")
      return page(
        signInPage(next: next, login: typed, problems: [problem]), for: visit)
    }
    guard try await storage.read({ try !FactorStore.exists(for: person.id, in: $0) }) else {
      return try await askForFactor(of: person, visit, then: next)
    }
    return try await begin(sessionOf: person, visit, then: next)
  }

  /// Ends the session, here and in the browser.
  func signOut(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    if let hash = tokenHash(of: visit) {
      try await storage.write { [now = visit.now] db in
        try SessionStore.end(tokenHash: hash, in: db)
        try AuditLog.append(.sessionEnded, by: .person(person), at: now, in: db)
      }
    }
    var response = Response.seeOther("/sign-in", saying: .signedOut)
    response.headers[.setCookie] = sessionCookie("", maxAgeSeconds: 0, visit)
    if let name = HTTPField.Name("Clear-Site-Data") {
      response.headers[name] = "\"cache\", \"cookies\", \"storage\""
    }
    return response
  }

  /// Whether a password is right, counted and slowed down; used at sign-in and wherever a person
  /// confirms with it.
  func isRight(
    _ password: String, hash: String?, person: Person?, account: String, _ visit: Visit
  ) async throws -> Bool {
    let address = "address:" + visit.address
    let wait = try await storage.write { [now = visit.now] db in
      try Throttle.attempt([account, address], at: now, in: db)
    }
    guard wait == 0 else { throw Failure.tooManyAttempts(waitMs: wait) }
    let (matches, rehash) = try await passwords.check(password, against: hash)
    guard matches else { return false }
    try await storage.write { db in
      try Throttle.succeeded(account: account, address: address, in: db)
      if let rehash, let person { try PersonStore.rehash(person.id, hash: rehash, in: db) }
    }
    return true
  }

  /// The account that guesses are counted against.
  static func account(of person: Person) -> String { "person:\(person.id)" }

  /// The same for a name that nobody has. It may be a password typed into the wrong field, so only
  /// a code of it is kept, which nobody can make without this portal's key.
  private func unknownAccount(_ login: Login) -> String {
    let message = Array("unknown-login-v1\0\(login.text)".utf8)
    return "unknown:" + Hex.encode(HMACSHA256.code(key: sealKey, message: message))
  }

  /// Begins a session with a token of its own. The token that the browser came with, of another
  /// session or of half of one, is good for nothing any more.
  /// - Parameter way: through what they have come in; nil for a password.
  func begin(
    sessionOf person: Person, _ visit: Visit, then next: String, through way: SignInWay? = nil
  ) async throws -> Response {
    let (token, formToken) = (try Token(outside), try Token(outside))
    let old = tokenHash(of: visit)
    try await storage.write { [now = visit.now, address = visit.address] db in
      if let old {
        try SessionStore.end(tokenHash: old, in: db)
        try HalfSessionStore.end(tokenHash: old, in: db)
      }
      try SessionStore.insert(
        tokenHash: token.hash, person: person.id, formToken: formToken.text, address: address,
        at: now, in: db)
      try AuditLog.append(.sessionStarted(through: way), by: .person(person), at: now, in: db)
    }
    var response = Response.seeOther(next)
    response.headers[.setCookie] = sessionCookie(token.text, maxAgeSeconds: nil, visit)
    return response
  }

  /// Gives the session another token once its person has shown anew who they are, so that whoever
  /// had seen the one before has nothing (ASVS 5.0, 7.2.4).
  func renewingSession(of visit: Visit, after response: Response) async throws -> Response {
    guard visit.proof.isShown, let caller = visit.caller, response.headers[.setCookie] == nil else {
      return response
    }
    let token = try Token(outside)
    // What was done stays done where this can't be written.
    let isRenewed = try? await storage.write { [now = visit.now] db in
      try SessionStore.renew(tokenHash: caller.tokenHash, as: token.hash, at: now, in: db)
    }
    guard isRenewed == true else { return response }
    var response = response
    response.headers[.setCookie] = sessionCookie(token.text, maxAgeSeconds: nil, visit)
    return response
  }

  /// The hash of the token of the session, or of half of one; nil where the browser sent none.
  func tokenHash(of visit: Visit) -> [UInt8]? {
    visit.caller?.tokenHash
      ?? Cookies(visit.request.headers)[sessionCookieName(visit)].map { Token($0).hash }
  }

  private func sessionCookieName(_ visit: Visit) -> String {
    Origin.sessionCookie(isSecure: visit.isSecure)
  }

  /// The cookie of a session, or of half of one.
  func sessionCookie(_ value: String, maxAgeSeconds: Int?, _ visit: Visit) -> String {
    SetCookie(
      name: sessionCookieName(visit), value: value, path: "/", maxAgeSeconds: maxAgeSeconds,
      httpOnly: true, secure: visit.isSecure, sameSite: .lax
    ).field
  }
}
