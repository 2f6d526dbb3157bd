/// What people say about backups.
extension AuditEvent {
  /// Somebody has restored a backup, to see whether that works.
  public static func restoreTested(
    site: String, what: String, worked: Bool, note: String
  ) -> AuditEvent {
    AuditEvent(
      "backup.restore_tested",
      [
        "site": .string(site), "what": .string(what),
        "outcome": .string(worked ? "worked" : "failed"), "note": .string(note),
      ])
  }
}
