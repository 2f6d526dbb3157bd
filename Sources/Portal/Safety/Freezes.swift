import HTTP
import Rules

extension Portal {
  /// Sets a freeze. Making things safer is easy: one person, at once.
  func setFreeze(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let (from, to, reason) = (visit.moment("from"), visit.moment("to"), visit.field("reason"))
    let mistakes = Self.freezeMistakes(from: from, to: to, reason: reason, at: visit.now)
    guard let from, let to, mistakes.isEmpty else {
      return try await safety(problems: mistakes, visit)
    }
    let exceptions = ChangeKind.all.map(\.id).filter { visit.field("except-\($0)") == "yes" }
    try await storage.write { [now = visit.now] db in
      try HouseStore.insert(
        Freeze(number: 0, from: from, to: to, reason: reason, exceptions: Set(exceptions)),
        by: person, at: now, in: db)
    }
    return .seeOther("/safety", saying: .frozen)
  }

  /// What is not right with the form of a freeze; a moment is nil where it can't be read.
  static func freezeMistakes(
    from: Moment?, to: Moment?, reason: String, at now: Moment
  ) -> [Mistake] {
    let most = Span.words(ms: Freeze.lengthMsMax)
    let begin: String? = from == nil ? "Write when the freeze begins, as 2026-11-24T10:05." : nil
    let end: String? =
      if let to {
        if to <= now {
          "The end has passed. A freeze ends later than now."
        } else if let from, to <= from || to.since(from) > Freeze.lengthMsMax {
          "A freeze ends after it begins, and at most \(most) later."
        } else {
          nil
        }
      } else {
        "Write when the freeze ends, as 2026-11-25T10:05."
      }
    return [
      begin.map { Mistake($0, at: "from") }, end.map { Mistake($0, at: "to") },
      .inReason(reason, at: "reason"),
    ].compactMap { $0 }
  }

  /// What is wrong with a reason; nil when nothing is.
  static func problem(with reason: String) -> Refusal? {
    reason.isEmpty ? .reasonMissing : SecretScan.find(in: reason).map(Refusal.holdsSecret)
  }
}
