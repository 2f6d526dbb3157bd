import GRDB
import HTTP
import HTTPTypes
import Mustache
import Rules

/// Where somebody who was given a link chooses a password.
struct PasswordLinkPage: Page {
  let problems: [Mistake]
  /// The link; nil where it is used, over, or never was, which all look the same.
  let link: PasswordLink?
  let token: String
  /// Who is signed in already.
  let signedIn: String

  static let template = "account/password-link"
  static let section: Section? = nil
  var title: String {
    guard link != nil else { return "This link does not work" }
    guard signedIn.isEmpty else { return "Sign out first" }
    return "Choose your password"
  }

  static let fields: [Field<PasswordLinkPage>] = [
    .text("heading", { $0.link?.person.name ?? "" }),
    .text("login", { $0.link?.person.login ?? "" }),
    .text("role", { $0.link?.person.role.rawValue ?? "" }),
    .flag("usable", { $0.link != nil && $0.signedIn.isEmpty }),
    .flag("isNew", { $0.link?.isFirst == true }),
    .text("signedIn", { $0.link == nil ? "" : $0.signedIn }), .text("token", { $0.token }),
    .text(
      "lengthMin", { String(Passwords.lengthMin(hasFactor: $0.link?.hasFactor == true)) }),
  ]
}

extension Portal {
  /// The form of a link; opening it uses nothing up.
  func showPasswordLink(_ visit: Visit) async throws -> Response {
    let link = try await passwordLink(visit)
    return passwordLink(link, problems: [], visit)
  }

  /// Sets the password that was chosen. Whoever never had one is signed in with it; others sign in,
  /// for the link alone is not all that may be asked of them.
  func usePasswordLink(_ visit: Visit) async throws -> Response {
    guard let link = try await passwordLink(visit), visit.caller == nil else {
      return passwordLink(try await passwordLink(visit), problems: [], visit)
    }
    let new = visit.form["new_password"] ?? ""
    let problem = Passwords.problem(
      with: new, again: visit.form["new_password_again"] ?? "", hasFactor: link.hasFactor)
    if let problem {
      return passwordLink(link, problems: [problem], visit)
    }
    let hash = try await passwords.hashed(new)
    let tokenHash = Token(visit.parameters["token"] ?? "").hash
    let used = try await storage.write { [now = visit.now] db -> PasswordLink? in
      // Of two who use it at once, the second finds it gone.
      guard let link = try PasswordLinkStore.find(tokenHash: tokenHash, at: now, in: db) else {
        return nil
      }
      try PersonStore.setPassword(link.person.id, hash: hash, at: now, in: db)
      try PersonStore.tie(link.person.id, to: link.madeBy, at: now, in: db)
      try AuditLog.append(
        .passwordChosen(person: link.person.id, by: link.madeBy), by: .visitor, at: now, in: db)
      return link
    }
    guard let used else { return passwordLink(nil, problems: [], visit) }
    guard used.isFirst else { return .seeOther("/sign-in", saying: .passwordChosen) }
    return try await begin(sessionOf: used.person, visit, then: "/")
  }

  private func passwordLink(_ visit: Visit) async throws -> PasswordLink? {
    let hash = Token(visit.parameters["token"] ?? "").hash
    return try await storage.read { [now = visit.now] db in
      try PasswordLinkStore.find(tokenHash: hash, at: now, in: db)
    }
  }

  private func passwordLink(_ link: PasswordLink?, problems: [Mistake], _ visit: Visit) -> Response
  {
    page(
      PasswordLinkPage(
        problems: problems, link: link, token: visit.parameters["token"] ?? "",
        signedIn: visit.caller?.person.name ?? ""),
      for: visit, status: link == nil ? .notFound : .ok)
  }
}
