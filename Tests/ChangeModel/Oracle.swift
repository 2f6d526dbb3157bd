/// What must happen, from the design text alone. Nothing is kept but the list of what was accepted;
/// every question is answered by looking through it again.
package struct Oracle: System {
  struct Entry {
    let at: Int64
    let act: Act
    /// Where which change stood afterwards, where one moved.
    var change: Int?
    var standing: Standing?
    /// From and until when it may be run.
    var window: ClosedRange<Int64>?
    /// Until when it may be approved, on entries that bring a plan.
    var reviewBy: Int64 = 0
    /// The plan with other prices that took the place of the one before, which nobody wrote.
    var repriced: Draft?
  }

  static let hour: Int64 = 3_600_000
  static let backupAgeMs = 24 * hour
  var history: [Entry] = []

  package init() {}

  // MARK: What there is to know about people

  func role(of person: Int) -> (rank: Rank, since: Int64) {
    for entry in history.reversed() {
      if case .setRole(person, let rank, _) = entry.act { return (rank, entry.at) }
    }
    return (Team.ranks[person], Team.startMs - Team.rolesForMs)
  }

  func isActive(_ person: Int) -> Bool {
    !history.contains { if case .disable(person) = $0.act { true } else { false } }
  }

  /// Proposes and runs.
  func operates(_ person: Int) -> Bool {
    isActive(person) && [.operator, .approver, .administrator].contains(role(of: person).rank)
  }

  func judges(_ person: Int) -> Bool {
    isActive(person) && [.approver, .administrator].contains(role(of: person).rank)
  }

  func accounts(of person: Int) -> Set<Int> {
    history.reduce(into: []) { accounts, entry in
      if case .link(person, let account) = entry.act { accounts.insert(account) }
      if case .unlink(person, let account) = entry.act { accounts.remove(account) }
    }
  }

  /// Everybody who is this human: by a shared account, or by a chain of them.
  func selves(of person: Int) -> Set<Int> {
    var (selves, known): (Set<Int>, Set<Int>) = ([person], accounts(of: person))
    guard !known.isEmpty else { return selves }
    for _ in Team.ranks {
      for other in Team.ranks.indices where !accounts(of: other).isDisjoint(with: known) {
        selves.insert(other)
        known.formUnion(accounts(of: other))
      }
    }
    return selves
  }

  func isTied(_ person: Int, to others: Set<Int>, _ now: Int64) -> Bool {
    let tie = value(.tie)
    return history.contains { entry in
      if case .setRole(person, _, let by?) = entry.act, others.contains(by) {
        return now - entry.at < tie
      }
      return false
    }
  }

  func counts(_ person: Int, besides authors: Set<Int>, _ now: Int64) -> Bool {
    let humans = authors.reduce(into: Set()) { $0.formUnion(selves(of: $1)) }
    return judges(person) && !humans.contains(person) && !isTied(person, to: humans, now)
      && now - role(of: person).since >= value(.roleAge)
  }

  func humans(_ people: [Int]) -> Int {
    people.indices.filter { index in
      selves(of: people[index]).isDisjoint(with: people[..<index])
    }.count
  }

  // MARK: What there is to know about the house

  func value(_ setting: Setting) -> Int64 {
    for entry in history.reversed() {
      if case .set(setting, let value) = entry.act { return value }
    }
    return switch setting {
    case .guardedApprovals: 1
    case .irreversibleApprovals: 2
    case .coolingOff: 24 * Self.hour
    case .reviewWithin: 72 * Self.hour
    case .runWithin: 4 * Self.hour
    case .runIrreversibleWithin: Self.hour
    case .roleAge: 24 * Self.hour
    case .tie: 7 * 24 * Self.hour
    }
  }

  var isObstructed: Bool {
    for entry in history.reversed() {
      if case .obstruct(let isIll) = entry.act { return isIll }
    }
    return false
  }

  func isFrozen(_ change: Int, _ draft: Draft, _ now: Int64) -> Bool {
    if draft.isOwn { return false }
    var number = -1
    return history.contains { entry in
      guard case .freeze(let from, let to, let spares) = entry.act else { return false }
      number += 1
      return now >= entry.at + from && now < entry.at + to && !(spares && change == 0)
        && !has { if case .lift(number) = $0 { true } else { false } }
    }
  }

  var emergencies: [(by: Int, at: Int64, isReviewed: Bool)] {
    history.reduce(into: []) { found, entry in
      if case .declare(let by) = entry.act { found.append((by, entry.at, false)) }
      if case .review(let number, _) = entry.act { found[number].isReviewed = true }
    }
  }

  func isInEmergency(_ person: Int, _ draft: Draft, _ now: Int64) -> Bool {
    draft.restoresService && draft.weight != .irreversible
      && emergencies.contains { $0.by == person && now - $0.at < Self.hour / 2 }
  }

  func has(_ isMeant: (Act) -> Bool) -> Bool { history.contains { isMeant($0.act) } }

  // MARK: What there is to know about a change

  func last(_ change: Int) -> Entry? { history.last { $0.change == change } }

  /// The plan as it stands, where in the list it came, and everybody who wrote one.
  func plan(_ change: Int) -> (draft: Draft, index: Int, authors: Set<Int>)? {
    var found: (draft: Draft, index: Int, authors: Set<Int>)?
    for (index, entry) in history.enumerated() {
      if entry.change == change, let draft = entry.repriced, let before = found {
        found = (draft, index, before.authors)
        continue
      }
      switch entry.act {
      case .propose(change, let by, let draft): found = (draft, index, [by])
      case .revise(change, let by, let draft):
        found = (draft, index, (found?.authors ?? []).union([by]))
      default: break
      }
    }
    return found
  }

  func requester(_ change: Int) -> Int? {
    for case .propose(change, let by, _) in history.lazy.map(\.act) { return by }
    return nil
  }

  package func standings(at now: Int64) -> [Standing?] {
    (0..<Team.slots).map { standing(of: $0, at: now) }
  }

  func standing(of change: Int, at now: Int64) -> Standing? {
    guard let standing = last(change)?.standing else { return nil }
    guard let deadline = deadline(of: change), now > deadline else { return standing }
    return .expired
  }

  package func deadline(of change: Int) -> Int64? {
    guard let last = last(change), let plan = plan(change) else { return nil }
    return switch last.standing {
    case .pending: history[plan.index].reviewBy
    case .approved: last.window?.upperBound
    default: nil
    }
  }

  /// Everybody whose last word on the plan as it stands is yes, and when it was said.
  func approvals(_ change: Int) -> [(person: Int, at: Int64)] {
    guard let plan = plan(change) else { return [] }
    var found: [(person: Int, at: Int64)] = []
    for entry in history[plan.index...] {
      guard case .vote(change, let by, let ballot, _) = entry.act else { continue }
      found.removeAll { $0.person == by }
      if ballot == .approve { found.append((by, entry.at)) }
    }
    return found
  }

  func counted(_ change: Int, _ now: Int64) -> [Int] {
    guard let plan = plan(change) else { return [] }
    return approvals(change).map(\.person).filter { counts($0, besides: plan.authors, now) }
  }

  package func approvals(of change: Int, at now: Int64) -> Int { humans(counted(change, now)) }

  /// What a plan needs today in this team.
  func need(_ weight: Weight, besides authors: Set<Int>, _ now: Int64) -> (Int64, Int64) {
    switch weight {
    case .logged: (0, 0)
    case .guarded: (value(.guardedApprovals), 0)
    case .irreversible:
      others(besides: authors, now) >= value(.irreversibleApprovals)
        ? (value(.irreversibleApprovals), 0) : (value(.guardedApprovals), value(.coolingOff))
    }
  }

  func others(besides authors: Set<Int>, _ now: Int64) -> Int {
    humans(Team.ranks.indices.filter { counts($0, besides: authors, now) })
  }

  /// What a change needs: the stricter of what it was proposed under and of today.
  func need(of change: Int, _ now: Int64) -> (approvals: Int64, coolingOffMs: Int64) {
    guard let (draft, _, authors) = plan(change) else { return (.max, .max) }
    let (approvals, coolingOffMs) = need(draft.weight, besides: authors, now)
    return (max(approvals, draft.approvals), max(coolingOffMs, draft.coolingOffMs))
  }

  /// Whether enough people have agreed, and it has rested since as long as it must.
  package func isCovered(_ change: Int, at now: Int64) -> Bool {
    let (needed, rest) = need(of: change, now)
    guard Int64(humans(counted(change, now))) >= needed else { return false }
    return now >= (approvals(change).map(\.at).max() ?? 0) + rest
  }

  /// Whether a person may run it without anybody's approval.
  package func isExempt(_ change: Int, by person: Int, at now: Int64) -> Bool {
    plan(change).map { isInEmergency(person, $0.draft, now) } ?? false
  }

  /// What running or unknown changes hold.
  package func lock(of change: Int) -> Int? { plan(change)?.draft.lock }
}
