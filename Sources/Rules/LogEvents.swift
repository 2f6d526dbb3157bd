/// The log itself.
extension AuditEvent {
  /// The log is signed with this key from here on, a key that no earlier one speaks for.
  public static func keyAdded(_ key: String) -> AuditEvent {
    AuditEvent("log.key_added", ["key": .string(key)])
  }

  /// The log is signed with this key from here on; the note is signed by it and the one before.
  public static func keyRotated(_ key: String, note: String) -> AuditEvent {
    AuditEvent("log.key_rotated", ["key": .string(key), "note": .string(note)])
  }

  /// Nothing happened for an hour. That nothing was left out is provable only of what is written.
  public static let logQuiet = AuditEvent("log.quiet")

  /// Somebody took a part of the log away.
  public static func logExported(_ what: String) -> AuditEvent {
    AuditEvent("log.exported", ["what": .string(what)])
  }

  /// Somebody took diagnostics of the installation away, which hold nothing of the log.
  public static let diagnosticsExported = AuditEvent("diagnostics.exported")

  /// The log has not got what was anchored of it.
  public static func logBehind(anchored: Int64, why: String) -> AuditEvent {
    AuditEvent("log.behind", ["anchored": .integer(anchored), "why": .string(why)])
  }

  /// An anchor that was made is not there any more.
  public static func anchorMissing(size: Int64) -> AuditEvent {
    AuditEvent("log.anchor_missing", ["anchored": .integer(size)])
  }

  /// People have accepted that entries are lost: the first `kept` are those that were anchored,
  /// those from there through `lost` are gone, and what follows is another line of the log.
  public static func gapAccepted(
    line: Int64, kept: Int64, lost: Int64, why: String
  ) -> AuditEvent {
    AuditEvent(
      "log.gap_accepted",
      [
        "line": .integer(line), "kept": .integer(kept), "lost": .integer(lost),
        "why": .string(why),
      ])
  }
}

extension AuditSentence {
  /// What happened to the log in words; the type itself where it is none of the log's.
  static func ofLog(_ entry: Words) -> String {
    switch entry.type {
    case "log.key_added": return "began to sign the log with the key \(entry.text("key"))"
    case "log.key_rotated": return "went over to signing the log with the key \(entry.text("key"))"
    case "log.quiet": return "had nothing to record for an hour"
    case "log.exported": return "exported \(entry.text("what"))"
    case "log.behind":
      return
        "found the log behind its anchor of \(entry.number("anchored")) entries: "
        + entry.text("why")
    case "log.anchor_missing":
      return "found that the anchor of \(entry.number("anchored")) entries is gone"
    case "log.gap_accepted":
      return
        "accepted that entries after \(entry.number("kept")), through \(entry.number("lost")), "
        + "are lost: "
        + entry.text("why")
    default: return entry.type
    }
  }
}
