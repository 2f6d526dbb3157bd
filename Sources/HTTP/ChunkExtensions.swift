/// The extensions of a chunk: `;name`, `;name=token` and `;name="quoted"` (RFC 9112 §7.1.1). None
/// is known here. They are read all the same: what two readers end at different bytes, one of them
/// takes for the next chunk.
enum ChunkExtensions {
  /// - Parameter line: from the first semicolon to the end of the line; empty for none.
  static func areValid(_ line: Span<UInt8>) -> Bool {
    var at = 0
    while at < line.count {
      guard line[at] == UInt8(ascii: ";") else { return false }
      at = afterSpace(line, at + 1)
      guard let name = afterToken(line, at) else { return false }
      at = afterSpace(line, name)
      guard at < line.count, line[at] == UInt8(ascii: "=") else { continue }
      at = afterSpace(line, at + 1)
      guard let value = afterToken(line, at) ?? afterQuoted(line, at) else { return false }
      at = afterSpace(line, value)
    }
    return true
  }

  /// Whitespace that should not be there, and is to be passed over (BWS, RFC 9110 §5.6.3).
  private static func afterSpace(_ line: Span<UInt8>, _ start: Int) -> Int {
    var at = start
    while at < line.count, line[at] == .space || line[at] == .tab { at += 1 }
    return at
  }

  private static func afterToken(_ line: Span<UInt8>, _ start: Int) -> Int? {
    var at = start
    while at < line.count, line[at].isToken { at += 1 }
    return at > start ? at : nil
  }

  /// RFC 9110 §5.6.4.
  private static func afterQuoted(_ line: Span<UInt8>, _ start: Int) -> Int? {
    guard start < line.count, line[start] == UInt8(ascii: "\"") else { return nil }
    var at = start + 1
    while at < line.count, line[at] != UInt8(ascii: "\"") {
      if line[at] == UInt8(ascii: "\\") { at += 1 }
      guard at < line.count, line[at] == .tab || !line[at].isControl else { return nil }
      at += 1
    }
    return at < line.count ? at + 1 : nil
  }
}
