/// The addresses under which calendar programs read due dates.
extension AuditEvent {
  /// Somebody made an address for their calendar program; an earlier one ended.
  public static let calendarMade = AuditEvent("calendar.made")

  /// Somebody ended the address of their calendar program.
  public static let calendarEnded = AuditEvent("calendar.ended")
}
