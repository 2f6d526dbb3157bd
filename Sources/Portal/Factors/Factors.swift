import Cryptography
import GRDB
import HTTP
import HTTPTypes
import Rules

/// A person's own second factor.
extension Portal {
  /// What there is, or what may be added.
  func showFactors(_ visit: Visit) async throws -> Response {
    try await factors(for: visit)
  }

  /// Adds a factor once the app gives a right code of the secret that was offered. Whoever sits at
  /// a session left open can't: the password is asked for.
  func addFactor(_ visit: Visit) async throws -> Response {
    guard visit.caller?.factors.contains(.code) == false else {
      return .seeOther("/account/factors")
    }
    let offer = visit.field("offer")
    return try await actOnFactors("add a second factor", visit, keeping: offer) { person in
      guard let secret = self.factorKey.secret(ofOffer: offer, to: person.id, at: visit.now) else {
        let problem = Mistake(
          "That secret was offered too long ago. Nothing was changed: add this one.", at: "code")
        return try await self.factors(for: visit, problems: [problem])
      }
      try await self.checkOwner(person, visit)
      // Somebody who has a passkey shows that too: a password alone would undo it.
      let isFirst = visit.caller?.hasFactor == false
      if !isFirst { _ = try await self.confirm(person, visit) }
      let codes = isFirst ? try self.newCodes() : []
      let sealed = try self.factorKey.seal(
        secret, of: person.id, nonce: self.outside.randomBytes(SealingKey.nonceLength))
      let typed = visit.field("code").filter { !$0.isWhitespace }
      let session = self.tokenHash(of: visit)
      let isAdded = try await self.counting(codesOf: person, visit) { [now = visit.now] db in
        let step = OneTimeCode.step(typed: typed, secret: secret, atMs: now.ms, after: 0)
        guard let step, try FactorStore.find(person.id, in: db) == nil else { return false }
        try FactorStore.insert(secret: sealed, of: person.id, step: step, at: now, in: db)
        if isFirst { try FactorStore.replaceCodes(of: person.id, with: codes, in: db) }
        try SessionStore.close(
          of: person.id, but: session, by: .person(person), at: now, in: db)
        try AuditLog.append(
          .factorAdded(person: person.id, kind: .code), by: .person(person), at: now, in: db)
        return true
      }
      guard isAdded else { throw Refusal.wrongCode }
      return try await self.factors(for: visit, codes: codes, knowing: [.code])
    }
  }

  /// Gives other recovery codes, for a code of the app or a passkey.
  func renewRecoveryCodes(_ visit: Visit) async throws -> Response {
    guard visit.caller?.hasFactor == true else { return .seeOther("/account/factors") }
    return try await actOnFactors("renew the recovery codes", visit) { person in
      _ = try await self.confirm(person, visit)
      let codes = try self.newCodes()
      try await self.storage.write { [now = visit.now] db in
        try FactorStore.replaceCodes(of: person.id, with: codes, in: db)
        try AuditLog.append(
          .recoveryRenewed(person: person.id), by: .person(person), at: now, in: db)
      }
      return try await self.factors(for: visit, codes: codes)
    }
  }

  /// Removes the codes of the app, for the password and a factor; a recovery code does for who has
  /// lost the app.
  func removeFactor(_ visit: Visit) async throws -> Response {
    guard visit.caller?.factors.contains(.code) == true else {
      return .seeOther("/account/factors")
    }
    return try await actOnFactors("remove the second factor", visit) { person in
      let isLast = visit.caller?.factors == [.code]
      try await self.checkRemoval(of: person, isLast: isLast, visit)
      let session = self.tokenHash(of: visit)
      try await self.storage.write { [now = visit.now] db in
        try FactorStore.remove(of: person.id, isLast: isLast, in: db)
        try SessionStore.close(
          of: person.id, but: session, by: .person(person), at: now, in: db)
        try AuditLog.append(
          .factorRemoved(person: person.id, kind: .code), by: .person(person), at: now, in: db)
      }
      return .seeOther(
        "/account/factors", saying: isLast ? .factorRemoved : .codesRemoved)
    }
  }

  /// Whether a person may take a factor away: they show the password and a factor, and where it is
  /// the last one the password has to be strong enough alone.
  func checkRemoval(of person: Person, isLast: Bool, _ visit: Visit) async throws {
    try await checkOwner(person, visit)
    if isLast, visit.caller?.signsInElsewhere == false,
      let why = Passwords.problem(with: visit.form["password"] ?? "", hasFactor: false)
    {
      throw Refusal.passwordWeakAlone(why.sentence)
    }
    guard try await takesFactor(of: person, orRecovery: true, visit) else {
      throw hasPasskey(visit) ? Refusal.wrongPasskey : Refusal.wrongCode
    }
  }

  func newCodes() throws -> [RecoveryCode] {
    try (0..<RecoveryCode.count).map { _ in try RecoveryCode(outside) }
  }

  /// Does an act; a refusal is written to the log and comes back to the page with its sentence.
  func actOnFactors(
    _ act: String, _ visit: Visit, keeping offer: String = "",
    _ work: (Person) async throws -> Response
  ) async throws -> Response {
    let person = try visit.person
    do {
      return try await work(person)
    } catch let refusal as Refusal {
      try await logRefusal(.actRefused(act: act, why: refusal.entry), by: person, at: visit.now)
      return try await factors(
        for: visit, problems: [Mistake(refusal, in: visit.form)], keeping: offer)
    }
  }

  /// The page.
  /// - Parameters:
  ///   - added: what the person has only since this request.
  ///   - offer: the secret that was on the page before, so that the app's entry stays good.
  func factors(
    for visit: Visit, problems: [Mistake] = [], codes: [RecoveryCode] = [],
    knowing added: Set<FactorKind> = [], keeping offer: String = ""
  ) async throws -> Response {
    let person = try visit.person
    let (factor, passkeys, left) = try await storage.read { db in
      (
        try FactorStore.find(person.id, in: db), try PasskeyStore.all(of: person.id, in: db),
        try FactorStore.codesLeft(of: person.id, in: db)
      )
    }
    let content = FactorsPage(
      person: person, since: factor.map { When($0.addedAt, now: visit.now) }, codesLeft: left,
      codes: codes.map(\.text),
      offer: factor == nil ? try self.offer(to: person, keeping: offer, at: visit.now) : nil,
      passkeys: passkeys, label: problems.isEmpty ? "" : visit.field("label"),
      obstacle: passkeyObstacle(visit), problems: problems,
      signsInElsewhere: visit.caller?.signsInElsewhere == true,
      isRequired: configuration.requiresFactor, now: visit.now)
    let visit = visit.knowing(added)
    return page(content, for: visit)
  }

  private func offer(
    to person: Person, keeping kept: String, at now: Moment
  ) throws -> FactorOffer {
    if let secret = factorKey.secret(ofOffer: kept, to: person.id, at: now) {
      return FactorOffer(sealed: kept, secret: secret, login: person.login)
    }
    let secret = Secret(bytes: try outside.randomBytes(OneTimeCode.secretLength))
    let sealed = try factorKey.offer(
      secret, to: person.id, at: now, nonce: outside.randomBytes(SealingKey.nonceLength))
    return FactorOffer(sealed: sealed, secret: secret, login: person.login)
  }
}
