/// How a portal stands to the lease by which one of several works.
public enum LeaseStanding: Hashable, Sendable {
  /// There is no other portal: nothing is configured.
  case notNeeded
  /// This portal has it.
  case held
  /// This portal had it and could not renew it in time: another may work by now.
  case overdue(ms: Int64, why: String)
  /// Another portal has taken its place, on this machine.
  case lost(host: String)

  /// What is wrong and what follows; nil when nothing is.
  public var problem: String? {
    switch self {
    case .notNeeded, .held: nil
    case .overdue(let ms, let why):
      "This portal could not renew its lease for \(Span.about(ms: ms)), so another may have taken "
        + "its place. Nothing is decided or run here until it can. "
        + (why.isEmpty ? "" : why + " ")
        + "Look whether another portal works, and at the way to the lease's bucket."
    case .lost(let host):
      "Another portal, on \(host), has taken the lease. This one decides and runs nothing more, "
        + "and ends."
    }
  }

  /// Why nothing may be done; nil when it may.
  public var refusal: Refusal? { problem.map(Refusal.leaseNotHeld) }
}

extension Lease {
  /// How this portal stands.
  /// - Parameter why: why its last call failed; empty where it did not.
  public func standing(at nowMs: Int64, why: String) -> LeaseStanding {
    if let successor { return .lost(host: successor.host) }
    if acts(at: nowMs) { return .held }
    return .overdue(ms: ageMs(at: nowMs) ?? 0, why: why)
  }

  /// What a portal that stands by says of itself.
  public func standByWords(at nowMs: Int64, why: String) -> String {
    let none = "This portal stands by: it opens and changes nothing. "
    if !why.isEmpty {
      return none + "The lease can't be read: \(why) Until it can, this portal takes over from "
        + "nobody."
    }
    guard let record = seen?.record, !record.isOpen else {
      return none + "Nobody holds the lease. It is taken in \(Span.about(ms: waitMs(at: nowMs)))."
    }
    if record.isReleased || isNamed { return none + "It takes the lease now." }
    return none + "Changes run at \(record.host). If that portal gives no sign for "
      + "\(Span.about(ms: record.waitMs)), this one takes its place."
  }
}

extension SelfCheck {
  /// The lease of the portal that runs here.
  public static func lease(_ standing: LeaseStanding) -> SelfCheck? {
    let remedy = "Operations, “Two portals, or the lease is lost”, says what to look at."
    switch standing {
    case .notNeeded: return nil
    case .held: return SelfCheck("Lease", .good, "This portal holds it.")
    case .overdue, .lost:
      return SelfCheck("Lease", .unsafe, standing.problem ?? "", remedy: remedy)
    }
  }

  /// The lease as somebody finds it who does not hold it.
  public static func lease(found: LeaseRecord?) -> SelfCheck {
    guard let found, !found.isOpen else {
      return SelfCheck(
        "Lease", .advised, "Nobody holds it yet.", remedy: "The next start takes it in a while.")
    }
    let holder = "process \(found.process) on \(found.host)"
    return found.isReleased
      ? SelfCheck("Lease", .advised, "\(holder) gave it back.", remedy: "Start a portal.")
      : SelfCheck("Lease", .good, "The portal of \(holder) holds it.")
  }
}
