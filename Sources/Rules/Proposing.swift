/// Decisions before anybody votes. Each is a pure function: it answers, or refuses with the first
/// reason in the order that matters to people.
extension Change {
  /// Whether a plan may be proposed at all by this person in this house.
  /// - Returns: the state it begins in: what one person may do alone needs no approval.
  @discardableResult
  public static func checkProposal(
    of plan: Plan, by requester: Person, reason: String, in house: House
  ) throws(Refusal) -> ChangeState {
    try check(plan, by: requester, reason: reason, authors: [requester], in: house)
  }

  /// Whether a person may put another plan in the place of the one that stands. Every vote so far
  /// is void then, for it named the other plan.
  @discardableResult
  public func checkRevision(
    to revised: Plan, by editor: Person, reason: String, in house: House
  ) throws(Refusal) -> ChangeState {
    let state = state(at: house.now)
    guard state.isBeforeRun else { throw .wrongState(state) }
    guard revised.change == id, revised.kind == plan.kind, revised.site == plan.site,
      revised.terms.revision == plan.terms.revision + 1
    else { throw .planMoved }
    return try Self.check(
      revised, by: editor, reason: reason, authors: authors(in: house) + [editor], in: house)
  }

  private static func check(
    _ plan: Plan, by author: Person, reason: String, authors: [Person], in house: House
  ) throws(Refusal) -> ChangeState {
    _ = try house.permit(author, to: .propose)
    guard plan.cost.monthlyDifference != nil,
      !plan.cost.lines.isEmpty || !Cost.pricedKinds.contains(plan.kind)
    else { throw .costNotKnown }
    if house.emergency(for: plan, by: author) == nil {
      try plan.checkPriceAge(plan.cost, at: house.now)
    }
    guard !reason.isEmpty else { throw .reasonMissing }
    if let runAt = plan.terms.runAt {
      guard plan.typedName.isEmpty else { throw .clockTypesNoName }
      guard runAt > house.now else { throw .timeHasPassed(runAt) }
    }
    let others = house.eligibleApprovers(besides: authors).count
    let requirement = house.policy.requirement(for: plan.guarding, others: others)
    guard plan.terms.requirement.stricter(than: requirement) == plan.terms.requirement else {
      throw .policyMoved
    }
    try house.checkQuorum(for: plan.terms.requirement, besides: authors)
    return plan.terms.requirement.approvals == 0 ? .approved : .pending
  }

  /// Whether the requester may take the change back now.
  public func checkWithdrawal(by person: Person, in house: House) throws(Refusal) {
    guard try house.permit(person, to: .look).id == requester.id else { throw .notYours }
    let state = state(at: house.now)
    guard state.isBeforeRun else { throw .wrongState(state) }
  }

  /// Whether a person may stop the change for good. Making things safer is easy: no password, and
  /// during the cooling-off of an irreversible change anybody may.
  public func checkRevocation(
    by person: Person, note: String, in house: House
  ) throws(Refusal) {
    let state = state(at: house.now)
    let rests =
      state == .approved && plan.guarding == .irreversible && house.now < runFrom ?? house.now
    _ = try house.permit(person, to: rests ? .look : .approve)
    guard state.isBeforeRun else { throw .wrongState(state) }
    guard !note.isEmpty else { throw .rejectionNeedsReason }
  }
}
