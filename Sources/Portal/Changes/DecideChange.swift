import GRDB
import HTTP
import Rules

/// Votes: approval, rejection, and an approval taken back.
extension Portal {
  /// Agrees to a change of somebody else.
  func approveChange(_ visit: Visit) async throws -> Response {
    try await decide(.approve, "approve", visit, saying: .approved)
  }

  /// Refuses a change of somebody else.
  func rejectChange(_ visit: Visit) async throws -> Response {
    try await decide(.reject, "reject", visit, saying: .rejected)
  }

  /// Takes one's approval back.
  func withdrawVote(_ visit: Visit) async throws -> Response {
    try await decide(.withdraw, "take back the approval of", visit, saying: .voteWithdrawn)
  }

  private func decide(
    _ decision: Vote.Decision, _ act: String, _ visit: Visit, saying message: Message
  ) async throws -> Response {
    let person = try visit.person
    let number = try visit.number("number")
    let seen = visit.field("digest")
    let note = String(visit.field("note").prefix(Self.reasonLengthMax))
    return try await auditingRefusal(of: act, number, by: person, visit) {
      // The rules first: who may not decide is told so, whatever the password.
      try await self.storage.read { [now = visit.now] db in
        _ = try ChangeStore.find(number, in: db).decide(
          decision, by: person, seeing: seen, note: note,
          in: HouseStore.house(at: now, in: db))
      }
      // Taking an approval back makes things safer, so it is asked for nothing.
      let proof = try await decision == .withdraw ? nil : self.confirm(person, visit)
      try await self.storage.write { [now = visit.now] db in
        let change = try ChangeStore.find(number, in: db)
        let house = try HouseStore.house(at: now, in: db)
        let state = try change.decide(
          decision, by: person, seeing: seen, note: note, in: house)
        try ChangeStore.cast(
          Vote(personID: person.id, digest: seen, decision: decision, at: now), note: note,
          by: person, confirmedBy: proof, on: change, to: state, in: house, db)
      }
      return .seeOther("/changes/\(number)", saying: message)
    }
  }

  /// Does an act on a change; a refusal is written to the log before it is shown. One that can be
  /// mended by typing again comes back to the change, with what was typed.
  func auditingRefusal(
    of act: String, _ number: Int64, by person: Person, _ visit: Visit,
    _ work: @Sendable () async throws -> Response
  ) async throws -> Response {
    do {
      if let secret = SecretScan.find(in: visit.field("note")) { throw Refusal.holdsSecret(secret) }
      return try await work()
    } catch let refusal as Refusal {
      try await logRefusal(
        .changeRefused(number: number, act: act, why: refusal.entry), by: person, at: visit.now)
      guard refusal.isMendable else { throw refusal }
      return try await change(for: visit, problems: Mistake.all(refusal, in: visit.form))
    }
  }
}
