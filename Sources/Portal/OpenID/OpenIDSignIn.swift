import GRDB
import HTTP
import HTTPTypes
import Logging
import OpenID
import Rules

/// Signing in through an OpenID provider: authorization code flow with PKCE (OpenID Connect Core
/// 1.0 §3.1, RFC 7636).
extension Portal {
  private static let openIDAnswer = "/sign-in/openid/answer"

  /// Sends the browser to the provider, and notes what it has to come back with.
  func beginOpenID(_ visit: Visit) async throws -> Response {
    guard let openID else { throw Failure.notFound }
    let endpoints: OpenIDProvider.Endpoints
    do { endpoints = try await openID.found() } catch let refusal as OpenIDRefusal {
      return try await refused(refusal, visit)
    }
    let ticket = OpenIDTicket(try Token(outside))
    let state = try Token(outside)
    let next = LocalPath(visit.field("next")).text
    try await storage.write { [now = visit.now] db in
      try OpenIDRequestStore.insert(
        stateHash: state.hash, browserHash: ticket.token.hash, next: next, at: now, in: db)
    }
    let address = endpoints.authorization.asking([
      "response_type": "code", "client_id": openID.settings.client, "scope": endpoints.scope,
      "redirect_uri": ownAddress(visit) + Self.openIDAnswer, "state": state.text,
      "nonce": ticket.nonce, "code_challenge": ticket.challenge, "code_challenge_method": "S256",
    ])
    var response = page(OpenIDPage(goingTo: address), for: visit)
    if let refresh = HTTPField.Name("Refresh") { response.headers[refresh] = "0; url=\(address)" }
    response.headers[.setCookie] =
      SetCookie(
        name: openIDCookie(visit), value: ticket.token.text, path: "/",
        maxAgeSeconds: Int(OpenIDRequestStore.liveMs / Span.second), httpOnly: true,
        secure: visit.isSecure, sameSite: .lax
      ).field
    return response
  }

  /// Takes the browser back, with a code or with a refusal.
  func answerOpenID(_ visit: Visit) async throws -> Response {
    guard let openID else { throw Failure.notFound }
    do {
      let (ticket, next) = try await openIDTicket(visit)
      let claims = try await claims(by: openID, ticket, visit)
      let entry = try await storage.write { [now = visit.now] db in
        try OpenIDEntry.of(claims, openID.settings, at: now, in: db)
      }
      guard case .open(let person, let message) = entry else {
        guard case .closed(let refusal, let person) = entry else { throw Failure.notFound }
        return try await refused(refusal, of: person, visit)
      }
      let place = Self.saying(message, at: next)
      guard try await storage.read({ try !FactorStore.exists(for: person.id, in: $0) }) else {
        return try await askForFactor(of: person, visit, then: place, through: .openid)
      }
      return try await begin(sessionOf: person, visit, then: place, through: .openid)
    } catch let refusal as OpenIDRefusal {
      return try await refused(refusal, visit)
    }
  }

  /// What this browser has kept of the sign-in it comes back from. It is used up by that.
  private func openIDTicket(_ visit: Visit) async throws -> (OpenIDTicket, next: String) {
    guard let kept = Cookies(visit.request.headers)[openIDCookie(visit)],
      let state = visit.form["state"]
    else { throw OpenIDRefusal.lost }
    let ticket = OpenIDTicket(Token(kept))
    let next = try await storage.write { [now = visit.now] db in
      try OpenIDRequestStore.take(
        stateHash: Token(state).hash, browserHash: ticket.token.hash, at: now, in: db)
    }
    guard let next else { throw OpenIDRefusal.lost }
    return (ticket, next)
  }

  /// What the provider says of who comes back, by its own signature.
  private func claims(
    by openID: OpenIDProvider, _ ticket: OpenIDTicket, _ visit: Visit
  ) async throws -> IDToken.Claims {
    let settings = openID.settings
    // An answer from another provider must not be taken to this one (RFC 9207 §2.4).
    if let issuer = visit.form["iss"] {
      guard issuer == settings.issuer else { throw OpenIDRefusal.otherIssuer }
    } else if try await openID.found().namesItself {
      throw OpenIDRefusal.otherIssuer
    }
    if let code = visit.form["error"] { throw OpenIDRefusal.answered(code) }
    guard let code = visit.form["code"], !code.isEmpty else { throw OpenIDRefusal.lost }
    let token = try await openID.redeem(
      code: code, verifier: ticket.verifier, redirect: ownAddress(visit) + Self.openIDAnswer)
    let asked = IDToken.Asked(
      issuer: settings.issuer, client: settings.client, nonce: ticket.nonce,
      groupsClaim: settings.groupsClaim)
    let key = try await openID.key(of: token)
    do throws(IDTokenProblem) {
      return try token.claims(signedBy: key, asked: asked, at: visit.now)
    } catch {
      throw OpenIDRefusal(error)
    }
  }

  /// The page that says why nobody was signed in; the log says it too.
  private func refused(
    _ refusal: OpenIDRefusal, of person: Person? = nil, _ visit: Visit
  ) async throws -> Response {
    log.warning("OpenID: \(refusal.entry)\(refusal.code)", metadata: ["id": "\(visit.id)"])
    if refusal.isLogged {
      try await storage.write { [now = visit.now] db in
        try AuditLog.append(
          .sessionRefused(through: .openid, person: person?.id, why: refusal.entry), by: .visitor,
          at: now, in: db)
      }
    }
    let isElsewhere = if case .unreachable = refusal { true } else { false }
    return page(OpenIDPage(refusal), for: visit, status: isElsewhere ? .badGateway : .forbidden)
  }

  private func openIDCookie(_ visit: Visit) -> String {
    Origin.sessionCookie(isSecure: visit.isSecure) + "-openid"
  }

  /// An address of ours that says something there, unless it says something already.
  private static func saying(_ message: Message?, at place: String) -> String {
    guard let message, !place.contains("said=") else { return place }
    return place + (place.contains("?") ? "&" : "?") + "said=" + message.rawValue
  }
}

extension OpenIDRefusal {
  /// The code of a refusal, for the log of who runs the server: only where it looks like one.
  fileprivate var code: String {
    guard case .answered(let code) = self, code.wholeMatch(of: /[a-z_]{1,40}/) != nil else {
      return ""
    }
    return " (\(code))"
  }
}
