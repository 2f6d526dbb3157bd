/// The team.
extension AuditEvent {
  /// A person was added.
  /// - Parameter way: through what they came by themselves; nil where somebody added them.
  public static func personAdded(
    person: Int64, role: Role, through way: SignInWay? = nil
  ) -> AuditEvent {
    var data: [String: Canonical] = [
      "about": .integer(person), "role": .string(role.rawValue),
    ]
    data["through"] = way.map { .string($0.rawValue) }
    return AuditEvent("person.added", data)
  }

  /// A person was given another role.
  public static func roleChanged(person: Int64, from: Role, to: Role) -> AuditEvent {
    AuditEvent(
      "person.role_changed",
      [
        "about": .integer(person), "before": .string(from.rawValue), "role": .string(to.rawValue),
      ])
  }

  /// A person was disabled.
  public static func personDisabled(person: Int64) -> AuditEvent {
    AuditEvent("person.disabled", ["about": .integer(person)])
  }

  /// A person was given a new password.
  public static func passwordReset(person: Int64) -> AuditEvent {
    AuditEvent("person.password_reset", ["about": .integer(person)])
  }

  /// A person was said to hold an account elsewhere. Which one stands beside the log; here is only
  /// with whom they share any account from now on.
  public static func personLinked(person: Int64, sameAs: [Int64]) -> AuditEvent {
    AuditEvent(
      "person.linked",
      ["about": .integer(person), "same_as": .array(sameAs.map(Canonical.integer))])
  }

  /// A person was said not to hold an account elsewhere any more, and shares one with these still.
  public static func personUnlinked(person: Int64, sameAs: [Int64]) -> AuditEvent {
    AuditEvent(
      "person.unlinked",
      ["about": .integer(person), "same_as": .array(sameAs.map(Canonical.integer))])
  }

  /// Somebody was noted down to be invited: they can do nothing before others agree.
  public static func personNoted(person: Int64, role: Role) -> AuditEvent {
    AuditEvent("person.noted", ["about": .integer(person), "role": .string(role.rawValue)])
  }

  /// A person who never had a password was given a link to choose one by.
  public static func personInvited(person: Int64) -> AuditEvent {
    AuditEvent("person.invited", ["about": .integer(person)])
  }

  /// A disabled person may sign in again.
  public static func personEnabled(person: Int64) -> AuditEvent {
    AuditEvent("person.enabled", ["about": .integer(person)])
  }

  /// A person has chosen a password.
  /// - Parameter by: whose link it was; nil where they knew the one before.
  public static func passwordChosen(person: Int64, by: Int64?) -> AuditEvent {
    var data = ["about": Canonical.integer(person)]
    data["by"] = by.map(Canonical.integer)
    return AuditEvent("person.password_chosen", data)
  }

  /// Sessions of a person were ended, without them signing out.
  public static func sessionsClosed(of person: Int64, count: Int64) -> AuditEvent {
    AuditEvent("session.closed", ["about": .integer(person), "count": .integer(count)])
  }

  /// Name and login of a person were replaced, and the rest that told who it was removed.
  public static func personErased(person: Int64) -> AuditEvent {
    AuditEvent("person.erased", ["about": .integer(person)])
  }
}

extension AuditSentence {
  /// What happened to somebody, or what they did to sign in; the type itself where it is neither.
  static func ofPerson(_ entry: Words) -> String {
    let about = entry.about
    switch entry.type {
    case "session.started": return "signed in" + entry.through
    case "session.ended": return "signed out"
    case "session.closed":
      let count = entry.data["count"]?.number ?? 0
      return "ended \(count == 1 ? "a session" : "\(count) sessions") of \(about)"
    case "session.refused":
      return "failed to sign in as \(about)" + entry.through
        + (entry.text("why").isEmpty ? "" : ": \(entry.text("why"))")
    case "person.added": return "added \(about) as \(entry.text("role"))" + entry.through
    case "person.noted": return "noted down \(about), to be invited as \(entry.text("role"))"
    case "person.invited": return "gave \(about) a link to choose a password by"
    case "person.password_chosen":
      return entry.data["by"]?.number.map {
        "chose the password of \(about) by a link of \(entry.name($0))"
      } ?? "chose another password for \(about)"
    case "person.role_changed":
      return "made \(about) \(entry.text("role")), who was \(entry.text("before"))"
    case "person.linked": return "linked an account elsewhere to \(about)"
    case "person.unlinked": return "took a linked account from \(about)"
    case "person.disabled": return "disabled \(about)"
    case "person.enabled": return "enabled \(about) again"
    case "person.erased": return "erased who \(about) was"
    case "person.password_reset": return "reset the password of \(about)"
    case "access.refused": return "was refused \(entry.text("route")): \(entry.text("why"))"
    case "act.refused": return "could not \(entry.text("act")): \(entry.text("why"))"
    default: return entry.type
    }
  }
}
