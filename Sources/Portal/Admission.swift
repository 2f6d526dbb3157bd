import Cryptography
import GRDB
import HTTP
import HTTPTypes
import Rules

/// Who a request is from and whether it may go on. Every request passes here, once.
extension Portal {
  /// The request with its session, its form and the figures of the frame: one read.
  func arrival(
    of request: Request, id: String, parameters: [String: String]
  ) async throws -> Visit {
    let now = outside.now()
    let origin = Origin(of: request, trusting: configuration.trustedProxies)
    let (form, files) = try await form(of: request)
    let cookie = Origin.sessionCookie(isSecure: origin.isSecure)
    let hash = Cookies(request.headers)[cookie].map { Token($0).hash }
    let site = configuration.sites[0].name
    let (session, surroundings) = try await storage.read { [self] db in
      let session = try hash.flatMap { try SessionStore.find(tokenHash: $0, at: now, in: db) }
      let reviewer = session.flatMap { $0.caller.person.may(.review) ? $0.caller.person : nil }
      return (
        session,
        Surroundings(
          unknown: try ChangeStore.unknownNumbers(in: db),
          emergencies: try HouseStore.openEmergencies(at: now, in: db),
          waiting: try ChangeStore.waitingCount(at: now, in: db),
          todos: try TodoStore.count(at: now, in: db),
          polledAt: try ObservationStore.newest(site: site, in: db),
          notices: try notices(at: now, in: db),
          review: try reviewer.map { try PeriodStore.standing(for: $0, in: db) },
          log: try self.logLine(at: now, in: db))
      )
    }
    if let session, session.isDue {
      // A page is shown also when the database can't be written.
      let hash = session.caller.tokenHash
      try? await storage.write { try SessionStore.touch(tokenHash: hash, at: now, in: $0) }
    }
    return Visit(
      request: request, id: id, now: now, address: origin.address, isSecure: origin.isSecure,
      parameters: parameters, form: form, surroundings: surroundings, caller: session?.caller,
      files: files)
  }

  /// What was typed, and the files that came with it. An act takes values from its form alone: of
  /// two places nobody could tell which one was checked.
  private func form(of request: Request) async throws -> (Form, [Multipart.File]) {
    guard request.method != .post || request.query == nil else { throw Failure.twoSources }
    do {
      if let body = request.file {
        let multipart = try await themeLibrary.run {
          try Multipart(body, contentType: request.headers[.contentType])
        }
        return (Form(multipart), multipart.files)
      }
      return request.method == .post
        ? (try Form(urlencoded: request.body), []) : (try Form(query: request.query), [])
    } catch let problem as FormProblem {
      throw Failure.badForm("\(problem)")
    } catch let problem as MultipartProblem {
      throw Failure.badForm("\(problem)")
    }
  }

  /// Refuses every act but those of a session while another portal may work: what is written here
  /// may be in a copy that nobody goes on with.
  func checkLease(of visit: Visit) throws(Refusal) {
    let isOfSession = ["/sign-in", "/session"].contains { visit.request.path.hasPrefix($0) }
    if visit.request.method == .post, !isOfSession { try lease.check() }
  }

  /// Refuses an act that another site's page may have sent: by what the browser says of the
  /// source, and by the token of the session's own forms. Refuses to be a part of such a page too.
  func checkSource(of visit: Visit, to route: Route) async throws {
    guard visit.request.method == .post else {
      guard !Origin.isEmbedded(visit.request.headers) else { throw Failure.embedded }
      return
    }
    let isOurs = Origin.isSame(visit.request.headers, isSecure: visit.isSecure)
    guard let caller = visit.caller else {
      if isOurs { return } else { throw Failure.badToken }
    }
    let token = Array((visit.form["form_token"] ?? "").utf8)
    guard isOurs, constantTimeEqual(token, Array(caller.formToken.utf8)) else {
      try await logAccessRefused(to: route, visit, caller.person, why: Failure.badToken.title)
      throw Failure.badToken
    }
  }

  /// The texts that are left to the handler, which gives the form back with what was typed.
  static let givenBack: Set = ["reason", "note", "text", "use_case"]

  /// Refuses a form that holds what looks like a secret in any field but a password's, whatever
  /// the route makes of it.
  func checkText(of visit: Visit, to route: Route) async throws {
    guard visit.request.method == .post else { return }
    for (name, value) in visit.form.fields
    where !name.contains("password") && !Self.givenBack.contains(name)
      && !PasskeyAnswer.fields.contains(name)
    {
      guard let secret = SecretScan.find(in: value) else { continue }
      let refusal = Refusal.holdsSecret(secret)
      if let person = visit.caller?.person {
        try await logAccessRefused(to: route, visit, person, why: refusal.sentence)
      }
      throw refusal
    }
  }

  /// Whether the visit may use the route; false when signing in may help.
  /// - Throws: the refusal of a signed-in person, after it is in the log.
  func isAdmitted(_ visit: Visit, to route: Route) async throws -> Bool {
    guard case .only(let permission) = route.access else { return true }
    guard let person = visit.caller?.person else { return false }
    guard person.may(permission) else {
      let refusal = Refusal.notPermitted(permission)
      try await logAccessRefused(to: route, visit, person, why: refusal.sentence)
      throw refusal
    }
    return true
  }

  /// Whether its person has to add a second factor before this route serves them.
  func mustAddFactor(_ visit: Visit, for route: Route) -> Bool {
    configuration.requiresFactor && visit.caller?.hasFactor == false && !route.servesWithoutFactor
  }

  func logAccessRefused(
    to route: Route, _ visit: Visit, _ person: Person, why: String
  ) async throws {
    let change = try? visit.number("number")
    try await logRefusal(
      .accessRefused(route: route.name, change: change, why: why), by: person, at: visit.now)
  }

  /// Writes the refusal of a signed-in person to the log. Without the entry there is no answer.
  func logRefusal(_ event: AuditEvent, by person: Person, at now: Moment) async throws {
    try await storage.write { db in
      try AuditLog.append(event, by: .person(person), at: now, in: db)
    }
  }

  /// Sends somebody who is not signed in to sign in, and a reader back to the page afterwards.
  func signInRedirect(for visit: Visit) -> Response {
    let isPage = visit.request.method != .post && visit.request.path != "/"
    return .seeOther(isPage ? "/sign-in?next=" + percentEncoded(visit.request.target) : "/sign-in")
  }
}
