/// Makes up the next event. It looks at where changes stand, so that sequences get far: an approved
/// change is mostly run, an unknown one mostly looked at.
struct Generator {
  private var chance: Chance
  private var past: [Int64] = [Team.startMs]

  /// Every limit of the design text, in milliseconds.
  private static let limits: [Int64] = [
    60_000, 5 * 60_000, 30 * 60_000, 3_600_000, 4 * 3_600_000, 24 * 3_600_000, 25 * 3_600_000,
    72 * 3_600_000, 7 * 24 * 3_600_000,
  ]

  init(seed: UInt64) { chance = Chance(seed: seed) }

  /// How many events a sequence has.
  mutating func length() -> Int { 6 + chance.below(25) }

  mutating func next(after oracle: Oracle) -> Event {
    let now = past[past.count - 1]
    let after = pause(from: now)
    past.append(now + after)
    let isEarly = past.count <= 5 && chance.percent(55)
    let act: Act =
      if isEarly {
        teamAct()
      } else if chance.percent(80) {
        changeAct(oracle, now + after)
      } else {
        houseAct(oracle, now + after)
      }
    return Event(afterMs: after, act: act)
  }

  /// Mostly short; often exactly at a limit after something that happened, or a millisecond beside
  /// it.
  private mutating func pause(from now: Int64) -> Int64 {
    switch chance.below(100) {
    case ..<35: return 0
    case ..<70: return Int64(chance.below(3_000))
    case ..<78: return Int64(chance.below(3 * 3_600_000))
    case ..<97:
      let edge = Int64(chance.below(3) - 1)
      let then = chance.one(of: past.suffix(8)) + chance.one(of: Self.limits) + edge
      return then > now ? then - now : Int64(chance.below(60_000))
    default: return Int64(chance.below(96 * 3_600_000))
    }
  }

  // MARK: Changes

  private mutating func changeAct(_ oracle: Oracle, _ now: Int64) -> Act {
    let change = chance.percent(70) ? 0 : chance.below(Team.slots)
    guard let standing = oracle.standing(of: change, at: now) else {
      return .propose(change, by: anybody(mostly: [0, 0, 3, 5, 1]), draft(now))
    }
    if standing == .pending || standing == .approved, let emergency = oracle.emergencies.last,
      chance.percent(30)
    {
      return .run(change, by: emergency.by, Recheck(), typesName: false)
    }
    let usual = chance.percent(88)
    switch standing {
    case .pending where usual: return whilePending(change, now)
    case .approved where usual: return whileApproved(change, now)
    case .executing where usual:
      return chance.percent(25)
        ? .restart(during: chance.percent(70) ? change : nil)
        : .answer(change, chance.one(of: [.done, .done, .failed, .unclear, .unclear]))
    case .verifying where usual:
      if chance.percent(15) { return .restart(during: nil) }
      return look(change)
    case .unknown where usual:
      switch chance.below(10) {
      case ..<5: return resume(change, by: anybody(mostly: [0, 1, 3, 5]))
      case ..<8: return find(change)
      default: return look(change)
      }
    default: return anyAct(change, now)
    }
  }

  private mutating func whilePending(_ change: Int, _ now: Int64) -> Act {
    switch chance.below(100) {
    case ..<60: vote(change, .approve)
    case ..<65: vote(change, .reject)
    case ..<70: vote(change, .withdraw)
    case ..<80: .revise(change, by: anybody(mostly: [0, 1, 3, 5]), draft(now))
    case ..<90: run(change)
    case ..<96: policy()
    default: .stop(change, by: anybody(mostly: [1, 2, 4]))
    }
  }

  private mutating func whileApproved(_ change: Int, _ now: Int64) -> Act {
    switch chance.below(100) {
    case ..<60: run(change)
    case ..<75: .clock(change, check())
    case ..<82: vote(change, .withdraw)
    case ..<85: vote(change, .reject)
    case ..<91: .revise(change, by: anybody(mostly: [0, 1, 3]), draft(now))
    case ..<94: .stop(change, by: anybody(mostly: [1, 4, 0]))
    case ..<99: policy()
    default: .sweep
    }
  }

  private mutating func anyAct(_ change: Int, _ now: Int64) -> Act {
    switch chance.below(11) {
    case 0: .propose(change, by: chance.below(6), draft(now))
    case 1: .revise(change, by: chance.below(6), draft(now))
    case 2: vote(change, chance.one(of: [.approve, .reject, .withdraw]))
    case 3: .withdraw(change, by: anybody(mostly: [0]))
    case 4: .stop(change, by: chance.below(6))
    case 5: run(change)
    case 6: .clock(change, check())
    case 7: .answer(change, chance.one(of: [.done, .failed, .unclear]))
    case 8: look(change)
    case 9: resume(change, by: chance.below(6))
    default: find(change)
    }
  }

  private mutating func vote(_ change: Int, _ ballot: Ballot) -> Act {
    .vote(
      change, by: anybody(mostly: [1, 1, 2, 3]), ballot, onOldPlan: chance.percent(4))
  }

  private mutating func run(_ change: Int) -> Act {
    .run(change, by: anybody(mostly: [0, 0, 3]), check(), typesName: chance.percent(10))
  }

  private mutating func look(_ change: Int) -> Act {
    .look(
      change, chance.one(of: [.expected, .failure, .asBefore, .asBefore, .unreadable]),
      isLate: chance.percent(50))
  }

  private mutating func resume(_ change: Int, by person: Int) -> Act {
    .resume(change, by: person, check(), typesName: chance.percent(10))
  }

  private mutating func find(_ change: Int) -> Act {
    .find(
      change, by: anybody(mostly: [0, 1, 3, 5]),
      chance.one(of: [.succeeded, .failedNoEffect, .failedPartial]))
  }

  private mutating func draft(_ now: Int64) -> Draft {
    var draft = Draft()
    draft.weight = chance.one(of: [.guarded, .guarded, .guarded, .irreversible, .logged])
    switch draft.weight {
    case .logged: (draft.approvals, draft.coolingOffMs) = (0, 0)
    case .guarded: draft.approvals = chance.one(of: [0, 1, 1, 1, 1, 1, 2, 2, 3])
    case .irreversible:
      draft.approvals = chance.one(of: [0, 1, 1, 2, 2, 2, 3])
      draft.coolingOffMs = draft.approvals > 1 && chance.percent(60) ? 0 : 24 * 3_600_000
    }
    draft.restoresService = chance.percent(50)
    draft.isOwn = chance.percent(15)
    draft.lock = chance.below(2)
    draft.repeatable = chance.percent(60) ? [true] : [chance.percent(80), chance.percent(60)]
    draft.namesLoss = chance.percent(10)
    draft.needsBackup = chance.percent(20)
    draft.isPriced = !chance.percent(3)
    draft.hasReason = !chance.percent(3)
    if chance.percent(25) {
      draft.runsAt = now + chance.one(of: [-1, 0, 1, 60_000, 3_600_000, 26 * 3_600_000])
    }
    return draft
  }

  private mutating func check() -> Recheck {
    var check = Recheck()
    if chance.percent(70) { return check }
    switch chance.below(4) {
    case 0: check.state = chance.one(of: [.moved, .unreadable])
    case 1: check.price = chance.one(of: [.atLimit, .overLimit, .unknown])
    case 2: check.ageMs = chance.one(of: [60_000, 60_001, -1, 1])
    default: check.backupAgeMs = chance.one(of: [nil, 86_400_000, 86_400_001])
    }
    if chance.percent(15) { check.state = .moved }
    return check
  }

  // MARK: The team and the house

  private mutating func anybody(mostly people: [Int]) -> Int {
    chance.percent(85) ? chance.one(of: people) : chance.below(Team.ranks.count)
  }

  /// Makes the team smaller, newer or less than it seems, and the policy another.
  private mutating func teamAct() -> Act {
    switch chance.below(10) {
    case ..<3: .disable(1 + chance.below(3))
    case ..<6: .link(chance.one(of: [0, 0, 1, 2, 3, 3, 5]), account: chance.one(of: [0, 0, 1]))
    case ..<9: .setRole(1 + chance.below(3), .approver, by: chance.one(of: [0, 3, 5]))
    default: policy()
    }
  }

  private mutating func houseAct(_ oracle: Oracle, _ now: Int64) -> Act {
    switch chance.below(100) {
    case ..<14:
      .setRole(
        chance.below(6), chance.one(of: [.approver, .approver, .operator, .viewer, .auditor]),
        by: chance.percent(80) ? chance.one(of: [0, 3, 5]) : nil)
    case ..<20: .disable(chance.below(6))
    case ..<32: .link(chance.below(6), account: chance.below(3))
    case ..<36: .unlink(chance.below(6), account: chance.below(3))
    case ..<48: policy()
    case ..<58: freeze()
    case ..<64: .lift(chance.below(2))
    case ..<80: .declare(by: anybody(mostly: [0, 0, 3]))
    case ..<86: .review(chance.below(2), by: anybody(mostly: [1, 3]))
    case ..<90: .obstruct(chance.percent(40))
    case ..<95: .sweep
    default: .restart(during: nil)
    }
  }

  private mutating func freeze() -> Act {
    let from = chance.one(of: [0, 1, 60_000, 3_600_000, -60_000] as [Int64])
    return .freeze(
      fromMs: from, toMs: from + chance.one(of: [2, 60_001, 4 * 3_600_000, 100 * 3_600_000]),
      spares: chance.percent(30))
  }

  private mutating func policy() -> Act {
    let hour: Int64 = 3_600_000
    let setting: Setting =
      chance.percent(40)
      ? chance.one(of: [.guardedApprovals, .coolingOff]) : chance.one(of: Setting.allCases)
    let values: [Int64] =
      switch setting {
      case .guardedApprovals: [1, 2, 3]
      case .irreversibleApprovals: [2, 3]
      case .coolingOff: [hour, 24 * hour, 25 * hour, 48 * hour]
      case .reviewWithin: [hour, 24 * hour, 72 * hour]
      case .runWithin: [hour, 4 * hour, 24 * hour]
      case .runIrreversibleWithin: [hour / 2, hour, 4 * hour]
      case .roleAge: [0, hour, 24 * hour]
      case .tie: [0, hour, 7 * 24 * hour]
      }
    return .set(setting, chance.one(of: values))
  }
}
