/// An address that mail is sent to: the plain form of RFC 5321 §4.1.2, in ASCII, without quotes or
/// comments, so that it can stand in a header and in an envelope as it is.
public struct MailAddress: Hashable, Sendable {
  /// The address, `ana@example.com`.
  public let text: String

  /// The longest address (RFC 5321 §4.5.3.1.3), in bytes.
  public static let lengthMax = 254
  /// The longest part before the @ (RFC 5321 §4.5.3.1.1).
  static let localLengthMax = 64

  /// Nil when it is none.
  public init?(_ text: String) {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, text.utf8.count <= Self.lengthMax,
      Self.isLocal(parts[0]), Self.isDomain(parts[1])
    else { return nil }
    self.text = text
  }

  /// What a text lists, one a line or with commas between: addresses, or what was meant as such.
  public static func listed(in text: String) -> [String] {
    text.split { $0.isNewline || $0 == "," }.map { part in
      let begun = part.drop(while: \.isWhitespace)
      return String(begun.reversed().drop(while: \.isWhitespace).reversed())
    }.filter { !$0.isEmpty }
  }

  /// The part behind the @.
  public var domain: String { String(text.drop { $0 != "@" }.dropFirst()) }

  private static func isLocal(_ part: Substring) -> Bool {
    let marks = Set("!#$%&'*+-/=?^_`{|}~".utf8)
    let atoms = part.split(separator: ".", omittingEmptySubsequences: false)
    return part.utf8.count <= localLengthMax
      && atoms.allSatisfy { atom in
        !atom.isEmpty && atom.utf8.allSatisfy { $0.isAlphanumeric || marks.contains($0) }
      }
  }

  private static func isDomain(_ part: Substring) -> Bool {
    let labels = part.split(separator: ".", omittingEmptySubsequences: false)
    return labels.count > 1
      && labels.allSatisfy { label in
        !label.isEmpty && label.utf8.count <= 63 && !label.hasPrefix("-") && !label.hasSuffix("-")
          && label.utf8.allSatisfy { $0.isAlphanumeric || $0 == UInt8(ascii: "-") }
      }
  }
}
