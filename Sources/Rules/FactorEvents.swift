/// What a second factor is.
public enum FactorKind: String, CaseIterable, Sendable {
  /// Codes of an app, made from a secret and the time.
  case code
  /// A passkey.
  case passkey
}

/// What a person has confirmed a decision with.
public enum Proof: String, CaseIterable, Sendable {
  /// The password, by who has no second factor.
  case password
  /// A code of the app, good for this one decision.
  case code
  /// A passkey's signature over this one decision.
  case passkey
}

/// Second factors.
extension AuditEvent {
  /// A person was given a second factor.
  public static func factorAdded(person: Int64, kind: FactorKind) -> AuditEvent {
    AuditEvent("factor.added", ["about": .integer(person), "kind": .string(kind.rawValue)])
  }

  /// A second factor was taken away.
  public static func factorRemoved(person: Int64, kind: FactorKind) -> AuditEvent {
    AuditEvent("factor.removed", ["about": .integer(person), "kind": .string(kind.rawValue)])
  }

  /// A recovery code was used up.
  public static func recoveryUsed(person: Int64, left: Int64) -> AuditEvent {
    AuditEvent("recovery.used", ["about": .integer(person), "left": .integer(left)])
  }

  /// A person was given other recovery codes; those before are void.
  public static func recoveryRenewed(person: Int64) -> AuditEvent {
    AuditEvent("recovery.renewed", ["about": .integer(person)])
  }
}

extension AuditSentence {
  /// What happened to a second factor in words; the type itself where it is none of them.
  static func ofFactor(_ entry: Words) -> String {
    let what = entry.text("kind") == "passkey" ? "a passkey" : "the codes of an app"
    switch entry.type {
    case "factor.added": return "gave \(entry.about) \(what) as second factor"
    case "factor.removed": return "took \(what) from \(entry.about)"
    case "recovery.used":
      return "used a recovery code of \(entry.about); \(entry.number("left")) are left"
    case "recovery.renewed": return "made new recovery codes for \(entry.about)"
    default: return entry.type
    }
  }
}
