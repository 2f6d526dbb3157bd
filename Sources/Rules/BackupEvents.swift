/// What people say about backups, and what is tried with them.
extension AuditEvent {
  /// A backup of the portal itself was brought back into a folder that was thrown away again.
  /// - Parameters:
  ///   - place: the backup's file or object.
  ///   - entries: the last entry of the log in it; nil when it could not be brought back.
  ///   - why: why it could not; nil when it could.
  public static func restoreDrilled(place: String, entries: Int64?, why: String?) -> AuditEvent {
    var data: [String: Canonical] = [
      "place": .string(place), "outcome": .string(why == nil ? "worked" : "failed"),
    ]
    data["entries"] = entries.map(Canonical.integer)
    data["why"] = why.map(Canonical.string)
    return AuditEvent("backup.drilled", data)
  }

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
