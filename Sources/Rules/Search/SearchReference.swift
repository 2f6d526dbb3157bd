/// Something that is named exactly, so that it goes before whatever merely holds the words.
public enum SearchReference: Hashable, Sendable {
  /// `CR-12`.
  case change(Int64)
  /// A number alone: of a change, an entry of the log or what is left to do.
  case number(Int64)
  /// The beginning of a digest or of a commit, in hexadecimal.
  case digest(String)

  /// From how many digits on a hexadecimal number is taken for the beginning of a digest.
  public static let digestLengthMin = 7
  private static let digestLengthMax = 64

  /// What somebody typed, without spaces around it; empty where it names nothing.
  public static func all(in typed: String) -> [SearchReference] {
    let text = typed.lowercased()
    if text.hasPrefix("cr") {
      let digits = text.dropFirst(2).drop { $0 == "-" || $0 == " " }
      return number(digits).map { [.change($0)] } ?? []
    }
    let bare = text.hasPrefix("#") ? text.dropFirst() : text[...]
    let hex = text.hasPrefix("sha256:") ? text.dropFirst("sha256:".count) : text[...]
    let isDigest =
      (digestLengthMin...digestLengthMax).contains(hex.count)
      && hex.utf8.allSatisfy(\.isLowercaseHex)
    return (number(bare).map { [.number($0)] } ?? []) + (isDigest ? [.digest(String(hex))] : [])
  }

  private static func number(_ digits: Substring) -> Int64? {
    guard digits.utf8.allSatisfy(\.isDigit), let number = Int64(digits), number > 0 else {
      return nil
    }
    return number
  }
}
