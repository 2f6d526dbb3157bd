extension Policy {
  /// Every rule that changes are held to, one sentence each.
  public var sentences: [String] {
    let others = Self.people(guardedApprovals)
    return [
      "What is easily put back is run by one person and logged: starting a stopped service, "
        + "turning a protection on.",
      "A guarded change needs \(others) to approve exactly what will be run: scaling up, a smaller "
        + "backup, another setting of DNS or mail.",
      "What can’t be put back, such as deleting the database, needs "
        + "\(Self.people(irreversibleApprovals)), or \(others) and "
        + "\(Span.words(ms: coolingOffMs)) of rest where the team is too small. Whoever runs it "
        + "types the name of what is lost, and a backup must be fresh.",
      "Nobody approves what they proposed or edited themselves, whichever account they use.",
      "Somebody whom the requester added, promoted or gave a password does not count for "
        + "\(Span.words(ms: tieMs)).",
      "A role approves once it is "
        + (roleAgeMs == 0 ? "given." : "\(Span.words(ms: roleAgeMs)) old."),
      "An edited plan is another plan: every approval before it is void.",
      "A change waits at most \(Span.words(ms: reviewWithinMs)) for its approvals. Approved, "
        + "it is run within \(Span.words(ms: runWithinMs)), what can’t be put back within "
        + "\(Span.words(ms: runIrreversibleWithinMs)), or not at all.",
      "Right before it is run, everything it rests on is read again. Whatever has moved, the price "
        + "too, stops it.",
      "A change that costs more cannot be proposed without its price, nor is anything scaled up by "
        + "prices older than \(PriceAge.daysMax) days.",
      "In a freeze nothing is run but what it excepts.",
      "In an emergency one person runs, for \(Span.words(ms: Emergency.lengthMs)), what brings the "
        + "service back. Somebody else reviews it within "
        + "\(Span.words(ms: Emergency.reviewWithinMs)).",
    ]
  }

  private static func people(_ count: Int64) -> String {
    count == 1 ? "one other person" : "\(count) other people"
  }
}
