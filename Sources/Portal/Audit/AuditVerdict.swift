/// What was found of a log. The number is the exit status of `caretaker audit verify`.
public enum AuditVerdict: Error, Equatable, Sendable {
  /// An entry is not what was written: its number and why.
  case tampered(entry: Int64, why: String)
  /// The entries are whole, but tell of something that must not have happened.
  case ruleBroken(entry: Int64, why: String)
  /// Whole and within the rules: the number of the last entry, through which one the key or the
  /// anchors that were brought along vouch for it, and the last link in hexadecimal.
  case sound(entries: Int64, vouchedFor: Int64, head: String)

  /// 0 sound and vouched for to its end, 1 tampered, 2 sound but not vouched for to its end, 4 a
  /// rule broken; 3 is wrong usage.
  public var exitCode: Int32 {
    switch self {
    case .tampered: 1
    case .ruleBroken: 4
    case .sound(let entries, let vouchedFor, _): vouchedFor == entries && entries > 0 ? 0 : 2
    }
  }

  /// The verdict in one sentence.
  public var sentence: String {
    switch self {
    case .tampered(let entry, let why): "Tampered with: entry \(entry) \(why)."
    case .ruleBroken(let entry, let why): "A rule was broken: entry \(entry) says that \(why)."
    case .sound(let entries, let vouchedFor, _) where vouchedFor == entries && entries > 0:
      "Sound: \(entries) entries, and what you brought along vouches for all of them."
    case .sound(let entries, 0, let head):
      "Sound: \(entries) entries. Nothing outside this file vouches for the last of them; "
        + "compare the last link with one you noted: \(head)."
    case .sound(let entries, let vouchedFor, _):
      "Sound: \(entries) entries. What you brought along vouches for them through \(vouchedFor), "
        + "not for the \(entries - vouchedFor) after it."
    }
  }
}
