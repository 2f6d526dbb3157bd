/// What people say about notices.
extension AuditEvent {
  /// Somebody chose what they are told, and by which ways. The address stands beside the log.
  public static func noticesChosen(_ choices: [String], hasAddress: Bool) -> AuditEvent {
    AuditEvent(
      "notices.chosen",
      [
        "choices": .array(choices.map(Canonical.string)),
        "address": .string(hasAddress ? "given" : "none"),
      ])
  }

  /// Somebody had a notice sent once more that was not known to have arrived.
  public static func noticeRetried(notice: Int64) -> AuditEvent {
    AuditEvent("notice.retried", ["notice": .integer(notice)])
  }

  /// Somebody had a notice sent, to see whether it arrives.
  public static func noticesTested(notice: Int64) -> AuditEvent {
    AuditEvent("notices.tested", ["notice": .integer(notice)])
  }
}
