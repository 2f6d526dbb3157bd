/// Everything but the change itself that a decision about it rests on, as read in the transaction
/// that decides.
public struct House: Sendable {
  /// Everybody, disabled people included, each with the accounts of the human behind them.
  public let people: [Person]
  /// The policy that applies.
  public let policy: Policy
  /// Windows in which nothing is run.
  public let freezes: [Freeze]
  /// Emergencies that were declared, newest last.
  public let emergencies: [Emergency]
  /// Why no guarded change may be run at all for now: the log, the disk, the clock.
  public let obstacle: Refusal?
  /// The time.
  public let now: Moment

  /// The house at a moment.
  public init(
    people: [Person], policy: Policy, freezes: [Freeze] = [], emergencies: [Emergency] = [],
    obstacle: Refusal? = nil, now: Moment
  ) {
    self.people = people.map { person in
      person.identities.isEmpty ? person : person.holding(people.accounts(ofHumanBehind: person))
    }
    self.policy = policy
    self.freezes = freezes
    self.emergencies = emergencies
    self.obstacle = obstacle
    self.now = now
  }

  /// The person with this number.
  public func person(_ id: Int64) -> Person? { people.first { $0.id == id } }

  /// The person as they are now, where they may do it: what a session remembers of somebody may be
  /// out of date, and holds neither their accounts nor their ties.
  func permit(_ person: Person, to permission: Permission) throws(Refusal) -> Person {
    guard let current = self.person(person.id), current.may(permission) else {
      throw .notPermitted(permission)
    }
    return current
  }
}

extension [Person] {
  /// Every account of one human: whoever shares an account with somebody shares all of theirs.
  fileprivate func accounts(ofHumanBehind person: Person) -> Set<String> {
    var known = person.identities
    var before = 0
    while known.count > before {
      before = known.count
      for other in self where !other.identities.isDisjoint(with: known) {
        known.formUnion(other.identities)
      }
    }
    return known
  }
}
