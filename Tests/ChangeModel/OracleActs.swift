/// Whether an act must be accepted, and what it leads to.
extension Oracle {
  package mutating func take(_ act: Act, at now: Int64) -> Bool {
    switch act {
    case .propose(let change, let by, let draft):
      guard plan(change) == nil else { return false }
      return place(act, change, draft, authors: [by], by, now)
    case .revise(let change, let by, let draft):
      guard isBeforeRun(change, now), let plan = plan(change) else { return false }
      return place(act, change, draft, authors: plan.authors.union([by]), by, now)
    case .vote(let change, let by, let ballot, let onOldPlan):
      return !onOldPlan && vote(act, change, by, ballot, now)
    case .withdraw(let change, let by):
      guard isBeforeRun(change, now), isActive(by), requester(change) == by else { return false }
      return move(change, to: .withdrawn, act, now)
    case .stop(let change, let by):
      guard isBeforeRun(change, now), judges(by) || isActive(by) && rests(change, now) else {
        return false
      }
      return move(change, to: .revoked, act, now)
    case .run(let change, let by, let check, let typesName):
      return run(act, change, by, check, typesName: typesName, now)
    case .clock(let change, let check): return clock(act, change, check, now)
    case .resume(let change, let by, let check, let typesName):
      return resume(act, change, by, check, typesName: typesName, now)
    case .find(let change, let by, let standing):
      let executors = executors(change)
      guard self.standing(of: change, at: now) == .unknown, operates(by), !executors.isEmpty,
        executors.allSatisfy({ !selves(of: $0).contains(by) })
      else { return false }
      return move(change, to: standing, act, now)
    case .answer(let change, let answer): return self.answer(act, change, answer, now)
    case .look(let change, let sight, let isLate):
      return look(act, change, sight, isLate: isLate, now)
    case .declare(let by):
      let unreviewed = emergencies.filter { !$0.isReviewed }
      guard operates(by), unreviewed.allSatisfy({ now <= $0.at + 24 * Self.hour }),
        !emergencies.contains(where: { $0.by == by && now - $0.at < Self.hour / 2 })
      else { return false }
      return note(act, now)
    case .review(let number, let by):
      let emergencies = emergencies
      guard judges(by), emergencies.indices.contains(number), !emergencies[number].isReviewed,
        !selves(of: emergencies[number].by).contains(by)
      else { return false }
      return note(act, now)
    case .sweep:
      let late = (0..<Team.slots).filter {
        standing(of: $0, at: now) == .expired && last($0)?.standing != .expired
      }
      return tidy(late, as: .expired, act, now)
    case .restart:
      let cutOff = (0..<Team.slots).filter {
        last($0)?.standing == .executing || last($0)?.standing == .verifying
      }
      return tidy(cutOff, as: .unknown, act, now)
    case .lift(let number):
      let freezes = history.count { if case .freeze = $0.act { true } else { false } }
      return number < freezes && note(act, now)
    case .setRole, .disable, .link, .unlink, .set, .freeze, .obstruct:
      return note(act, now)
    }
  }

  private mutating func note(_ act: Act, _ now: Int64) -> Bool {
    history.append(Entry(at: now, act: act))
    return true
  }

  private mutating func move(
    _ change: Int, to standing: Standing, _ act: Act, _ now: Int64
  ) -> Bool {
    let window = last(change)?.window
    history.append(
      Entry(at: now, act: act, change: change, standing: standing, window: window))
    return true
  }

  private mutating func tidy(
    _ changes: [Int], as standing: Standing, _ act: Act, _ now: Int64
  ) -> Bool {
    for change in changes { _ = move(change, to: standing, act, now) }
    return note(act, now)
  }

  private func isBeforeRun(_ change: Int, _ now: Int64) -> Bool {
    let standing = standing(of: change, at: now)
    return standing == .pending || standing == .approved
  }

  /// Whether an irreversible change is in its cooling-off.
  private func rests(_ change: Int, _ now: Int64) -> Bool {
    guard let last = last(change), last.standing == .approved, let window = last.window else {
      return false
    }
    return plan(change)?.draft.weight == .irreversible && now < window.lowerBound
  }

  // MARK: Plans and votes

  private mutating func place(
    _ act: Act, _ change: Int, _ draft: Draft, authors: Set<Int>, _ by: Int, _ now: Int64
  ) -> Bool {
    let (needed, rest) = need(draft.weight, besides: authors, now)
    guard operates(by), draft.isPriced, draft.hasReason, now < draft.runsAt ?? .max,
      draft.runsAt == nil || !draft.namesLoss, draft.approvals >= needed,
      draft.coolingOffMs >= rest,
      Int64(others(besides: authors, now)) >= draft.approvals
    else { return false }
    let isFree = draft.approvals == 0
    history.append(
      Entry(
        at: now, act: act, change: change, standing: isFree ? .approved : .pending,
        window: isFree ? window(draft, restedAt: now) : nil,
        reviewBy: now + value(.reviewWithin)))
    return true
  }

  private func window(_ draft: Draft, restedAt: Int64) -> ClosedRange<Int64> {
    let from = max(restedAt, draft.runsAt ?? restedAt)
    let length = value(draft.weight == .irreversible ? .runIrreversibleWithin : .runWithin)
    return from...from + length
  }

  private mutating func vote(
    _ act: Act, _ change: Int, _ by: Int, _ ballot: Ballot, _ now: Int64
  ) -> Bool {
    let before = standing(of: change, at: now)
    guard let plan = plan(change), judges(by),
      before == .pending || before == .approved && ballot != .approve
    else { return false }
    let saidYes = approvals(change).contains { $0.person == by }
    switch ballot {
    case .reject:
      return counts(by, besides: plan.authors, now) && move(change, to: .rejected, act, now)
    case .withdraw:
      guard saidYes else { return false }
      _ = move(change, to: .pending, act, now)
      let isEnough = Int64(approvals(of: change, at: now)) >= need(of: change, now).approvals
      if before == .approved, isEnough {
        history[history.count - 1].standing = .approved
      } else {
        history[history.count - 1].window = nil
      }
    case .approve:
      guard !saidYes, counts(by, besides: plan.authors, now),
        selves(of: by).isDisjoint(with: counted(change, now))
      else { return false }
      _ = move(change, to: .pending, act, now)
      let (needed, rest) = need(of: change, now)
      guard Int64(approvals(of: change, at: now)) >= needed else { return true }
      history[history.count - 1].standing = .approved
      history[history.count - 1].window = window(plan.draft, restedAt: now + rest)
    }
    return true
  }

  // MARK: Runs

  private mutating func run(
    _ act: Act, _ change: Int, _ by: Int, _ check: Recheck, typesName: Bool, _ now: Int64
  ) -> Bool {
    guard let draft = plan(change)?.draft, operates(by), typesName == draft.namesLoss else {
      return false
    }
    return begin(act, change, draft, check, exempt: isInEmergency(by, draft, now), now)
  }

  /// The clock tries once a plan, at its time, unless the server was away then.
  private mutating func clock(_ act: Act, _ change: Int, _ check: Recheck, _ now: Int64) -> Bool {
    guard let plan = plan(change), let runsAt = plan.draft.runsAt,
      standing(of: change, at: now) == .approved, let from = last(change)?.window?.lowerBound
    else { return false }
    let started =
      history.last { if case .restart = $0.act { true } else { false } }?.at ?? Team.startMs
    let isTried = history[plan.index...].contains {
      if case .clock(change, _) = $0.act { true } else { false }
    }
    // Approved after its time, it waits for a person.
    guard from <= runsAt, runsAt > started, now >= runsAt, now - runsAt <= 5 * 60_000, !isTried
    else { return false }
    history.append(Entry(at: now, act: act))
    return begin(act, change, plan.draft, check, exempt: false, now)
  }

  private mutating func begin(
    _ act: Act, _ change: Int, _ draft: Draft, _ check: Recheck, exempt: Bool, _ now: Int64
  ) -> Bool {
    let standing = standing(of: change, at: now)
    guard standing == .approved || standing == .pending && exempt else { return false }
    if standing == .approved {
      guard isCovered(change, at: now), now >= last(change)?.window?.lowerBound ?? .max else {
        return false
      }
    }
    guard isOpen(change, draft, exempt: exempt, now), (0...60_000).contains(check.ageMs) else {
      return false
    }
    if check.state == .moved {
      _ = move(change, to: .stale, .sweep, now)
      return false
    }
    guard isUnmoved(check, draft) else { return false }
    if check.price == .overLimit, !draft.isDear, standing == .approved {
      reprice(change, draft, now)
      return false
    }
    let isHeld = (0..<Team.slots).contains { other in
      other != change && lock(of: other) == draft.lock
        && self.standing(of: other, at: now)?.isRunning == true
    }
    return !isHeld && isPaid(check, draft) && move(change, to: .executing, act, now)
  }

  /// Whether neither who asked for it, nor the house, nor a freeze stands in the way.
  private func isOpen(_ change: Int, _ draft: Draft, exempt: Bool, _ now: Int64) -> Bool {
    guard let requester = requester(change), isActive(requester) else { return false }
    return (!isObstructed || draft.weight == .logged) && (exempt || !isFrozen(change, draft, now))
  }

  private func isUnmoved(_ check: Recheck, _ draft: Draft) -> Bool {
    (0...60_000).contains(check.ageMs) && check.state == .same
      && (!draft.needsBackup || check.backupAgeMs ?? .max <= Self.backupAgeMs)
  }

  private func isPaid(_ check: Recheck, _ draft: Draft) -> Bool {
    check.price == .same || check.price == .atLimit || check.price == .overLimit && draft.isDear
  }

  /// A month has become too dear: the same plan with that price waits for approval again.
  private mutating func reprice(_ change: Int, _ draft: Draft, _ now: Int64) {
    let need = need(of: change, now)
    var dear = draft
    (dear.isDear, dear.runsAt) = (true, nil)
    (dear.approvals, dear.coolingOffMs) = (need.approvals, need.coolingOffMs)
    let isFree = dear.approvals == 0
    history.append(
      Entry(
        at: now, act: .sweep, change: change, standing: isFree ? .approved : .pending,
        window: isFree ? window(dear, restedAt: now) : nil,
        reviewBy: now + value(.reviewWithin), repriced: dear))
  }

  private mutating func resume(
    _ act: Act, _ change: Int, _ by: Int, _ check: Recheck, typesName: Bool, _ now: Int64
  ) -> Bool {
    guard let draft = plan(change)?.draft, standing(of: change, at: now) == .unknown,
      operates(by), typesName == draft.namesLoss
    else { return false }
    let exempt = isInEmergency(by, draft, now)
    // What was run without an approval has no window.
    if let window = last(change)?.window {
      guard window.contains(now), isCovered(change, at: now) else { return false }
    } else if !exempt {
      return false
    }
    guard isOpen(change, draft, exempt: exempt, now), isUnmoved(check, draft),
      isPaid(check, draft)
    else { return false }
    let left = draft.repeatable.dropFirst(answered(change))
    return !left.isEmpty && left.allSatisfy { $0 } && move(change, to: .executing, act, now)
  }

  /// How many calls of the plan are known to have been made.
  private func answered(_ change: Int) -> Int {
    history.count { if case .answer(change, .done) = $0.act { true } else { false } }
  }

  /// Whether the next call was made before, and nobody knows what became of it.
  private func wasTried(_ change: Int) -> Bool {
    let begun = history.last { entry in
      guard entry.change == change else { return false }
      return switch entry.act {
      case .answer: true
      case .restart(let slot): slot == change
      default: false
      }
    }
    guard let begun else { return false }
    if case .answer(_, .done) = begun.act { return false }
    return true
  }

  private func executors(_ change: Int) -> Set<Int> {
    history.reduce(into: []) { found, entry in
      guard entry.change == change else { return }
      switch entry.act {
      case .run(_, let by, _, _), .resume(_, let by, _, _): found.insert(by)
      case .clock: found.formUnion(requester(change).map { [$0] } ?? [])
      default: break
      }
    }
  }

  private mutating func answer(
    _ act: Act, _ change: Int, _ answer: Answer, _ now: Int64
  ) -> Bool {
    guard standing(of: change, at: now) == .executing, let draft = plan(change)?.draft else {
      return false
    }
    let made = answered(change)
    let next: Standing =
      switch answer {
      case .done: made + 1 == draft.repeatable.count ? .verifying : .executing
      case .failed: wasTried(change) ? .unknown : made == 0 ? .failedNoEffect : .failedPartial
      case .unclear: .unknown
      }
    return move(change, to: next, act, now)
  }

  private mutating func look(
    _ act: Act, _ change: Int, _ sight: Sight, isLate: Bool, _ now: Int64
  ) -> Bool {
    guard let standing = standing(of: change, at: now),
      standing == .verifying
        || standing == .unknown
    else { return false }
    switch sight {
    case .expected: return move(change, to: .succeeded, act, now)
    case .failure: return move(change, to: .failedPartial, act, now)
    case .asBefore where standing == .verifying && isLate:
      return move(change, to: .failedPartial, act, now)
    case .unreadable where standing == .verifying && isLate:
      return move(change, to: .unknown, act, now)
    case .asBefore, .unreadable: return false
    }
  }
}
