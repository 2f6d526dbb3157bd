/// The part of CBOR (RFC 8949) that authenticators write in their canonical form (CTAP 2.1 §8):
/// definite lengths, shortest numbers, no tags, no fractions.
enum CBOR: Hashable {
  case unsigned(UInt64)
  /// -1 - n, as RFC 8949 §3.1 counts them.
  case negative(UInt64)
  case bytes([UInt8])
  case text(String)
  case array([CBOR])
  case map([CBOR: CBOR])
  /// False, true and null.
  case simple(UInt8)

  /// The values of a map; nil of anything else.
  var map: [CBOR: CBOR]? { if case .map(let map) = self { map } else { nil } }

  /// The bytes of a byte string; nil of anything else.
  var bytes: [UInt8]? { if case .bytes(let bytes) = self { bytes } else { nil } }

  /// A whole number that small fields hold; nil of anything else.
  var number: Int? {
    switch self {
    case .unsigned(let value): Int(exactly: value)
    case .negative(let value): Int(exactly: value).map { -1 - $0 }
    default: nil
    }
  }
}

extension CBOR: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
  init(integerLiteral value: Int) {
    self = value < 0 ? .negative(UInt64(-1 - value)) : .unsigned(UInt64(value))
  }

  init(stringLiteral value: String) { self = .text(value) }
}

/// Reads CBOR from bytes that anybody may have sent: each length is held against what is there
/// before anything is made of it.
struct CBORReader {
  /// How deep values may stand in each other (CTAP 2.1 §8).
  static let depthMax = 4
  /// How many entries an array or a map may have.
  static let entriesMax = 64

  /// What is not read yet.
  private(set) var rest: ArraySlice<UInt8>

  init(_ bytes: some Sequence<UInt8>) { rest = Array(bytes)[...] }

  /// One value and nothing behind it.
  static func read(_ bytes: some Sequence<UInt8>) throws(WebAuthnProblem) -> CBOR {
    var reader = CBORReader(bytes)
    let value = try reader.next()
    guard reader.rest.isEmpty else { throw .encoding }
    return value
  }

  /// The next value.
  mutating func next() throws(WebAuthnProblem) -> CBOR { try next(depth: 0) }

  private mutating func next(depth: Int) throws(WebAuthnProblem) -> CBOR {
    let head = try byte()
    if head >> 5 == 7 {
      guard (0xF4...0xF6).contains(head) else { throw .encoding }
      return .simple(head & 0x1F)
    }
    let argument = try argument(of: head & 0x1F)
    switch head >> 5 {
    case 0: return .unsigned(argument)
    case 1: return .negative(argument)
    case 2: return .bytes(Array(try take(argument)))
    case 3:
      guard let text = String(validating: try take(argument), as: UTF8.self) else {
        throw .encoding
      }
      return .text(text)
    case 4: return .array(try array(argument, depth: depth + 1))
    case 5: return .map(try map(argument, depth: depth + 1))
    default: throw .encoding
    }
  }

  private mutating func array(
    _ count: UInt64, depth: Int
  ) throws(WebAuthnProblem) -> [CBOR] {
    guard depth <= Self.depthMax, count <= Self.entriesMax else { throw .encoding }
    var values: [CBOR] = []
    for _ in 0..<count { values.append(try next(depth: depth)) }
    return values
  }

  private mutating func map(
    _ count: UInt64, depth: Int
  ) throws(WebAuthnProblem) -> [CBOR: CBOR] {
    guard depth <= Self.depthMax, count <= Self.entriesMax else { throw .encoding }
    var values: [CBOR: CBOR] = [:]
    for _ in 0..<count {
      let key = try next(depth: depth)
      // Of two values under one key nobody could tell which one was meant.
      guard values.updateValue(try next(depth: depth), forKey: key) == nil else {
        throw .encoding
      }
    }
    return values
  }

  /// The number in or behind a head, in its shortest form.
  private mutating func argument(of short: UInt8) throws(WebAuthnProblem) -> UInt64 {
    guard short >= 24 else { return UInt64(short) }
    guard short <= 27 else { throw .encoding }
    let length = 1 << Int(short - 24)
    let value = try take(UInt64(length)).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let least: UInt64 = length == 1 ? 24 : 1 << UInt64(4 * length)
    guard value >= least else { throw .encoding }
    return value
  }

  private mutating func byte() throws(WebAuthnProblem) -> UInt8 {
    guard let byte = rest.popFirst() else { throw .encoding }
    return byte
  }

  private mutating func take(_ count: UInt64) throws(WebAuthnProblem) -> ArraySlice<UInt8> {
    guard count <= rest.count else { throw .encoding }
    defer { rest = rest.dropFirst(Int(count)) }
    return rest.prefix(Int(count))
  }
}
