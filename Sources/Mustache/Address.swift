/// Which addresses a page may send a browser to.
enum Address {
  /// Whether `text` is a path on this server, a fragment, a query, or an `https:` or `mailto:`
  /// address.
  ///
  /// Browsers drop tabs and line ends inside addresses and read `\` as `/` (WHATWG URL §4.4):
  /// either could make `/` + `/host` of what looks like a path.
  static func isSafe(_ text: String) -> Bool {
    let bytes = text.utf8Span.span
    for index in bytes.indices where bytes[index] < 0x20 || bytes[index] == UInt8(ascii: "\\") {
      return false
    }
    guard !bytes.isEmpty else { return false }
    return switch bytes[0] {
    case UInt8(ascii: "/"): bytes.count == 1 || bytes[1] != UInt8(ascii: "/")
    case UInt8(ascii: "#"), UInt8(ascii: "?"): true
    default: text.utf8.starts(with: "https://".utf8) || text.utf8.starts(with: "mailto:".utf8)
    }
  }

  /// Whether an address that begins with this literal leads to the same scheme and host, whatever
  /// text follows.
  static func isFixed(by prefix: [UInt8]) -> Bool {
    let text = String(decoding: prefix, as: UTF8.self)
    guard isSafe(text) else { return false }
    if text.utf8.starts(with: "https://".utf8) {
      return prefix.dropFirst("https://".utf8.count).contains(UInt8(ascii: "/"))
    }
    return text != "/"
  }
}
