/// What others did past Caretaker.
extension AuditEvent {
  /// Somebody changed what Caretaker looks after, and no change of Caretaker's did it. Who it was
  /// stands beside the log.
  public static func actedOutside(
    site: String, source: String, id: String, act: String, resource: String, at: Moment
  ) -> AuditEvent {
    AuditEvent(
      "outside.acted",
      [
        "site": .string(site), "source": .string(source), "id": .string(id), "act": .string(act),
        "resource": .string(resource), "acted_at": .integer(at.ms),
      ])
  }
}
