import ChangeModel
import Rules

/// The rules under test, called as the handlers of `Portal/Changes` call them, on values in place
/// of the database.
struct RulesSystem: System {
  private struct Running {
    var executors: Set<Int64>
    var done = 0
    /// Whether the next call was made, and nobody knows what became of it.
    var wasTried = false
  }

  private var people: [Person]
  private var policy = Policy.standard
  private var freezes: [Freeze] = []
  private var emergencies: [Emergency] = []
  private var obstacle: Refusal?
  private var startedAt = Moment(ms: Team.startMs)
  private var changes: [Int: Change] = [:]
  private var tried: Set<Int> = []
  private var running: [Int: Running] = [:]
  private var locks: [String: Int] = [:]

  init() { people = Self.team }

  private static let team = Team.ranks.indices.map { index in
    Person(
      id: Int64(index), login: "p\(index)", name: "P\(index)", role: Team.ranks[index].role,
      roleSince: Moment(ms: Team.startMs - Team.rolesForMs))
  }

  /// A person as a session remembers them: without accounts and ties, and with every right.
  private static let remembered = Team.ranks.indices.map {
    Person(id: Int64($0), login: "p\($0)", name: "P\($0)", role: .administrator)
  }

  private func house(_ now: Moment) -> House {
    House(
      people: people, policy: policy, freezes: freezes, emergencies: emergencies,
      obstacle: obstacle, now: now)
  }

  func standings(at now: Int64) -> [Standing?] {
    (0..<Team.slots).map { slot in
      changes[slot].flatMap { Standing(rawValue: $0.state(at: Moment(ms: now)).rawValue) }
    }
  }

  func deadline(of change: Int) -> Int64? { changes[change]?.deadline }

  func approvals(of change: Int, at now: Int64) -> Int {
    changes[change]?.approvers(in: house(Moment(ms: now))).count ?? 0
  }

  mutating func take(_ act: Act, at now: Int64) -> Bool {
    do throws(Refusal) {
      return try attempt(act, Moment(ms: now))
    } catch {
      return false
    }
  }

  private mutating func attempt(_ act: Act, _ now: Moment) throws(Refusal) -> Bool {
    switch act {
    case .propose(let slot, let by, let draft): return try propose(slot, by, draft, now)
    case .revise(let slot, let by, let draft): return try revise(slot, by, draft, now)
    case .vote(let slot, let by, let ballot, let onOldPlan):
      return try vote(slot, by, ballot, onOldPlan: onOldPlan, now)
    case .withdraw(let slot, let by):
      guard let change = changes[slot] else { return false }
      try change.checkWithdrawal(by: Self.remembered[by], in: house(now))
      changes[slot] = change.moved(to: .withdrawn)
    case .stop(let slot, let by):
      guard let change = changes[slot] else { return false }
      try change.checkRevocation(by: Self.remembered[by], note: "no", in: house(now))
      changes[slot] = change.moved(to: .revoked)
    case .run(let slot, let by, let check, let typesName):
      return try run(
        slot, .person(Self.remembered[by]), typed: typesName ? "ghost-db" : "", check, now)
    case .clock(let slot, let check):
      guard let change = changes[slot], !tried.contains(slot),
        change.isDue(at: now, runningSince: startedAt)
      else { return false }
      tried.insert(slot)
      return try run(slot, .schedule, typed: "", check, now)
    case .resume(let slot, let by, let check, let typesName):
      return try resume(slot, by, check, typed: typesName ? "ghost-db" : "", now)
    case .find(let slot, let by, let standing):
      guard let change = changes[slot], let state = ChangeState(rawValue: standing.rawValue) else {
        return false
      }
      try change.checkFinding(
        by: Self.remembered[by], executors: running[slot]?.executors ?? [], in: house(now))
      end(slot, change, state)
    case .answer(let slot, let answer): return self.answer(slot, answer)
    case .look(let slot, let sight, let isLate): return look(slot, sight, isLate: isLate)
    case .sweep:
      for (slot, change) in changes where change.state(at: now) == .expired {
        changes[slot] = change.moved(to: .expired)
      }
    case .restart(let tried):
      startedAt = now
      for (slot, change) in changes
      where change.storedState == .executing || change.storedState == .verifying {
        if slot == tried { running[slot]?.wasTried = true }
        changes[slot] = change.moved(to: .unknown)
      }
    default: return try attemptInHouse(act, now)
    }
    return true
  }

  // MARK: Plans and votes

  private mutating func propose(
    _ slot: Int, _ by: Int, _ draft: Draft, _ now: Moment
  ) throws(Refusal) -> Bool {
    guard changes[slot] == nil else { return false }
    let plan = draft.plan(slot, revision: 1)
    let state = try Change.checkProposal(
      of: plan, by: Self.remembered[by], reason: draft.hasReason ? "why" : "", in: house(now))
    changes[slot] = Change(
      id: plan.change, number: Int64(slot), plan: plan, digest: "\(slot).1", storedState: state,
      version: 1, requester: Self.remembered[by], editors: [], reason: "why", proposedAt: now,
      reviewBy: now.adding(ms: policy.reviewWithinMs), runFrom: nil, runBy: nil, votes: []
    ).moved(to: state, window: state == .approved ? plan.runWindow(in: house(now)) : nil)
    return true
  }

  private mutating func revise(
    _ slot: Int, _ by: Int, _ draft: Draft, _ now: Moment
  ) throws(Refusal) -> Bool {
    guard let change = changes[slot] else { return false }
    let plan = draft.plan(slot, revision: change.plan.terms.revision + 1)
    let state = try change.checkRevision(
      to: plan, by: Self.remembered[by], reason: draft.hasReason ? "why" : "", in: house(now))
    replace(slot, change, plan, as: state, editors: [Int64(by)], now)
    return true
  }

  private mutating func replace(
    _ slot: Int, _ change: Change, _ plan: Plan, as state: ChangeState, editors: Set<Int64>,
    _ now: Moment
  ) {
    tried.remove(slot)
    changes[slot] = Change(
      id: change.id, number: change.number, plan: plan,
      digest: "\(slot).\(plan.terms.revision)", storedState: state, version: 1,
      requester: change.requester, editors: change.editors.union(editors), reason: "why",
      proposedAt: change.proposedAt, reviewBy: now.adding(ms: policy.reviewWithinMs),
      runFrom: nil, runBy: nil, votes: change.votes
    ).moved(to: state, window: state == .approved ? plan.runWindow(in: house(now)) : nil)
  }

  private mutating func vote(
    _ slot: Int, _ by: Int, _ ballot: Ballot, onOldPlan: Bool, _ now: Moment
  ) throws(Refusal) -> Bool {
    guard let change = changes[slot], let decision = Vote.Decision(rawValue: ballot.rawValue)
    else { return false }
    let digest = onOldPlan ? "old" : change.digest
    let state = try change.decide(
      decision, by: Self.remembered[by], seeing: digest, note: "no", in: house(now))
    let vote = Vote(personID: Int64(by), digest: digest, decision: decision, at: now)
    changes[slot] = change.moved(
      to: state, window: change.runWindow(after: decision, to: state, in: house(now)), voting: vote)
    return true
  }

  // MARK: Runs

  private mutating func run(
    _ slot: Int, _ runner: Change.Runner, typed: String, _ check: Recheck, _ now: Moment
  ) throws(Refusal) -> Bool {
    guard let change = changes[slot] else { return false }
    let (preflight, house) = (check.preflight(now), house(now))
    do throws(Refusal) {
      try change.checkRun(by: runner, typed: typed, preflight: preflight, in: house)
    } catch {
      if error.makesStale { changes[slot] = change.moved(to: .stale) }
      if let plan = change.repriced(after: error, preflight, in: house) {
        let isFree = plan.terms.requirement.approvals == 0
        replace(slot, change, plan, as: isFree ? .approved : .pending, editors: [], now)
      }
      throw error
    }
    for resource in change.plan.locks {
      if let holder = locks[resource] { throw .locked(resource: resource, byNumber: Int64(holder)) }
    }
    for resource in change.plan.locks { locks[resource] = slot }
    let executor = if case .person(let person) = runner { person } else { change.requester }
    running[slot] = Running(executors: [executor.id])
    changes[slot] = change.moved(to: .executing)
    return true
  }

  private mutating func resume(
    _ slot: Int, _ by: Int, _ check: Recheck, typed: String, _ now: Moment
  ) throws(Refusal) -> Bool {
    guard let change = changes[slot] else { return false }
    let left = Array(change.plan.steps.dropFirst(running[slot]?.done ?? 0))
    try change.checkResumption(
      by: Self.remembered[by], typed: typed, steps: left, preflight: check.preflight(now),
      in: house(now))
    running[slot]?.executors.insert(Int64(by))
    changes[slot] = change.moved(to: .executing)
    return true
  }

  private mutating func answer(_ slot: Int, _ answer: Answer) -> Bool {
    guard let change = changes[slot], change.storedState == .executing else { return false }
    let done = running[slot]?.done ?? 0
    switch answer {
    case .done:
      running[slot]?.done += 1
      running[slot]?.wasTried = false
      if done + 1 == change.plan.steps.count { changes[slot] = change.moved(to: .verifying) }
    case .failed where running[slot]?.wasTried == true: changes[slot] = change.moved(to: .unknown)
    case .failed: end(slot, change, done == 0 ? .failedNoEffect : .failedPartial)
    case .unclear:
      running[slot]?.wasTried = true
      changes[slot] = change.moved(to: .unknown)
    }
    return true
  }

  private mutating func look(_ slot: Int, _ sight: Sight, isLate: Bool) -> Bool {
    guard let change = changes[slot] else { return false }
    let verdict: Verdict? =
      switch change.storedState {
      case .verifying: Verdict(of: change.plan, from: sight.readings, isLate: isLate)
      case .unknown: sight.readings.flatMap { Verdict.decisive(of: change.plan, from: $0) }
      default: nil
      }
    guard let verdict else { return false }
    end(slot, change, verdict.state)
    return true
  }

  private mutating func end(_ slot: Int, _ change: Change, _ state: ChangeState) {
    changes[slot] = change.moved(to: state)
    if state.isFinal { locks = locks.filter { $0.value != slot } }
  }

  // MARK: The team and the house

  private mutating func attemptInHouse(_ act: Act, _ now: Moment) throws(Refusal) -> Bool {
    switch act {
    case .setRole(let person, let rank, let by):
      let tie = by.map { [Int64($0): now] } ?? [:]
      people[person] = people[person].changed(role: rank.role, since: now, ties: tie)
    case .disable(let person): people[person] = people[person].changed(isDisabled: true)
    case .link(let person, let account):
      people[person] = people[person].changed(adding: "github:\(account)")
    case .unlink(let person, let account):
      people[person] = people[person].changed(removing: "github:\(account)")
    case .set(let setting, let value): policy[keyPath: setting.path] = value
    case .freeze(let from, let to, let spares):
      freezes.append(
        Freeze(
          number: Int64(freezes.count), from: now.adding(ms: from), to: now.adding(ms: to),
          reason: "why", exceptions: spares ? ["kind.0"] : []))
    case .lift(let number):
      guard freezes.indices.contains(number) else { return false }
      freezes[number] = freezes[number].lifted(at: now)
    case .declare(let by):
      try house(now).checkEmergency(by: Self.remembered[by], reason: "why")
      emergencies.append(
        Emergency(
          number: Int64(emergencies.count), personID: Int64(by), reason: "why", openedAt: now))
    case .review(let number, let by):
      guard emergencies.indices.contains(number) else { return false }
      let emergency = emergencies[number]
      try house(now).checkReview(of: emergency, by: Self.remembered[by])
      emergencies[number] = Emergency(
        number: emergency.number, personID: emergency.personID, reason: emergency.reason,
        openedAt: emergency.openedAt, reviewerID: Int64(by))
    case .obstruct(let isIll): obstacle = isIll ? .wrongPassword : nil
    default: return false
    }
    return true
  }
}

extension Change {
  fileprivate func moved(to state: ChangeState) -> Change {
    moved(to: state, window: runFrom.flatMap { from in runBy.map { (from, $0) } })
  }

  fileprivate func moved(
    to state: ChangeState, window: (from: Moment, by: Moment)?, voting vote: Vote? = nil
  ) -> Change {
    Change(
      id: id, number: number, plan: plan, digest: digest, storedState: state,
      version: version + 1, requester: requester, editors: editors, reason: reason,
      proposedAt: proposedAt, reviewBy: reviewBy, runFrom: window?.from, runBy: window?.by,
      votes: votes + (vote.map { [$0] } ?? []))
  }
}

extension Person {
  fileprivate func changed(
    role: Role? = nil, since: Moment? = nil, ties: [Int64: Moment] = [:], isDisabled: Bool? = nil,
    adding: String? = nil, removing: String? = nil
  ) -> Person {
    Person(
      id: id, login: login, name: name, role: role ?? self.role,
      isDisabled: isDisabled ?? self.isDisabled, roleSince: since ?? roleSince,
      identities: identities.union(adding.map { [$0] } ?? []).subtracting(
        removing.map { [$0] } ?? []),
      ties: self.ties.merging(ties) { $1 })
  }
}

extension Freeze {
  fileprivate func lifted(at now: Moment) -> Freeze {
    Freeze(
      number: number, from: from, to: to, reason: reason, exceptions: exceptions,
      liftedAt: liftedAt ?? now)
  }
}
