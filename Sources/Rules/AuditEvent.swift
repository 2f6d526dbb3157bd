/// What happened, as the audit log keeps it: a type in the past tense, subject first, and typed
/// data. Each event is made by its own function, in the file of what it is about, and only what
/// that function names ever reaches the log.
///
/// People are named by number: names stand beside the log, where they can be erased.
public struct AuditEvent: Hashable, Sendable {
  /// The type, `change.proposed`.
  public let type: String
  /// The change it is about.
  public let changeNumber: Int64?
  /// The data.
  public let data: [String: Canonical]

  init(_ type: String, change: Int64? = nil, _ data: [String: Canonical] = [:]) {
    self.type = type
    changeNumber = change
    self.data =
      change.map { data.merging(["change": .integer($0)]) { own, _ in own } } ?? data
  }
}

/// Through what somebody signs in, where it is no password.
public enum SignInWay: String, Sendable {
  /// An OpenID provider.
  case openid

  /// The way, to follow "signed in through".
  var words: String { "OpenID" }
}

/// The portal and its visitors.
extension AuditEvent {
  /// The portal has started.
  public static func portalStarted(version: String) -> AuditEvent {
    AuditEvent("portal.started", ["version": .string(version)])
  }

  /// The portal has taken the lease by which one of several works.
  /// - Parameter last: who worked on the database before; nil for nobody.
  public static func leaseTaken(
    holder: String, host: String, after last: LeaseRecord.Work?
  ) -> AuditEvent {
    var data: [String: Canonical] = ["holder": .string(holder), "host": .string(host)]
    data["after"] = last.map { .string($0.holder) }
    data["after_host"] = last.map { .string($0.host) }
    return AuditEvent("lease.taken", data)
  }

  /// A person has signed in.
  public static let sessionStarted = AuditEvent("session.started")

  /// A person has signed in, through what; nil for a password.
  public static func sessionStarted(through way: SignInWay?) -> AuditEvent {
    guard let way else { return sessionStarted }
    return AuditEvent("session.started", ["through": .string(way.rawValue)])
  }

  /// A person has signed out.
  public static let sessionEnded = AuditEvent("session.ended")

  /// A sign-in with a known name failed.
  public static func sessionRefused(person: Int64) -> AuditEvent {
    AuditEvent("session.refused", ["about": .integer(person)])
  }

  /// A sign-in through something else than a password failed, of somebody known or not.
  public static func sessionRefused(
    through way: SignInWay, person: Int64?, why: String
  ) -> AuditEvent {
    var data: [String: Canonical] = ["through": .string(way.rawValue), "why": .string(why)]
    data["about"] = person.map(Canonical.integer)
    return AuditEvent("session.refused", data)
  }

  /// A signed-in person was refused a page or an act.
  public static func accessRefused(route: String, change: Int64?, why: String) -> AuditEvent {
    AuditEvent(
      "access.refused", change: change, ["route": .string(route), "why": .string(why)])
  }
}

/// Acts that are about no change.
extension AuditEvent {
  /// A person's act was refused.
  public static func actRefused(act: String, why: String) -> AuditEvent {
    AuditEvent("act.refused", ["act": .string(act), "why": .string(why)])
  }
}

/// The machine the portal runs on.
extension AuditEvent {
  /// The spool held what became of a call when it could not be written here; nil where not even
  /// the change can be told.
  public static func spoolImported(
    change: Int64?, step: Int64, outcome: String, detail: String
  ) -> AuditEvent {
    AuditEvent(
      "spool.imported", change: change,
      ["step": .integer(step), "outcome": .string(outcome), "detail": .string(detail)])
  }

  /// Whoever has the command line took the clock for right, although the log was ahead of it.
  public static func clockAccepted(floor: Moment) -> AuditEvent {
    AuditEvent("clock.accepted", ["floor": .integer(floor.ms)])
  }

  /// Whether the log goes on from the time of this entry, even if it is before the last one's.
  public var setsClock: Bool { Self.setsClock(type) }

  /// Whether an entry of this type may be older than the one before.
  public static func setsClock(_ type: String?) -> Bool { type == "clock.accepted" }
}
