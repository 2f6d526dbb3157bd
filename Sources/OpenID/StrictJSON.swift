/// JSON (RFC 8259) in which nothing can be read in two ways: no name twice in an object, no bytes
/// that are not UTF-8, nothing after the end, and no deeper than anybody needs.
public enum StrictJSON: Sendable, Equatable {
  /// `null`.
  case null
  /// `true` or `false`.
  case boolean(Bool)
  /// A finite number.
  case number(Double)
  /// A string.
  case text(String)
  /// An array.
  case list([StrictJSON])
  /// An object, its names in no order.
  case object([String: StrictJSON])

  /// How deep values stand in one another at most.
  public static let depthMax = 16

  /// - Returns: nil for anything that is not one whole value.
  public init?(_ bytes: [UInt8]) {
    var reader = Reader(bytes: bytes)
    guard let value = reader.value(depth: 0), reader.isAtEnd() else { return nil }
    self = value
  }

  /// A member of an object.
  public subscript(name: String) -> StrictJSON? {
    if case .object(let members) = self { members[name] } else { nil }
  }

  /// The text; nil for anything else.
  public var text: String? { if case .text(let text) = self { text } else { nil } }
  /// The number; nil for anything else.
  public var number: Double? { if case .number(let number) = self { number } else { nil } }
  /// True or false; nil for anything else.
  public var flag: Bool? { if case .boolean(let flag) = self { flag } else { nil } }
  /// The values of a list; nil for anything else.
  public var entries: [StrictJSON]? { if case .list(let entries) = self { entries } else { nil } }

  /// The texts of a list, or one text alone; nil for anything else.
  public var texts: [String]? {
    if let text { return [text] }
    guard let entries else { return nil }
    let texts = entries.compactMap(\.text)
    return texts.count == entries.count ? texts : nil
  }
}

private struct Reader {
  let bytes: [UInt8]
  var index = 0

  mutating func isAtEnd() -> Bool {
    skipSpace()
    return index == bytes.count
  }

  private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func skipSpace() {
    while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { index += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard next == UInt8(ascii: character) else { return false }
    index += 1
    return true
  }

  private mutating func take(word: StaticString) -> Bool {
    let wanted = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
    guard bytes[index...].starts(with: wanted) else { return false }
    index += wanted.count
    return true
  }

  mutating func value(depth: Int) -> StrictJSON? {
    guard depth <= StrictJSON.depthMax else { return nil }
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return object(depth: depth)
    case UInt8(ascii: "["): return list(depth: depth)
    case UInt8(ascii: "\""): return string().map(StrictJSON.text)
    case UInt8(ascii: "t"): return take(word: "true") ? .boolean(true) : nil
    case UInt8(ascii: "f"): return take(word: "false") ? .boolean(false) : nil
    case UInt8(ascii: "n"): return take(word: "null") ? .null : nil
    default: return number()
    }
  }

  private mutating func object(depth: Int) -> StrictJSON? {
    var members: [String: StrictJSON] = [:]
    guard take("{") else { return nil }
    if take("}") { return .object(members) }
    repeat {
      skipSpace()
      guard let name = string(), take(":"), let member = value(depth: depth + 1),
        members.updateValue(member, forKey: name) == nil
      else { return nil }
    } while take(",")
    return take("}") ? .object(members) : nil
  }

  private mutating func list(depth: Int) -> StrictJSON? {
    var entries: [StrictJSON] = []
    guard take("[") else { return nil }
    if take("]") { return .list(entries) }
    repeat {
      guard let entry = value(depth: depth + 1) else { return nil }
      entries.append(entry)
    } while take(",")
    return take("]") ? .list(entries) : nil
  }

  private mutating func number() -> StrictJSON? {
    let begin = index
    while let byte = next, "+-.0123456789eE".utf8.contains(byte) { index += 1 }
    let text = String(decoding: bytes[begin..<index], as: UTF8.self)
    let shape = /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/
    guard text.wholeMatch(of: shape) != nil, let number = Double(text), number.isFinite else {
      return nil
    }
    return .number(number)
  }

  private mutating func string() -> String? {
    guard next == UInt8(ascii: "\"") else { return nil }
    index += 1
    var text: [UInt8] = []
    while let byte = next {
      index += 1
      switch byte {
      case UInt8(ascii: "\""): return String(validating: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard let scalar = escaped() else { return nil }
        text += Array(String(scalar).utf8)
      case 0..<0x20: return nil
      default: text.append(byte)
      }
    }
    return nil
  }

  private mutating func escaped() -> Unicode.Scalar? {
    guard let byte = next else { return nil }
    index += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return unit().flatMap { scalar(after: $0) }
    default: return nil
    }
  }

  /// A scalar of the first unit that was read, with the second one of a pair (RFC 8259 §7).
  private mutating func scalar(after first: UInt32) -> Unicode.Scalar? {
    guard (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) }
    guard take(word: "\\u"), let second = unit(), (0xDC00..<0xE000).contains(second) else {
      return nil
    }
    return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
  }

  private mutating func unit() -> UInt32? {
    guard index + 4 <= bytes.count else { return nil }
    let digits = bytes[index..<index + 4]
    index += 4
    let isHex = digits.allSatisfy { "0123456789abcdefABCDEF".utf8.contains($0) }
    return isHex ? UInt32(String(decoding: digits, as: UTF8.self), radix: 16) : nil
  }
}
