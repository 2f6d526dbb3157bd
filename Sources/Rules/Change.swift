/// A change with everything a decision about it needs, as read in one transaction.
public struct Change: Sendable {
  /// The id, chosen at the first preview.
  public let id: String
  /// The number people say, `CR-12`.
  public let number: Int64
  /// The plan as it stands: the newest revision.
  public let plan: Plan
  /// The digest of the plan's bytes, in hexadecimal.
  public let digest: String
  /// The state as stored; see `state(at:)`.
  public let storedState: ChangeState
  /// Counts every write to the row; a write names the version it has read.
  public let version: Int64
  /// Who asked for it.
  public let requester: Person
  /// Everybody who wrote a revision of the plan, the requester included, by number.
  public let editors: Set<Int64>
  /// Why, in the words of whoever wrote the newest revision.
  public let reason: String
  /// When it was proposed.
  public let proposedAt: Moment
  /// Until when it can be approved.
  public let reviewBy: Moment
  /// From when on it can be run; set by the last approval needed.
  public let runFrom: Moment?
  /// Until when it can be run; set by the last approval needed.
  public let runBy: Moment?
  /// The votes on every revision in the order they were cast.
  public let votes: [Vote]

  /// A change as read.
  public init(
    id: String, number: Int64, plan: Plan, digest: String, storedState: ChangeState,
    version: Int64, requester: Person, editors: Set<Int64>, reason: String, proposedAt: Moment,
    reviewBy: Moment, runFrom: Moment?, runBy: Moment?, votes: [Vote]
  ) {
    self.id = id
    self.number = number
    self.plan = plan
    self.digest = digest
    self.storedState = storedState
    self.version = version
    self.requester = requester
    self.editors = editors.union([requester.id])
    self.reason = reason
    self.proposedAt = proposedAt
    self.reviewBy = reviewBy
    self.runFrom = runFrom
    self.runBy = runBy
    self.votes = votes
  }

  /// The state at a moment: a clock that has run out counts at once, swept up or not.
  public func state(at now: Moment) -> ChangeState {
    switch storedState {
    case .pending where now > reviewBy: .expired
    case .approved where now > (runBy ?? reviewBy): .expired
    default: storedState
    }
  }

  /// From when until when it can be approved, or run once it is; nil where neither waits.
  func time(in house: House) -> (from: Moment, by: Moment)? {
    switch (state(at: house.now), runFrom, runBy) {
    case (.pending, _, _): (reviewBy.adding(ms: -house.policy.reviewWithinMs), reviewBy)
    case (.approved, let from?, let by?): (from, by)
    default: nil
    }
  }

  /// Whether less than a quarter is left of the time to approve it, or to run it.
  public func isRunningOut(in house: House) -> Bool {
    time(in: house).map { $0.by.since(house.now) < $0.by.since($0.from) / 4 } ?? false
  }

  /// How a person has voted on the plan as it stands; nil when they have not, or took it back.
  public func vote(of person: Int64) -> Vote.Decision? {
    let last = votes.last { $0.personID == person && $0.digest == digest }?.decision
    return last == .withdraw ? nil : last
  }

  /// The people whose approval of this very plan counts now. Two accounts of one human count once.
  /// - Parameter without: an account whose approval is being taken back.
  public func approvers(in house: House, without: Person? = nil) -> [Person] {
    house.people.reduce(into: []) { counted, person in
      guard person.id != without?.id, vote(of: person.id) == .approve,
        obstacle(to: person, in: house) == nil,
        !counted.contains(where: { $0.isSamePerson(as: person) })
      else { return }
      counted.append(person)
    }
  }

  /// What the change needs now: the stricter of what it was proposed under and of what applies.
  public func requirement(in house: House) -> Requirement {
    let others = house.eligibleApprovers(besides: authors(in: house)).count
    return house.policy.requirement(for: plan.guarding, others: others)
      .stricter(than: plan.terms.requirement)
  }

  /// Everybody who wrote a revision, as they are now.
  func authors(in house: House) -> [Person] {
    house.people.filter { editors.contains($0.id) } + [requester]
  }
}

/// One person's decision about one plan.
public struct Vote: Hashable, Sendable {
  /// Yes, no, or neither any more.
  public enum Decision: String, Sendable {
    /// Agrees.
    case approve
    /// Refuses; one refusal ends the change.
    case reject
    /// Takes an approval back.
    case withdraw
  }

  /// Who.
  public let personID: Int64
  /// Which plan, by the digest the person was shown.
  public let digest: String
  /// What.
  public let decision: Decision
  /// When.
  public let at: Moment

  /// A vote.
  public init(personID: Int64, digest: String, decision: Decision, at: Moment) {
    self.personID = personID
    self.digest = digest
    self.decision = decision
    self.at = at
  }
}
