/// Policy, freezes and emergencies.
extension AuditEvent {
  /// A policy applies from now on.
  public static func policySet(settings: [String: Int64]) -> AuditEvent {
    AuditEvent("policy.set", settings.mapValues(Canonical.integer))
  }

  /// Nothing is run in a window but what it excepts.
  public static func freezeSet(
    freeze: Int64, from: Moment, to: Moment, reason: String, exceptions: Set<String>
  ) -> AuditEvent {
    AuditEvent(
      "freeze.set",
      [
        "freeze": .integer(freeze), "from": .integer(from.ms), "to": .integer(to.ms),
        "reason": .string(reason),
        "exceptions": .array(exceptions.sorted().map(Canonical.string)),
      ])
  }

  /// A freeze was lifted before its end.
  public static func freezeLifted(freeze: Int64) -> AuditEvent {
    AuditEvent("freeze.lifted", ["freeze": .integer(freeze)])
  }

  /// A person runs what restores the service without an approval for a while.
  public static func emergencyDeclared(emergency: Int64, until: Moment, reason: String)
    -> AuditEvent
  {
    AuditEvent(
      "emergency.declared",
      [
        "emergency": .integer(emergency), "until": .integer(until.ms), "reason": .string(reason),
      ])
  }

  /// Somebody else has looked at what was done in an emergency.
  public static func emergencyReviewed(emergency: Int64, note: String) -> AuditEvent {
    AuditEvent(
      "emergency.reviewed", ["emergency": .integer(emergency), "note": .string(note)])
  }
}
