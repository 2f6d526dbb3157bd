import Cryptography
import GRDB
import HTTP
import Rules
import WebAuthn

/// Passkeys that answer what a page offered.
extension Portal {
  /// Whom passkeys are made for; nil where browsers make none.
  func relyingParty(_ visit: Visit) -> RelyingParty? { RelyingParty(address: ownAddress(visit)) }

  /// Whether the form holds the answer of a passkey.
  func hasPasskey(_ visit: Visit) -> Bool { visit.form["passkey"]?.isEmpty == false }

  /// Takes the answer of one of a person's passkeys, counted and slowed down as codes are. The
  /// offer is used up in the same transaction, right or wrong.
  /// - Parameter address: counted beside the person where nothing else was shown yet.
  func takesPasskey(
    of person: Person, countedAgainst address: String? = nil, _ visit: Visit
  ) async throws -> Bool {
    guard let answer = PasskeyAnswer(visit.form["passkey"] ?? ""), let party = relyingParty(visit)
    else { return false }
    return try await counting(codesOf: person, and: address, visit) { [self] db in
      guard let offer = try takesOffer(answer.offer, visit, in: db),
        let passkey = try PasskeyStore.find(credential: answer.credentialID, in: db),
        // W3C WebAuthn Level 3 §7.2 step 6: who is known may go unnamed, nobody else.
        passkey.person == person.id,
        answer.userHandle == PasskeyAnswer.handle(of: person.id)
          || answer.userHandle.isEmpty && address == nil,
        let key = try? CredentialKey(passkey.key),
        let counter = try? Assertion.counter(
          verifying: answer.signature, authenticatorData: answer.authenticatorData,
          clientData: answer.clientData, challenge: Self.challenge(of: offer, visit), for: party,
          by: key, after: passkey.counter)
      else { return false }
      try PasskeyStore.use(passkey.id, counter: counter, at: visit.now, in: db)
      return true
    }
  }

  /// Takes whatever a person has: the answer of a passkey, or else a code.
  func takesFactor(
    of person: Person, orRecovery: Bool, _ visit: Visit
  ) async throws -> Bool {
    if hasPasskey(visit) { return try await takesPasskey(of: person, visit) }
    return try await takes(visit.field("code"), of: person, orRecovery: orRecovery, visit)
  }

  /// The offer of an answer, used up; nil unless it was made for who is signed in, and not taken
  /// before.
  func takesOffer(_ text: String, _ visit: Visit, in db: Database) throws -> PasskeyOffer? {
    let offer = PasskeyOffer(text, to: visit.caller?.person.id, key: sealKey, at: visit.now)
    guard let offer, try PasskeyStore.take(offer, at: visit.now, in: db) else { return nil }
    return offer
  }

  /// What the passkey was asked: this form, about the plan or the part of the log that was on the
  /// page. What those say is held against what is there by the rules of the act itself.
  static func challenge(of offer: PasskeyOffer, _ visit: Visit) -> [UInt8] {
    offer.challenge(
      path: visit.request.path, bound: visit.form["digest"] ?? visit.form["head"] ?? "")
  }
}
