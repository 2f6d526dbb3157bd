/// The grammar of Host: a name or address, and possibly a port (RFC 9110 §7.2, RFC 3986 §3.2).
enum Host {
  static func isValid(_ value: Span<UInt8>) -> Bool {
    guard !value.isEmpty else { return false }
    var end = value.count
    if value[0] == UInt8(ascii: "[") {
      guard let close = value.firstIndex(of: UInt8(ascii: "]")), close > 1 else { return false }
      for index in 1..<close where !isAddressCharacter(value[index]) { return false }
      end = close + 1
    } else {
      end = value.firstIndex(of: .colon) ?? value.count
      guard end > 0 else { return false }
      for index in 0..<end where !isNameCharacter(value[index]) { return false }
    }
    return end == value.count || isPort(value.extracting(end..<value.count))
  }

  /// `:80`; the digits may be missing (RFC 3986 §3.2.3).
  private static func isPort(_ value: Span<UInt8>) -> Bool {
    guard value[0] == .colon else { return false }
    let digits = value.extracting(1..<value.count)
    return digits.isEmpty || (digits.decimal ?? .max) <= UInt16.max
  }

  private static func isAddressCharacter(_ byte: UInt8) -> Bool {
    byte.hexValue != nil || byte == .colon || byte == UInt8(ascii: ".")
  }

  /// Names in use have letters, digits, hyphens, dots and underscores; the percent-encodings and
  /// punctuation that RFC 3986 would also allow are in none, and in many an attack.
  private static func isNameCharacter(_ byte: UInt8) -> Bool {
    byte.isLetter || byte.isDigit || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
      || byte == UInt8(ascii: "_")
  }
}
