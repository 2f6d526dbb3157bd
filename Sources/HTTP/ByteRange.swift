import HTTPTypes

/// What the Range field asks for (RFC 9110 §14.2).
enum ByteRange: Equatable {
  /// The whole: no field, one that can't be read, or more than one range. Several ranges at once
  /// are how a small request makes a large answer.
  case whole
  case part(Range<Int>)
  /// 416: nothing of it is there.
  case outside

  /// - Parameter byteCount: of the whole content.
  init(_ request: Request, of byteCount: Int) {
    self = .whole
    guard request.method == .get, let value = request.headers[.range] else { return }
    let parts = value.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].lowercased() == "bytes" else { return }
    let ends = parts[1].split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2 else { return }
    switch (ends[0].isEmpty, ends[1].isEmpty) {
    case (true, true): return
    case (true, false):
      guard let count = Self.number(ends[1]) else { return }
      let first = max(0, byteCount - count)
      self = first < byteCount ? .part(first..<byteCount) : .outside
    case (false, let isOpen):
      guard let first = Self.number(ends[0]), let last = isOpen ? .max : Self.number(ends[1]),
        first <= last
      else { return }
      self = first < byteCount ? .part(first..<min(last, byteCount - 1) + 1) : .outside
    }
  }

  /// Digits; what is past the largest number is past every end.
  private static func number(_ digits: Substring) -> Int? {
    guard !digits.isEmpty, digits.utf8.allSatisfy(\.isDigit) else { return nil }
    return Int(digits) ?? .max
  }
}
