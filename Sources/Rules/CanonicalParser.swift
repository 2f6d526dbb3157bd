extension Canonical {
  /// How deep values may nest when read back.
  public static let depthMax = 32

  /// Reads canonical bytes back; nil unless they are the one encoding of the value they hold.
  ///
  /// Spaces, floats, null, duplicate or unsorted keys, other escapes, other spellings of a number
  /// and invalid UTF-8 all give nil.
  public init?(canonical bytes: [UInt8]) {
    var parser = CanonicalParser(bytes: bytes)
    guard let value = parser.value(depth: 0), parser.isAtEnd else { return nil }
    self = value
  }
}

/// A reader for exactly what `Canonical` writes.
private struct CanonicalParser {
  let bytes: [UInt8]
  var position = 0

  /// The most digits that an integer has.
  private static let digitsMax = 16
  /// Room for as many members as an entry of the log has.
  private static let membersUsual = 8

  init(bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }
  var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func take(_ sign: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: sign) else { return false }
    position += 1
    return true
  }

  mutating func take(_ word: some Collection<UInt8>) -> Bool {
    guard bytes[position...].starts(with: word) else { return false }
    position += word.count
    return true
  }

  mutating func value(depth: Int) -> Canonical? {
    guard depth <= Canonical.depthMax, let first = next else { return nil }
    switch first {
    case UInt8(ascii: "\""): return string().map(Canonical.string)
    case UInt8(ascii: "["): return array(depth: depth)
    case UInt8(ascii: "{"): return object(depth: depth)
    case UInt8(ascii: "t"): return take("true".utf8) ? .boolean(true) : nil
    case UInt8(ascii: "f"): return take("false".utf8) ? .boolean(false) : nil
    default: return integer()
    }
  }

  mutating func integer() -> Canonical? {
    let isNegative = take("-")
    let start = position
    var magnitude: Int64 = 0
    while let digit = next, digit.isDigit, position - start < Self.digitsMax {
      magnitude = magnitude * 10 + Int64(digit - UInt8(ascii: "0"))
      position += 1
    }
    let count = position - start
    // Zero has no sign, and no other number begins with it.
    guard count > 0, magnitude <= Canonical.integerMax,
      bytes[start] != UInt8(ascii: "0") || count == 1 && !isNegative
    else { return nil }
    return .integer(isNegative ? -magnitude : magnitude)
  }

  mutating func array(depth: Int) -> Canonical? {
    guard take("[") else { return nil }
    var values: [Canonical] = []
    if take("]") { return .array(values) }
    repeat {
      guard let element = value(depth: depth + 1) else { return nil }
      values.append(element)
    } while take(",")
    return take("]") ? .array(values) : nil
  }

  mutating func object(depth: Int) -> Canonical? {
    guard take("{") else { return nil }
    if take("}") { return .object([:]) }
    var members = [String: Canonical](minimumCapacity: Self.membersUsual)
    var last: ArraySlice<UInt8> = []
    repeat {
      guard let key = key(), last.lexicographicallyPrecedes(key), take(":"),
        let member = value(depth: depth + 1)
      else { return nil }
      members[String(decoding: key, as: UTF8.self)] = member
      last = key
    } while take(",")
    return take("}") ? .object(members) : nil
  }

  /// A key: one or more of the profile's letters.
  mutating func key() -> ArraySlice<UInt8>? {
    guard take("\"") else { return nil }
    let start = position
    while let byte = next, byte.isKeyLetter { position += 1 }
    let key = bytes[start..<position]
    return take("\"") && !key.isEmpty ? key : nil
  }

  mutating func string() -> String? {
    guard take("\"") else { return nil }
    let start = position
    while let byte = next, !byte.needsEscape { position += 1 }
    // Copied only where an escape follows.
    var text = bytes[start..<position]
    while !take("\"") {
      guard let byte = byte() else { return nil }
      text.append(byte)
    }
    return String(validating: text, as: UTF8.self)
  }

  /// The next byte of a string, which may be written as an escape.
  mutating func byte() -> UInt8? {
    guard let byte = next else { return nil }
    guard byte.needsEscape else {
      position += 1
      return byte
    }
    return Canonical.escapes.first { take($0.written) }?.byte
  }
}

extension UInt8 {
  fileprivate var isKeyLetter: Bool { isLowercase || isDigit || self == UInt8(ascii: "_") }
}
