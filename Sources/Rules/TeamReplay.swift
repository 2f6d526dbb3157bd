/// What the log has said of the team and the policy so far: enough to tell whose approval counts.
struct TeamReplay: Sendable {
  private struct Member {
    var role: Role?
    var since: Int64 = 0
    var isDisabled = false
    /// When others last added, promoted or gave a password to the person.
    var ties: [Int64: Int64] = [:]
    /// With whom the person shares an account elsewhere.
    var sharesWith: Set<Int64> = []
  }

  private var members: [Int64: Member] = [:]
  private var roleAgeMs: Int64 = 0
  private var tieMs: Int64 = 0

  /// Takes the next entry; one that is not about the team changes nothing.
  mutating func apply(type: String, person: Int64?, at: Int64, _ data: Canonical) {
    if type == "policy.set" {
      roleAgeMs = data["role_age_ms"]?.number ?? roleAgeMs
      tieMs = data["tie_ms"]?.number ?? tieMs
    }
    guard type.hasPrefix("person."), let about = data["about"]?.number else { return }
    var member = members[about] ?? Member()
    switch type {
    case "person.added", "person.role_changed":
      member.role = data["role"]?.text.flatMap(Role.init)
      member.since = at
    case "person.disabled": member.isDisabled = true
    case "person.enabled": member.isDisabled = false
    case "person.linked", "person.unlinked":
      member.sharesWith = Set(data["same_as"]?.elements?.compactMap(\.number) ?? [])
      for other in members.keys {
        members[other]?.sharesWith.remove(about)
        if member.sharesWith.contains(other) { members[other]?.sharesWith.insert(about) }
      }
    default: break
    }
    if let person,
      type == "person.added" || type == "person.role_changed"
        || type == "person.password_reset" || type == "person.enabled"
    {
      member.ties[person] = at
    }
    // A password chosen by somebody's link is one that they gave.
    if type == "person.password_chosen", let by = data["by"]?.number { member.ties[by] = at }
    members[about] = member
  }

  /// How many different humans among those who approved count at a moment.
  func counted(_ approvals: [Int64: Int64], besides editors: Set<Int64>, at: Int64) -> Int64 {
    var seen: [Int64] = []
    for person in approvals.keys.sorted() where counts(person, besides: editors, at: at) {
      if !seen.contains(where: { areSame($0, person) }) { seen.append(person) }
    }
    return Int64(seen.count)
  }

  private func counts(_ person: Int64, besides editors: Set<Int64>, at: Int64) -> Bool {
    guard let member = members[person], let role = member.role, !member.isDisabled,
      role.permissions.contains(.approve), at - member.since >= roleAgeMs
    else { return false }
    let authors = editors.reduce(into: Set()) { $0.formUnion(accounts(of: $1)) }
    return !authors.contains(person)
      && authors.allSatisfy { at - (member.ties[$0] ?? .min / 2) >= tieMs }
  }

  /// Whether a person's account was disabled.
  func isDisabled(_ person: Int64) -> Bool { members[person]?.isDisabled == true }

  /// Whether two people are one human.
  func areSame(_ one: Int64, _ other: Int64) -> Bool { accounts(of: one).contains(other) }

  /// Everybody who is one human with a person: by a shared account elsewhere, or a chain of them.
  private func accounts(of person: Int64) -> Set<Int64> {
    var (found, new): (Set<Int64>, [Int64]) = ([person], [person])
    while let next = new.popLast() {
      for other in members[next]?.sharesWith ?? [] where found.insert(other).inserted {
        new.append(other)
      }
    }
    return found
  }
}
