/// Why an entry of the log has to be looked at by somebody other than the one who did it.
public enum ReviewFlag: String, CaseIterable, Sendable {
  case approval, run, emergency, unknown, failed, refused, people, policy, log, export, erasure
  case outside
  case signIns = "sign-ins"

  /// The reason that an entry's type and data give by themselves; nil when they give none.
  ///
  /// Types are named by their first word where all of a kind count, so that a new event about
  /// people, the policy or the log is reviewed before anybody remembers to say so.
  public init?(type: String, data: Canonical) {
    switch type {
    case "change.approved": self = .approval
    case "run.started":
      if data["emergency"] != nil {
        self = .emergency
      } else if data["approvers"]?.elements?.isEmpty == false {
        self = .run
      } else {
        return nil  // What needs no second person is not reviewed either.
      }
    case "emergency.declared": self = .emergency
    case "freeze.lifted": self = .policy
    case "change.found": self = .unknown
    case "person.erased": self = .erasure
    case "outside.acted": self = .outside
    case "session.refused", "log.quiet": return nil
    case _ where type.hasSuffix(".refused"): self = .refused
    case _ where type.hasSuffix(".exported"): self = .export
    default:
      switch type.prefix(while: { $0 != "." }) {
      case "person", "factor", "recovery": self = .people
      case "policy": self = .policy
      case "log", "spool", "clock": self = .log
      case "change":
        switch AuditOutcome(type: type, data: data) {
        case .unknown: self = .unknown
        case .failed: self = .failed
        case .good, .refused: return nil
        }
      default: return nil
      }
    }
  }

  /// The reason in a few words, to stand beside the entry.
  public var words: String {
    switch self {
    case .approval: "Approval"
    case .run: "Run"
    case .emergency: "Emergency"
    case .unknown: "Unknown outcome"
    case .failed: "Failure"
    case .refused: "Refused act"
    case .people: "People and roles"
    case .policy: "Policy"
    case .log: "The log itself"
    case .export: "Export"
    case .erasure: "Erasure"
    case .outside: "Past Caretaker"
    case .signIns: "Burst of refused sign-ins"
    }
  }
}

/// When refused sign-ins of one person are more than mistyped passwords.
public enum SignInBurst {
  /// So many make a burst.
  public static let count = 5
  /// Within this time.
  public static let withinMs = 15 * Span.minute

  /// Whether a refusal at `now` makes a burst.
  /// - Parameter earlier: when the same person was refused before, since the last burst.
  public static func isReached(at now: Moment, earlier: [Moment]) -> Bool {
    earlier.filter { now.since($0) <= withinMs }.count + 1 >= count
  }
}
