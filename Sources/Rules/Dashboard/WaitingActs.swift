// What waits for one person, decided by the rules that decide the acts themselves.

extension Change {
  /// What this change asks of a person now; nil where it asks nothing of them.
  /// - Parameter executors: the numbers of everybody who ran it.
  public func attention(
    of person: Person, executors: Set<Int64>, in house: House
  ) -> AttentionItem? {
    let place = AttentionItem.Place.change(number)
    let name = "CR-\(number): \(plan.title)."
    if (try? checkFinding(by: person, executors: executors, in: house)) != nil {
      return AttentionItem(
        .unknown, name, detail: "Nobody knows what became of it.", at: place,
        act: "Say what you find", moment: proposedAt)
    }
    if (try? decide(.approve, by: person, seeing: digest, note: "", in: house)) != nil {
      return AttentionItem(
        .approval, name, detail: "\(requester.name) asks: “\(reason)”", at: place,
        act: "Read and decide", moment: reviewBy)
    }
    if isReady(for: person, in: house) {
      return AttentionItem(
        .run, name, detail: "Nothing stands in the way of its run.", at: place,
        act: "Read and run", moment: runBy ?? reviewBy)
    }
    return nil
  }

  /// Whether a person can press Run, as far as people, votes, time and freezes decide it. Live
  /// state and prices are read when they do.
  private func isReady(for person: Person, in house: House) -> Bool {
    guard let person = try? house.permit(person, to: .run) else { return false }
    let emergency = house.emergency(for: plan, by: person)
    guard emergency != nil || house.freeze(of: plan) == nil else { return false }
    switch state(at: house.now) {
    case .pending: return emergency != nil
    case .approved:
      // What the clock runs waits for nobody.
      return clockTime(at: house.now) == nil && runFrom ?? house.now <= house.now
        && approvers(in: house).count >= requirement(in: house).approvals
    default: return false
    }
  }
}

extension House {
  /// Emergencies that a person can review, and whatever keeps changes from being approved or run.
  public func attention(of person: Person) -> [AttentionItem] {
    let reviews = emergencies.compactMap { emergency -> AttentionItem? in
      guard (try? checkReview(of: emergency, by: person)) != nil else { return nil }
      let name = self.person(emergency.personID)?.name ?? "person \(emergency.personID)"
      return AttentionItem(
        .emergency, "\(name) declared the emergency E-\(emergency.number).",
        detail: emergency.isOverdue(at: now)
          ? "Its review is overdue: no other can be declared until somebody has reviewed it."
          : "Somebody else reviews it by \(emergency.reviewBy.words).",
        at: .safety, act: "Review it", moment: emergency.reviewBy)
    }
    let shortfall = shortfall(of: quorum).map {
      AttentionItem(
        .danger, $0, detail: "They can propose no guarded change until that is mended.",
        at: .safety, moment: now)
    }
    let frozen = freezes.filter { $0.stands(at: now) }.map { freeze in
      AttentionItem(
        .attention, "Changes are frozen until \(freeze.to.words).", detail: "“\(freeze.reason)”",
        at: .safety, moment: freeze.from)
    }
    return reviews + [shortfall].compactMap(\.self) + frozen
  }
}

extension ReviewPeriod {
  /// The overdue review of the log; nil while there is time, or for who does not review.
  /// - Parameter oldest: when the oldest entry was written that nobody has signed for.
  public static func attention(
    of person: Person, oldest: Moment?, at now: Moment
  ) -> AttentionItem? {
    guard person.may(.review), let oldest, now.since(oldest) > dueMs else { return nil }
    let age = Span.about(ms: now.since(oldest))
    return AttentionItem(
      .review, "The review of the log is overdue.",
      detail: "Nobody has signed for what was written in the last \(age).", at: .review,
      act: "Review the log", moment: oldest)
  }
}
