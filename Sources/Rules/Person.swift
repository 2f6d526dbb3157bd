/// A person as rules see one: who it is and what they may do at this moment.
public struct Person: Hashable, Sendable {
  /// The row's number, never reused.
  public let id: Int64
  /// The name typed at sign-in, in its canonical form.
  public let login: String
  /// The name others read.
  public let name: String
  /// The place in the team.
  public let role: Role
  /// Whether the person has been disabled; a disabled person counts for nothing.
  public let isDisabled: Bool
  /// Whether the person has no password: invited, or given a link to choose another. Who can't sign
  /// in counts for nothing.
  public let awaitsPassword: Bool
  /// Since when the person has the role.
  public let roleSince: Moment
  /// Accounts elsewhere, `github:octocat`. Two people who share one are one human.
  public let identities: Set<String>
  /// When somebody last added, promoted or gave a password to this person, by who it was.
  public let ties: [Int64: Moment]

  /// A person.
  public init(
    id: Int64, login: String, name: String, role: Role, isDisabled: Bool = false,
    awaitsPassword: Bool = false,
    roleSince: Moment = Moment(ms: 0), identities: Set<String> = [], ties: [Int64: Moment] = [:]
  ) {
    self.id = id
    self.login = login
    self.name = name
    self.role = role
    self.isDisabled = isDisabled
    self.awaitsPassword = awaitsPassword
    self.roleSince = roleSince
    self.identities = identities
    self.ties = ties
  }

  /// The same person with other accounts elsewhere.
  func holding(_ identities: Set<String>) -> Person {
    Person(
      id: id, login: login, name: name, role: role, isDisabled: isDisabled,
      awaitsPassword: awaitsPassword, roleSince: roleSince,
      identities: identities, ties: ties)
  }

  /// Whether both accounts belong to one human.
  public func isSamePerson(as other: Person) -> Bool {
    id == other.id || !identities.isDisjoint(with: other.identities)
  }

  /// Whether the person can sign in.
  public var isActive: Bool { !isDisabled && !awaitsPassword }

  /// Whether the person may do it now.
  public func may(_ permission: Permission) -> Bool {
    isActive && role.permissions.contains(permission)
  }
}
