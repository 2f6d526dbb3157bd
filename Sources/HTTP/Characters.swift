extension UInt8 {
  static let space = UInt8(ascii: " ")
  static let tab = UInt8(ascii: "\t")
  static let carriageReturn = UInt8(ascii: "\r")
  static let lineFeed = UInt8(ascii: "\n")
  static let slash = UInt8(ascii: "/")
  static let colon = UInt8(ascii: ":")

  var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

  var isLetter: Bool { self | 0x20 >= UInt8(ascii: "a") && self | 0x20 <= UInt8(ascii: "z") }

  /// C0 controls and DEL.
  var isControl: Bool { self < 0x20 || self == 0x7F }

  /// RFC 9110 §5.6.2.
  var isToken: Bool { isLetter || isDigit || "!#$%&'*+-.^_`|~".utf8.contains(self) }

  /// The value of a hexadecimal digit.
  var hexValue: UInt8? {
    if isDigit { return self - UInt8(ascii: "0") }
    let lower = self | 0x20
    guard lower >= UInt8(ascii: "a"), lower <= UInt8(ascii: "f") else { return nil }
    return lower - UInt8(ascii: "a") + 10
  }
}

extension Span<UInt8> {
  /// The text; only for bytes already known to be ASCII.
  var text: String { withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) } }

  func firstIndex(of byte: UInt8) -> Int? {
    for index in indices where self[index] == byte { return index }
    return nil
  }

  /// Whether these are exactly the characters of `other`.
  func equals(_ other: StaticString) -> Bool {
    guard count == other.utf8CodeUnitCount else { return false }
    let bytes = UnsafeBufferPointer(start: other.utf8Start, count: count)
    for index in indices where self[index] != bytes[index] { return false }
    return true
  }

  /// Whether these are the characters of `lowercase`, in any case.
  func matches(_ lowercase: StaticString) -> Bool {
    guard count == lowercase.utf8CodeUnitCount else { return false }
    let other = UnsafeBufferPointer(start: lowercase.utf8Start, count: count)
    for index in indices {
      let byte = self[index]
      guard (byte.isLetter ? byte | 0x20 : byte) == other[index] else { return false }
    }
    return true
  }

  /// The range without spaces and tabs at both ends (OWS, RFC 9110 §5.6.3).
  var trimmedRange: Range<Int> {
    var range = 0..<count
    while let first = range.first, self[first] == .space || self[first] == .tab {
      range = first + 1..<range.upperBound
    }
    while let last = range.last, self[last] == .space || self[last] == .tab {
      range = range.lowerBound..<last
    }
    return range
  }

  /// A decimal number of digits alone; nil for a sign, a space, nothing, or too large a number.
  var decimal: Int? {
    guard !isEmpty else { return nil }
    var value = 0
    for index in indices {
      guard self[index].isDigit else { return nil }
      let (tens, overflowsTens) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflows) = tens.addingReportingOverflow(Int(self[index] - UInt8(ascii: "0")))
      guard !overflowsTens, !overflows else { return nil }
      value = sum
    }
    return value
  }
}
