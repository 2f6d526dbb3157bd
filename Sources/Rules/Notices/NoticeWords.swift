/// The words of every notice. They name no person: who was told what is kept for a while, and a
/// name in it would be one more to erase.
extension Notice {
  /// A change waits for approval.
  public static func needsReview(_ change: Change, until: Moment) -> Notice {
    Notice(
      .needsReview, of: change,
      "It needs your review, until \(until.words). Read it and decide on its page.")
  }

  /// A change was decided, or ended before it was run.
  public static func decided(_ change: Change, to state: ChangeState, runBy: Moment?) -> Notice {
    let sentence =
      switch state {
      case .approved:
        "It is approved." + (runBy.map { " It can be run until \($0.words)." } ?? "")
      case .rejected: "It is rejected. Its page says why. Nothing was changed."
      case .withdrawn: "It was taken back. Nothing was changed."
      case .revoked: "It was stopped before it was run. Nothing was changed."
      case .expired: "It has expired. Nothing was changed; propose it again if it is still wanted."
      case .stale: "It was overtaken by events. Nothing was changed; its page says by which."
      default: "It is now: \(state.words)."
      }
    return Notice(.decided, of: change, sentence)
  }

  /// A run came to its end.
  public static func ended(_ change: Change, in state: ChangeState) -> Notice {
    let sentence =
      switch state {
      case .succeeded: "Its run is done: everything is as planned."
      case .failedNoEffect: "Its run failed. Nothing was changed; its page says why."
      case .failedPartial:
        "Its run failed part-way. Its page says what was done and what is left to do."
      case .unknown:
        "Nobody knows what became of its run. Nothing is sent again by itself; its page says "
          + "what was sent."
      default: "Its run ended: \(state.words)."
      }
    return Notice(.ended, of: change, sentence)
  }

  /// The time of a change is nearly over.
  public static func expiring(_ change: Change, at moment: Moment, isApproved: Bool) -> Notice {
    let what = isApproved ? "It is approved and was not run yet." : "It still waits for approval."
    return Notice(.expiring, of: change, what + " It expires on \(moment.words).")
  }

  /// Findings that were not red when they were last known.
  public static func red(_ findings: [Finding], site: String) -> Notice {
    let count = findings.count == 1 ? "A finding has" : "\(findings.count) findings have"
    let lines = findings.map { "- \($0.expectation): \($0.state)" }
    return Notice(
      kind: .findingRed, thread: "findings of \(site)", subject: "Findings of \(site)",
      body: (["\(count) turned red."] + lines).joined(separator: "\n"), path: "/resources")
  }

  /// Somebody declared an emergency.
  public static func brokenGlass(_ number: Int64, until: Moment) -> Notice {
    Notice(
      kind: .breakGlass, thread: "E-\(number)", subject: "E-\(number): emergency",
      body: "An emergency is declared: until \(until.words) one person runs what restores the "
        + "service without an approval. Somebody else reviews it within "
        + "\(Span.words(ms: Emergency.reviewWithinMs)).",
      path: "/safety")
  }

  /// Nothing happened: somebody wants to see whether notices arrive.
  public static func test(at now: Moment) -> Notice {
    Notice(
      kind: .test, thread: "test", subject: "Caretaker: a test",
      body: "This is a test, asked for on \(now.words). Nothing happened.",
      path: "/notifications")
  }

  private init(_ kind: Kind, of change: Change, _ sentence: String) {
    self.init(
      kind: kind, thread: "CR-\(change.number)",
      subject: "CR-\(change.number): \(change.plan.title)", body: sentence,
      path: "/changes/\(change.number)", change: change.number)
  }
}
