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
    let emergency = try emergency(for: runner, in: house)
    guard state == .approved || state == .pending && emergency != nil else {
      throw .wrongState(state)
    }
    return try checkGuards(
      isApproved: state == .approved, emergency, typed: typed, preflight, in: house)
  }

  /// When the clock is going to run it; nil where a person has to. An approval that comes after the
  /// time does not start it, for approving runs nothing.
  public func clockTime(at now: Moment) -> Moment? {
    guard let runAt = plan.terms.runAt, state(at: now).isBeforeRun, runFrom ?? now <= runAt,
      now.since(runAt) <= Self.lateMsMax
    else { return nil }
    return runAt
  }

  /// Whether a change that is due may be run by the clock: at its time, and not when Caretaker was
  /// away then, for nobody expects it any more.
  public func isDue(at now: Moment, runningSince start: Moment) -> Bool {
    guard state(at: now) == .approved, let runAt = clockTime(at: now) else { return false }
    return runAt > start && runAt <= now
  }

  /// How late the clock may run a change.
  public static let lateMsMax = 5 * Span.minute

  /// The same plan with the prices of today, where a run was refused because they have risen; nil
  /// where it was refused for another reason, or nobody had approved it. It takes the place of the
  /// plan that was approved, and needs votes of its own.
  public func repriced(
    after refusal: Refusal, _ preflight: Preflight, in house: House
  ) -> Plan? {
    guard case .priceMoved = refusal, state(at: house.now) == .approved,
      let cost = preflight.cost, cost.monthlyDifference != nil
    else { return nil }
    var plan = plan
    plan.cost = cost
    // Its time has come, so the clock would run it as soon as it is approved.
    plan.terms = Terms(
      revision: plan.terms.revision + 1, requirement: requirement(in: house), runAt: nil)
    return plan
  }

  /// Whether a person may have the calls made that an unknown run has not made. Only where making
  /// one twice does no harm, and everything that a run is decided on still holds.
  /// - Parameters:
  ///   - steps: the steps without a sure outcome.
  ///   - typed: what was typed to name the resource, where the plan asks for that.
  /// - Returns: the emergency that stands in for an approval or lifts a freeze; nil without one.
  @discardableResult
  public func checkResumption(
    by person: Person, typed: String = "", steps: [Step], preflight: Preflight, in house: House
  ) throws(Refusal) -> Emergency? {
    let emergency = try emergency(for: .person(person), in: house)
    guard storedState == .unknown else { throw .wrongState(state(at: house.now)) }
    guard !steps.isEmpty else { throw .notResumable("every call was answered") }
    if let once = steps.first(where: { !$0.recovery.isRepeatable }) {
      throw .notResumable("“\(once.words)” must not be sent twice")
    }
    // What was run without an approval has no time to run it.
    if let runBy {
      guard house.now <= runBy else { throw .notResumable("the time to run it is over") }
    } else if emergency == nil {
      throw .notResumable("the emergency that it was run in is over, or not yours")
    }
    return try checkGuards(
      isApproved: runBy != nil, emergency, typed: typed, preflight, in: house)
  }

  /// Whether a person may say what was found about a change whose outcome is unknown: never one
  /// who ran it, or had it gone on with.
  /// - Parameter executors: the numbers of everybody who did.
  public func checkFinding(
    by person: Person, executors: Set<Int64>, in house: House
  ) throws(Refusal) {
    let person = try house.permit(person, to: .run)
    guard storedState == .unknown else { throw .wrongState(state(at: house.now)) }
    let executors = house.people.filter { executors.contains($0.id) }
    guard !executors.isEmpty, !executors.contains(where: { $0.isSamePerson(as: person) }) else {
      throw .executorCannotFind
    }
  }

  /// The emergency in which somebody who may run changes runs this one; nil when there is none.
  private func emergency(for runner: Runner, in house: House) throws(Refusal) -> Emergency? {
    guard case .person(let person) = runner else { return nil }
    return house.emergency(for: plan, by: try house.permit(person, to: .run))
  }

  /// What a run and the going on with one are both decided on.
  private func checkGuards(
    isApproved: Bool, _ emergency: Emergency?, typed: String, _ preflight: Preflight,
    in house: House
  ) throws(Refusal) -> Emergency? {
    if isApproved { try checkApprovals(in: house) }
    // The clock types nothing, so it never runs what asks for a name.
    guard typed == plan.typedName else { throw .nameNotTyped(plan.typedName) }
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
    return !isApproved || freeze != nil ? emergency : nil
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
