import Cryptography
import GRDB
import HTTP
import Rules

/// What a person confirms with, looked at anew for each decision.
extension Portal {
  /// Asks once more, for this one decision: for a passkey or a code of the app from who has them,
  /// for the password from everybody else. A code is used up by it, and a passkey signs for this
  /// form alone, so the same form sent again, or for another plan or decision, proves nothing.
  /// - Throws: a `Refusal` when it is wrong, `Failure` when it is too soon to try again.
  func confirm(_ person: Person, _ visit: Visit) async throws -> Proof {
    if hasPasskey(visit) {
      guard try await takesPasskey(of: person, visit) else { throw Refusal.wrongPasskey }
      visit.proof.show()
      return .passkey
    }
    let kinds = try await storage.read { try FactorStore.kinds(of: person.id, in: $0) }
    if kinds.isEmpty {
      guard try await storage.read({ try !PersonStore.signsInElsewhere(person.id, in: $0) }) else {
        throw Refusal.factorNeeded
      }
      guard try await isRightPassword(of: person, visit) else { throw Refusal.wrongPassword }
      visit.proof.show()
      return .password
    }
    guard kinds.contains(.code) else { throw Refusal.wrongPasskey }
    guard try await takes(visit.field("code"), of: person, orRecovery: false, visit) else {
      throw Refusal.wrongCode
    }
    visit.proof.show()
    return .code
  }

  /// Whether the password in the form is the person's.
  func isRightPassword(of person: Person, _ visit: Visit) async throws -> Bool {
    let hash = try await storage.read { try PersonStore.passwordHash(of: person.id, in: $0) }
    return try await isRight(
      visit.form["password"] ?? "", hash: hash, person: person, account: Self.account(of: person),
      visit)
  }

  /// Checks that it is the person themselves who changes what they sign in with: by the password,
  /// or, of who has none, by having come from the provider just now.
  func checkOwner(_ person: Person, _ visit: Visit) async throws {
    guard visit.caller?.signsInElsewhere == true else {
      guard try await isRightPassword(of: person, visit) else { throw Refusal.wrongPassword }
      return
    }
    let session = tokenHash(of: visit) ?? []
    let sessions = try await storage.read { [now = visit.now] db in
      try SessionStore.open(of: person.id, at: now, in: db)
    }
    guard let own = sessions.first(where: { $0.hash.elementsEqual(session) }),
      visit.now.since(own.startedAt) <= Self.ownerWithinMs
    else { throw Refusal.signInTooOld }
  }

  /// How long after signing in elsewhere somebody may change their second factor.
  static let ownerWithinMs = 10 * Span.minute

  /// Takes a code of a person's factor, counted and slowed down apart from passwords. One that was
  /// right is used up in the same transaction.
  func takes(
    _ typed: String, of person: Person, orRecovery: Bool, _ visit: Visit
  ) async throws -> Bool {
    try await counting(codesOf: person, visit) { [factorKey, now = visit.now] db in
      if orRecovery, let code = RecoveryCode(typed: typed) {
        guard try FactorStore.take(code, of: person.id, at: now, in: db) else { return false }
        let left = Int64(try FactorStore.codesLeft(of: person.id, in: db))
        try AuditLog.append(
          .recoveryUsed(person: person.id, left: left), by: .person(person), at: now, in: db)
        return true
      }
      guard let factor = try FactorStore.find(person.id, in: db),
        let secret = factorKey.open(factor.secret, of: person.id),
        let step = OneTimeCode.step(
          typed: typed.filter { !$0.isWhitespace }, secret: secret, atMs: now.ms,
          after: factor.lastStep)
      else { return false }
      return try FactorStore.take(step, of: person.id, in: db)
    }
  }

  /// Counts a try of a code against its person alone, then looks at it; who was wrong too often
  /// waits. Whoever gets here has shown a password or a session, so an address tells nothing more.
  /// - Parameter address: counted too, where they have not.
  func counting(
    codesOf person: Person, and address: String? = nil, _ visit: Visit,
    _ isRight: @escaping @Sendable (Database) throws -> Bool
  ) async throws -> Bool {
    let account = "factor:\(person.id)"
    let (wait, isRight) = try await storage.write { [now = visit.now] db -> (Int64, Bool) in
      let subjects = [account] + (address.map { [$0] } ?? [])
      let wait = try Throttle.attempt(subjects, at: now, in: db)
      guard wait == 0, try isRight(db) else { return (wait, false) }
      try Throttle.succeeded(account: account, in: db)
      if let address { try Throttle.succeeded(account: account, address: address, in: db) }
      return (0, true)
    }
    guard wait == 0 else { throw Failure.tooManyAttempts(waitMs: wait) }
    return isRight
  }
}
