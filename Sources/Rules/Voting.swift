/// Decisions by vote.
extension Change {
  /// Decides a vote: the requester's own is refused first, whatever their role.
  /// - Parameter seen: the digest of the plan that was on the voter's page.
  /// - Returns: the state after the vote.
  public func decide(
    _ decision: Vote.Decision, by voter: Person, seeing seen: String, note: String, in house: House
  ) throws(Refusal) -> ChangeState {
    guard voter.id != requester.id else { throw .ownChange }
    let voter = try house.permit(voter, to: .approve)
    let state = state(at: house.now)
    guard state == .pending || (state == .approved && decision != .approve) else {
      throw .wrongState(state)
    }
    guard seen == digest else { throw .planMoved }
    switch decision {
    case .approve:
      if let obstacle = obstacle(to: voter, in: house) { throw .doesNotCount(obstacle) }
      let approvers = approvers(in: house)
      guard vote(of: voter.id) == nil, !approvers.contains(where: { $0.isSamePerson(as: voter) })
      else { throw .alreadyVoted }
      return isEnough(approvers + [voter], in: house) ? .approved : .pending
    case .reject:
      if let obstacle = obstacle(to: voter, in: house) { throw .doesNotCount(obstacle) }
      guard !note.isEmpty else { throw .rejectionNeedsReason }
      return .rejected
    case .withdraw:
      guard vote(of: voter.id) == .approve else { throw .notYourVote }
      return isEnough(approvers(in: house, without: voter), in: house) ? state : .pending
    }
  }

  /// From and until when the change can be run after a vote that led to a state; nil where it
  /// can't. Only the approval that completes it sets the time: one taken back never gains any.
  public func runWindow(
    after decision: Vote.Decision, to state: ChangeState, in house: House
  ) -> (from: Moment, by: Moment)? {
    guard state == .approved else { return nil }
    guard decision == .approve else { return runFrom.flatMap { from in runBy.map { (from, $0) } } }
    return plan.runWindow(restingMs: requirement(in: house).coolingOffMs, in: house)
  }

  private func isEnough(_ approvers: [Person], in house: House) -> Bool {
    approvers.count >= requirement(in: house).approvals
  }
}

extension Plan {
  /// From and until when it can be run, once nothing but a rest of so many milliseconds is missing.
  public func runWindow(restingMs: Int64 = 0, in house: House) -> (from: Moment, by: Moment) {
    let rested = house.now.adding(ms: restingMs)
    let from = max(rested, terms.runAt ?? rested)
    return (from, from.adding(ms: house.policy.runWithinMs(of: guarding)))
  }
}
