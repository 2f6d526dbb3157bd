/// Percent-decoding (RFC 3986 §2.1), done exactly once.
enum PercentDecoding {
  /// The bytes a text stands for; nil when a "%" is not followed by two hexadecimal digits.
  /// - Parameter plusIsSpace: as in forms (WHATWG URL, application/x-www-form-urlencoded).
  static func bytes(_ encoded: Span<UInt8>, plusIsSpace: Bool = false) -> [UInt8]? {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(encoded.count)
    var index = 0
    while index < encoded.count {
      let byte = encoded[index]
      if byte == UInt8(ascii: "%") {
        guard index + 2 < encoded.count, let high = encoded[index + 1].hexValue,
          let low = encoded[index + 2].hexValue
        else { return nil }
        decoded.append(high << 4 | low)
        index += 3
      } else {
        decoded.append(plusIsSpace && byte == UInt8(ascii: "+") ? .space : byte)
        index += 1
      }
    }
    return decoded
  }

  /// The path a request is for.
  /// - Throws: where two readers could understand different resources: dot segments, empty
  ///   segments, encoded slashes, controls, text that is not UTF-8.
  static func path(_ encoded: Span<UInt8>) throws(RequestProblem) -> String {
    // Characters of the target are known to be printable ASCII.
    if encoded.firstIndex(of: UInt8(ascii: "%")) == nil {
      try checkSegments(encoded)
      guard encoded.firstIndex(of: UInt8(ascii: "\\")) == nil else {
        throw .bad("A backslash stands in the path.")
      }
      return encoded.text
    }
    guard let bytes = bytes(encoded) else { throw .bad("A percent sign stands alone in the path.") }
    guard slashCount(bytes.span) == slashCount(encoded) else {
      throw .bad("A slash is encoded in the path.")
    }
    try checkSegments(bytes.span)
    guard let path = String(validating: bytes, as: UTF8.self) else {
      throw .bad("The path is not UTF-8.")
    }
    for index in bytes.indices {
      // U+0080 to U+009F are controls too; in UTF-8 they begin with C2.
      let isLateControl =
        bytes[index] == 0xC2 && index + 1 < bytes.count && bytes[index + 1] < 0xA0
      guard !bytes[index].isControl, !isLateControl else {
        throw .bad("A control character is encoded in the path.")
      }
      guard bytes[index] != UInt8(ascii: "\\") else {
        throw .bad("A backslash stands in the path.")
      }
    }
    return path
  }

  private static func slashCount(_ bytes: Span<UInt8>) -> Int {
    var count = 0
    for index in bytes.indices where bytes[index] == .slash { count += 1 }
    return count
  }

  private static func checkSegments(_ path: Span<UInt8>) throws(RequestProblem) {
    guard !path.isEmpty, path[0] == .slash else { throw .bad("The path begins without a slash.") }
    var start = 1
    for index in 1..<path.count + 1 where index == path.count || path[index] == .slash {
      let length = index - start
      let isLast = index == path.count
      guard length > 0 || isLast else { throw .bad("A segment of the path is empty.") }
      let isDots =
        length > 0 && length <= 2 && path[start] == UInt8(ascii: ".")
        && path[index - 1] == UInt8(ascii: ".")
      guard !isDots else { throw .bad("The path has dot segments.") }
      start = index + 1
    }
  }
}
