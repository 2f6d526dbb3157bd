import GRDB
import HTTP
import Rules

extension Portal {
  /// What a person says about a flagged entry. Never the one whose act it tells of.
  func reviewEntry(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let seq = try visit.number("seq")
    let note = String(visit.field("note").unicodeScalars.prefix(Self.reasonLengthMax))
    let verdict = ReviewVerdict(rawValue: visit.field("verdict"))
    do {
      if let secret = SecretScan.find(in: note) { throw Refusal.holdsSecret(secret) }
      guard let verdict else { throw ReviewRefusal.verdictMissing }
      let next = try await storage.write { [now = visit.now] db in
        guard let entry = try AuditStore.entry(seq, in: db) else { throw Failure.notFound }
        if let damage = entry.damage { throw damage }
        guard let review = try ReviewStore.find(seq, in: db) else {
          throw ReviewRefusal.notFlagged
        }
        let person = try PersonStore.find(person.id, in: db) ?? person
        try review.item.check(verdict, note: note, by: person)
        try ReviewStore.dispose(
          of: review.item, verdict, note: note, by: person, at: now, in: db)
        if verdict == .followUp {
          try TodoStore.open(
            "Follow up on entry \(seq): \(note)", change: entry.change, by: .person(person),
            at: now,
            in: db)
        }
        try AuditLog.append(
          .reviewDisposed(entry: seq, verdict: verdict, note: note), by: .person(person), at: now,
          in: db)
        return try ReviewStore.next(for: person, before: seq, in: db)
      }
      return .seeOther(next.map { "/audit/entries/\($0)" } ?? "/audit/review", saying: .reviewed)
    } catch let refusal as ReviewRefusal where refusal.isMendable {
      return try await entry(for: visit, problems: [Mistake(refusal)])
    } catch {
      try await logRefusal(error, of: "review entry \(seq)", by: person, at: visit.now)
      guard let refusal = error as? Refusal, refusal.isMendable else { throw error }
      let missing = verdict == nil ? [Mistake(.verdictMissing)] : []
      return try await entry(
        for: visit, problems: missing + [Mistake(refusal, in: visit.form)])
    }
  }

  /// Writes to the log that an act on it was refused; other errors are none of its business.
  func logRefusal(
    _ error: any Error, of act: String, by person: Person, at now: Moment
  ) async throws {
    let sentence = (error as? ReviewRefusal)?.sentence ?? (error as? Refusal)?.sentence
    guard let sentence else { return }
    try await logRefusal(.actRefused(act: act, why: sentence), by: person, at: now)
  }
}
