/// The way out of the sandbox. What AWS wrote and what people noted stands beside the log.
extension AuditEvent {
  /// A version of the request was written.
  public static func mailRequestWritten(site: String, request: Int64) -> AuditEvent {
    AuditEvent("mail.request_written", ["site": .string(site), "request": .integer(request)])
  }

  /// The account was seen to stand otherwise with SES than before.
  public static func mailStandingSeen(
    site: String, standing: MailStanding, caseID: String
  ) -> AuditEvent {
    AuditEvent(
      "mail.standing_seen",
      [
        "site": .string(site), "standing": .string(standing.rawValue), "case": .string(caseID),
      ])
  }

  /// A letter was noted.
  public static func mailLetterNoted(site: String, letter: Int64, isOurs: Bool) -> AuditEvent {
    AuditEvent(
      "mail.letter_noted",
      ["site": .string(site), "letter": .integer(letter), "ours": .boolean(isOurs)])
  }

  /// A person has said that a row of the checklist is so.
  public static func mailChecked(site: String, row: String) -> AuditEvent {
    AuditEvent("mail.checked", ["site": .string(site), "row": .string(row)])
  }
}

extension AuditSentence {
  /// What happened on the way out of the sandbox; the type itself where it is none of its own.
  static func ofMail(_ entry: Words) -> String {
    switch entry.type {
    case "mail.request_written":
      return "wrote version \(entry.number("request")) of the request for production access"
    case "mail.standing_seen":
      let standing = MailStanding(rawValue: entry.text("standing"))?.words.lowercased()
      let support = entry.text("case")
      return "saw that SES is now: \(standing ?? entry.text("standing"))"
        + (support.isEmpty ? "" : ", case \(support)")
    case "mail.letter_noted": return "noted letter \(entry.number("letter")) about SES"
    case "mail.checked":
      let row = MailReadiness.byHand.first { $0.id == entry.text("row") }?.label
      return "says of SES's checklist: \(row ?? entry.text("row"))"
    default: return entry.type
    }
  }
}
