/// Reviews of the log.
extension AuditEvent {
  /// A person said what they think of a flagged entry.
  public static func reviewDisposed(
    entry: Int64, verdict: ReviewVerdict, note: String
  ) -> AuditEvent {
    AuditEvent(
      "review.disposed",
      [
        "entry": .integer(entry), "verdict": .string(verdict.rawValue), "note": .string(note),
      ])
  }

  /// A person signed for a stretch of the log.
  /// - Parameter counts: how many entries of each type are in it.
  public static func reviewSigned(_ period: ReviewPeriod, counts: [String: Int64]) -> AuditEvent {
    AuditEvent(
      "review.signed",
      [
        "first": .integer(period.first), "last": .integer(period.last),
        "head": .string(period.head), "in_order": .integer(period.inOrder),
        "follow_up": .array(period.followUps.map(Canonical.integer)),
        "incident": .array(period.incidents.map(Canonical.integer)),
        "counts": .array(
          counts.sorted { $0.key < $1.key }.map { type, count in
            .object(["type": .string(type), "count": .integer(count)])
          }),
      ])
  }
}

extension AuditSentence {
  /// What a reviewer did, in words; the type itself where it is none of its own.
  static func ofReview(_ entry: Words) -> String {
    switch entry.type {
    case "review.disposed":
      let verdict = entry.text("verdict")
      return "reviewed entry \(entry.number("entry")): "
        + (ReviewVerdict(rawValue: verdict)?.words ?? verdict) + entry.noted("note")
    case "review.signed":
      return "signed for the log from entry \(entry.number("first")) to \(entry.number("last"))"
    default: return entry.type
    }
  }
}
