import Cryptography
import GRDB
import HTTP
import HTTPTypes
import Rules
import WebAuthn

/// A person's own passkeys, added and removed on the page of second factors.
extension Portal {
  /// The longest label, in characters.
  static let passkeyLabelLengthMax = 60

  /// Adds a passkey that the browser has just made, for the password or a factor there is already.
  func addPasskey(_ visit: Visit) async throws -> Response {
    try await actOnFactors("add a passkey", visit) { person in
      let label = visit.field("label")
      if let problem = try await self.problem(withPasskeyOf: person, label: label) {
        return try await self.factors(for: visit, problems: [problem])
      }
      if visit.caller?.hasFactor == true {
        _ = try await self.confirm(person, visit)
      } else {
        try await self.checkOwner(person, visit)
      }
      let codes = visit.caller?.hasFactor == true ? [] : try self.newCodes()
      let session = self.tokenHash(of: visit)
      let isAdded = try await self.storage.write { [now = visit.now] db in
        guard let made = try self.made(by: visit, in: db),
          try PasskeyStore.insert(
            credential: made.credentialID, of: person.id, key: made.key.encoded,
            counter: made.counter, label: label, at: now, in: db)
        else { return false }
        if !codes.isEmpty { try FactorStore.replaceCodes(of: person.id, with: codes, in: db) }
        try SessionStore.close(of: person.id, but: session, by: .person(person), at: now, in: db)
        try AuditLog.append(
          .factorAdded(person: person.id, kind: .passkey), by: .person(person), at: now, in: db)
        return true
      }
      guard isAdded else { throw Refusal.wrongPasskey }
      guard !codes.isEmpty else { return .seeOther("/account/factors", saying: .passkeyAdded) }
      return try await self.factors(for: visit, codes: codes, knowing: [.passkey])
    }
  }

  /// Removes a passkey, for the password and a factor; a recovery code does for who has lost it.
  func removePasskey(_ visit: Visit) async throws -> Response {
    guard visit.caller?.factors.contains(.passkey) == true else {
      return .seeOther("/account/factors")
    }
    return try await actOnFactors("remove a passkey", visit) { person in
      let passkeys = try await self.storage.read { try PasskeyStore.all(of: person.id, in: $0) }
      guard let passkey = passkeys.first(where: { String($0.id) == visit.field("removed") }) else {
        return .seeOther("/account/factors")
      }
      let isLast = passkeys.count == 1 && visit.caller?.factors == [.passkey]
      try await self.checkRemoval(of: person, isLast: isLast, visit)
      let session = self.tokenHash(of: visit)
      try await self.storage.write { [now = visit.now] db in
        guard try PasskeyStore.remove(passkey.id, of: person.id, in: db) else { return }
        try FactorStore.removeStandIns(of: person.id, isLast: isLast, in: db)
        try SessionStore.close(of: person.id, but: session, by: .person(person), at: now, in: db)
        try AuditLog.append(
          .factorRemoved(person: person.id, kind: .passkey), by: .person(person), at: now, in: db)
      }
      return .seeOther(
        "/account/factors", saying: isLast ? .factorRemoved : .passkeyRemoved)
    }
  }

  /// Why no passkey can be added; nil when one may.
  private func problem(withPasskeyOf person: Person, label: String) async throws -> Mistake? {
    if label.isEmpty || label.unicodeScalars.count > Self.passkeyLabelLengthMax {
      return Mistake(
        "Name the passkey, in \(Self.passkeyLabelLengthMax) characters at most, so that you know "
          + "it later. Nothing was changed.", at: "label")
    }
    let count = try await storage.read { try PasskeyStore.all(of: person.id, in: $0).count }
    guard count < PasskeyStore.countMax else {
      return Mistake(
        "You have \(PasskeyStore.countMax) passkeys, and more are not kept. Nothing was changed: "
          + "remove one first.")
    }
    return nil
  }

  /// The passkey of a form, verified, its offer used up; nil when anything of it is wrong.
  private func made(by visit: Visit, in db: Database) throws -> Registration? {
    guard let new = NewPasskey(visit.form["new_passkey"] ?? ""), let party = relyingParty(visit),
      let offer = try takesOffer(new.offer, visit, in: db)
    else { return nil }
    return try? Registration(
      attestationObject: new.attestationObject, clientData: new.clientData,
      challenge: Self.challenge(of: offer, visit), for: party)
  }

  /// Why browsers make no passkeys at the address that the page was asked at; empty where they do.
  func passkeyObstacle(_ visit: Visit) -> String {
    let own = ownAddress(visit)
    guard let party = RelyingParty(address: own) else {
      return "Browsers make passkeys only for a site with a name, over HTTPS, or for localhost. "
        + "Caretaker is reached as \(own.isEmpty ? "an address without a name" : own)."
    }
    guard let here = Origin.own(visit.request.headers, isSecure: visit.isSecure),
      let shown = RelyingParty(address: here), shown.id != party.id
    else { return "" }
    return "Passkeys are made for \(party.origin) alone. Open Caretaker there to add one."
  }
}
