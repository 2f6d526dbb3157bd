extension Output {
  /// One bit for each of `"` `&` `'` `<` `>`: all have values below 64.
  private static let specials: UInt64 =
    1 << 0x22 | 1 << 0x26 | 1 << 0x27 | 1 << 0x3c | 1 << 0x3e

  /// Appends `text` with the five characters that mean something in HTML as references.
  ///
  /// It looks at bytes, never at characters: `<` followed by a combining mark is one character to
  /// Swift and not equal to `<`, but to a browser it opens a tag.
  mutating func append(escaping text: String) {
    text.utf8Span.span.withUnsafeBufferPointer { append(escaping: $0) }
  }

  private mutating func append(escaping bytes: UnsafeBufferPointer<UInt8>) {
    var plainStart = 0
    for index in bytes.indices where Self.isSpecial(bytes[index]) {
      append(UnsafeBufferPointer(rebasing: bytes[plainStart..<index]))
      append(reference: bytes[index])
      plainStart = index + 1
    }
    append(UnsafeBufferPointer(rebasing: bytes[plainStart...]))
  }

  /// Without a branch: letters and blanks take turns, which no processor foresees.
  private static func isSpecial(_ byte: UInt8) -> Bool {
    let isBelow64 = (UInt64(byte) &- 64) &>> 63
    return specials &>> UInt64(byte) & isBelow64 != 0
  }

  private mutating func append(reference byte: UInt8) {
    let reference: StaticString =
      switch byte {
      case UInt8(ascii: "<"): "&lt;"
      case UInt8(ascii: ">"): "&gt;"
      case UInt8(ascii: "&"): "&amp;"
      case UInt8(ascii: "\""): "&quot;"
      default: "&#39;"
      }
    reference.withUTF8Buffer { append($0) }
  }
}
