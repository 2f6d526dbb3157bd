/// Decisions about running: what people, votes, policy, live state and prices are now counts, not
/// what they were when the change was approved.
extension Change {
  /// Who presses Run.
  public enum Runner: Sendable {
    /// A person.
    case person(Person)
    /// The clock, at the time that stands in the plan.
    case schedule
  }

  /// Whether the change may be run now.
  /// - Parameter typed: what was typed to name the resource, where the plan asks for that.
  /// - Returns: the emergency that stands in for an approval or lifts a freeze; nil without one.
  @discardableResult
  public func checkRun(
    by runner: Runner, typed: String = "", preflight: Preflight, in house: House
  ) throws(Refusal) -> Emergency? {
    let state = state(at: house.now)
    var emergency: Emergency?
    if case .person(let person) = runner {
      let person = try house.permit(person, to: .run)
      emergency = house.emergency(for: plan, by: person)
    }
    let isUnapproved = state == .pending && emergency != nil
    guard isUnapproved || state == .approved else { throw .wrongState(state) }
    if !isUnapproved { try checkApprovals(in: house) }
    if case .person = runner, typed != plan.typedName { throw .nameNotTyped(plan.typedName) }
    guard house.people.contains(where: { $0.id == requester.id && !$0.isDisabled }) else {
      throw .requesterGone
    }
    try checkObstacle(in: house)
    let freeze = house.freeze(of: plan)
    if let freeze, emergency == nil { throw .frozen(until: freeze.to, reason: freeze.reason) }
    try preflight.check(plan, at: house.now)
    if emergency == nil, let cost = preflight.cost {
      try plan.checkPriceAge(cost, at: house.now)
    }
    return isUnapproved || freeze != nil ? emergency : nil
  }

  /// Whether a change that is due may be run by the clock: at its time, and not when Caretaker was
  /// away then, for nobody expects it any more.
  public func isDue(at now: Moment, runningSince start: Moment) -> Bool {
    guard let runAt = plan.terms.runAt, state(at: now) == .approved else { return false }
    let due = max(runAt, runFrom ?? runAt)
    return due > start && due <= now && now.since(due) <= Self.lateMsMax
  }

  /// How late the clock may run a change.
  public static let lateMsMax = 5 * Span.minute

  /// Whether a person may have the calls made that an unknown run has not made. Only where making
  /// one twice does no harm, everything is as before the run, and the approval still stands.
  /// - Parameter steps: the steps without a sure outcome.
  public func checkResumption(
    by person: Person, steps: [Step], preflight: Preflight, in house: House
  ) throws(Refusal) {
    _ = try house.permit(person, to: .run)
    guard storedState == .unknown else { throw .wrongState(state(at: house.now)) }
    guard !steps.isEmpty else { throw .notResumable("every call was answered") }
    if let once = steps.first(where: { !$0.recovery.isRepeatable }) {
      throw .notResumable("“\(once.words)” must not be sent twice")
    }
    guard let runBy, house.now <= runBy else { throw .notResumable("the time to run it is over") }
    try checkApprovals(in: house)
    try checkObstacle(in: house)
    try preflight.check(plan, at: house.now)
  }

  /// Whether a person may say what was found about a change whose outcome is unknown: never the
  /// one who ran it.
  /// - Parameter executor: the number of who ran it last.
  public func checkFinding(
    by person: Person, executor: Int64?, in house: House
  ) throws(Refusal) {
    let person = try house.permit(person, to: .run)
    guard storedState == .unknown else { throw .wrongState(state(at: house.now)) }
    guard let executor = executor.flatMap(house.person), !executor.isSamePerson(as: person) else {
      throw .executorCannotFind
    }
  }

  /// What one person may do alone goes on while the log or the clock is being mended.
  private func checkObstacle(in house: House) throws(Refusal) {
    if plan.guarding != .logged, let obstacle = house.obstacle { throw obstacle }
  }

  private func checkApprovals(in house: House) throws(Refusal) {
    let requirement = requirement(in: house)
    guard approvers(in: house).count >= requirement.approvals else {
      throw .approvalNoLongerCounts(whyNot(in: house))
    }
    // A cooling-off that was made longer since counts as well.
    let last = votes.last { $0.digest == digest && vote(of: $0.personID) == .approve }
    let rested = last?.at.adding(ms: requirement.coolingOffMs) ?? house.now
    let from = max(rested, runFrom ?? rested)
    if house.now < from { throw .tooEarly(from) }
  }

  /// Who approved and does not count any more, and why.
  private func whyNot(in house: House) -> [String] {
    house.people.compactMap { person in
      guard vote(of: person.id) == .approve, let why = obstacle(to: person, in: house) else {
        return nil
      }
      return "\(person.name) \(why.words)"
    }
  }
}
