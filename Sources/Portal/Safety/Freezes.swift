import HTTP
import Rules

extension Portal {
  /// Sets a freeze. Making things safer is easy: one person, at once.
  func setFreeze(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    guard let from = visit.moment("from"),
      let to = visit.moment("to"), from < to, to > visit.now,
      to.since(from) <= Freeze.lengthMsMax
    else {
      return try await safety(
        problem: Mistake(
          "A freeze has a beginning and a later end, at most "
            + "\(Span.words(ms: Freeze.lengthMsMax)) apart, written as 2026-11-24T10:05.",
          at: visit.moment("from") == nil ? "from" : "to"), visit)
    }
    let reason = String(visit.field("reason").unicodeScalars.prefix(Self.reasonLengthMax))
    if let problem = Self.problem(with: reason) {
      return try await safety(problem: Mistake(problem, in: visit.form), visit)
    }
    let exceptions = ChangeKind.all.map(\.id).filter { visit.field("except-\($0)") == "yes" }
    try await storage.write { [now = visit.now] db in
      try HouseStore.insert(
        Freeze(number: 0, from: from, to: to, reason: reason, exceptions: Set(exceptions)),
        by: person, at: now, in: db)
    }
    return .seeOther("/safety", saying: .frozen)
  }

  /// What is wrong with a reason; nil when nothing is.
  static func problem(with reason: String) -> Refusal? {
    reason.isEmpty ? .reasonMissing : SecretScan.find(in: reason).map(Refusal.holdsSecret)
  }
}
