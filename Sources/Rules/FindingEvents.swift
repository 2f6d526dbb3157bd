/// What people decide about findings.
extension AuditEvent {
  /// Somebody answers for a finding until a day.
  public static func findingAccepted(
    site: String, finding: String, owner: Int64, reason: String, until: Moment
  ) -> AuditEvent {
    AuditEvent(
      "finding.accepted",
      [
        "site": .string(site), "finding": .string(finding), "about": .integer(owner),
        "reason": .string(reason), "until": .integer(until.ms),
      ])
  }

  /// A finding is not accepted any more.
  public static func acceptanceEnded(site: String, finding: String) -> AuditEvent {
    AuditEvent(
      "finding.acceptance_ended", ["site": .string(site), "finding": .string(finding)])
  }
}
