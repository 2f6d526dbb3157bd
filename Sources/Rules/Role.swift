/// What a person may do. Each route and each rule names one of these, never a role.
public enum Permission: String, CaseIterable, Sendable {
  /// See resources, changes and costs.
  case look
  /// Preview and propose a change, withdraw one's own.
  case propose
  /// Approve or reject a change of somebody else.
  case approve
  /// Run an approved change, and say what was found about one whose outcome is unknown.
  case run
  /// Read the audit log.
  case readAudit
  /// Review flagged entries of the audit log and sign for it, never for one's own acts.
  case review
  /// Invite people, disable them, give them links to a password, end their sessions.
  case lookAfterPeople

  /// The permission in words, to follow "You may" or "needs the right to".
  public var words: String {
    switch self {
    case .look: "look at resources and changes"
    case .propose: "propose changes"
    case .approve: "approve changes"
    case .run: "run approved changes"
    case .readAudit: "read the audit log"
    case .review: "review the audit log"
    case .lookAfterPeople: "look after people"
    }
  }
}

/// A person's place in the team. The matrix from roles to permissions is this one switch.
public enum Role: String, CaseIterable, Codable, Sendable {
  /// Sees everything but the audit log, changes nothing.
  case viewer
  /// Proposes and runs changes.
  case operator_ = "operator"
  /// Also approves changes of others.
  case approver
  /// Also looks after people; approves like an approver, never their own.
  case administrator
  /// Reads everything and reviews the audit log; changes nothing else.
  case auditor

  /// What the role may do.
  public var permissions: Set<Permission> {
    switch self {
    case .viewer: [.look]
    case .operator_: [.look, .propose, .run, .readAudit]
    case .approver: [.look, .propose, .approve, .run, .readAudit, .review]
    case .administrator: Set(Permission.allCases)
    case .auditor: [.look, .readAudit, .review]
    }
  }

  /// The role that may most of what two roles both may.
  public static func shared(by one: Role, _ other: Role) -> Role {
    let both = one.permissions.intersection(other.permissions)
    return allCases.filter { $0.permissions.isSubset(of: both) }
      .max { $0.permissions.count < $1.permissions.count } ?? .viewer
  }

  /// The roles that hold a permission, as people say it: "approver or administrator".
  public static func holders(of permission: Permission) -> String {
    let names = allCases.filter { $0.permissions.contains(permission) }.map(\.rawValue)
    return names.count < 2
      ? names.joined()
      : names.dropLast().joined(separator: ", ") + " or " + names[names.count - 1]
  }
}
