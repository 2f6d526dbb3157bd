/// Why a person's approval of a change does not count.
public enum Ineligible: Hashable, Sendable {
  /// Proposed it.
  case requester
  /// Wrote a revision of it.
  case editor
  /// Is the same human as one of the authors, by an account elsewhere.
  case samePerson
  /// Was disabled.
  case disabled
  /// Has no password, so can't sign in.
  case noPassword
  /// Has a role that does not approve.
  case role
  /// Has the role too recently.
  case newRole(until: Moment)
  /// Was created, promoted or given a password by one of the authors too recently.
  case tied(until: Moment)

  /// Why, after the person's name: "proposed it".
  public var words: String {
    switch self {
    case .requester: "proposed it"
    case .editor: "edited it"
    case .samePerson: "is the same person as its author"
    case .disabled: "is disabled"
    case .noPassword: "has not chosen a password yet"
    case .role: "has a role that does not approve"
    case .newRole(let until): "has the role only recently, and counts from \(until.words)"
    case .tied(let until):
      "was added, promoted or given a password by its author, and counts from \(until.words)"
    }
  }
}

extension Change {
  /// Why a person's approval of this change would not count; nil when it would.
  public func obstacle(to person: Person, in house: House) -> Ineligible? {
    if person.id == requester.id { return .requester }
    return house.obstacle(to: person, besides: authors(in: house))
  }
}

extension House {
  /// Why a person's approval of what these authors wrote would not count; nil when it would.
  public func obstacle(to person: Person, besides authors: [Person]) -> Ineligible? {
    if authors.contains(where: { $0.id == person.id }) { return .editor }
    return obstacle(
      to: self.person(person.id) ?? person, besidesAccounts: accounts(of: authors))
  }

  /// Every account of the authors counts as theirs.
  private func accounts(of authors: [Person]) -> [Person] {
    let authors = authors.map { person($0.id) ?? $0 }
    return people.filter { one in authors.contains { one.isSamePerson(as: $0) } }
  }

  /// The same for a person as they are now, and all accounts of the authors.
  private func obstacle(to person: Person, besidesAccounts authors: [Person]) -> Ineligible? {
    if person.isDisabled { return .disabled }
    if person.awaitsPassword { return .noPassword }
    if !person.may(.approve) { return .role }
    if authors.contains(where: { $0.isSamePerson(as: person) }) { return .samePerson }
    let ties = authors.compactMap { person.ties[$0.id] }
    if let last = ties.max(), now.since(last) < policy.tieMs {
      return .tied(until: last.adding(ms: policy.tieMs))
    }
    if now.since(person.roleSince) < policy.roleAgeMs {
      return .newRole(until: person.roleSince.adding(ms: policy.roleAgeMs))
    }
    return nil
  }

  /// For everybody but the authors, why their approval would not count; nil where it would.
  private func standings(
    besides authors: [Person]
  ) -> [(person: Person, obstacle: Ineligible?)] {
    let accounts = accounts(of: authors)
    return people.filter { person in !authors.contains { $0.id == person.id } }
      .map { ($0, obstacle(to: $0, besidesAccounts: accounts)) }
  }

  /// Everybody who could approve what these authors wrote. Two accounts of one human are one.
  public func eligibleApprovers(besides authors: [Person]) -> [Person] {
    Self.humans(standings(besides: authors).filter { $0.obstacle == nil }.map(\.person))
  }

  /// The first account of each.
  private static func humans(_ people: [Person]) -> [Person] {
    people.reduce(into: []) { found, person in
      if !found.contains(where: { $0.isSamePerson(as: person) }) { found.append(person) }
    }
  }

  /// Refuses when too few people could approve what these authors wrote, and says who is missing.
  func checkQuorum(for requirement: Requirement, besides authors: [Person]) throws(Refusal) {
    guard eligibleApprovers(besides: authors).count >= requirement.approvals else {
      let missing = people.filter { $0.role.permissions.contains(.approve) }.compactMap { person in
        obstacle(to: person, besides: authors).map { "\(person.name) \($0.words)" }
      }
      throw .nobodyCanApprove(needed: Int(requirement.approvals), missing: missing)
    }
  }
}

/// Who could approve what one person proposes.
public struct Quorum: Sendable {
  /// Who would propose.
  public let requester: Person
  /// Who could approve.
  public let approvers: [Person]
  /// Who has the role, and why their approval would not count.
  public let others: [(person: Person, why: Ineligible)]
}

extension House {
  /// Whose changes a person's approval does not count for, and why: the same reason at once for
  /// everybody it holds for.
  public func obstacles(to person: Person) -> [(why: Ineligible, authors: [Person])] {
    let authors = people.filter { $0.id != person.id && $0.may(.propose) }
    return authors.reduce(into: []) { found, author in
      guard let why = obstacle(to: person, besides: [author]) else { return }
      if let index = found.firstIndex(where: { $0.why == why }) {
        found[index].authors.append(author)
      } else {
        found.append((why, [author]))
      }
    }
  }

  /// Whose guarded changes find too few approvers, in a sentence; nil where none do.
  public func shortfall(of quorum: [Quorum]) -> String? {
    let needed = policy.guardedApprovals
    let stuck = quorum.filter { $0.approvers.count < needed }.map(\.requester.name)
    guard !stuck.isEmpty else { return nil }
    return (needed == 1 ? "Nobody" : "Fewer than \(needed) people")
      + " can approve what \(stuck.listed(" or ")) proposes."
  }

  /// For everybody who may propose, who could approve.
  public var quorum: [Quorum] {
    people.filter { $0.may(.propose) }.map { requester in
      let standings = standings(besides: [requester])
      return Quorum(
        requester: requester,
        approvers: Self.humans(standings.filter { $0.obstacle == nil }.map(\.person)),
        others: standings.compactMap { person, obstacle in
          guard person.role.permissions.contains(.approve), let obstacle else { return nil }
          return (person, obstacle)
        })
    }
  }
}
