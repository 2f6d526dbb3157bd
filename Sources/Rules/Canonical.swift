/// A value with exactly one encoding, for bytes that are signed, hashed and compared.
///
/// The profile of RFC 8785 used here: object keys of `a-z 0-9 _` (so byte order is code point
/// order), integers within ±(2^53 − 1), strings, booleans, arrays. No floats and no null: what is
/// not there is left out.
public enum Canonical: Hashable, Sendable {
  /// Text.
  case string(String)
  /// A whole number within ±(2^53 − 1).
  case integer(Int64)
  /// True or false.
  case boolean(Bool)
  /// Values in their order.
  case array([Canonical])
  /// Values by key.
  case object([String: Canonical])

  /// The largest magnitude of an integer that every JSON reader keeps exactly (RFC 8785 §3.2.2.3).
  public static let integerMax: Int64 = 9_007_199_254_740_991

  /// The one encoding of the value. Integers past `integerMax` would not read back: callers hold
  /// money and moments, which stay far below it.
  public var bytes: [UInt8] {
    var output: [UInt8] = []
    append(to: &output)
    return output
  }

  /// The value under a key; nil when this is no object or has no such key.
  public subscript(_ key: String) -> Canonical? {
    if case .object(let members) = self { members[key] } else { nil }
  }

  /// The text, when this is a string.
  public var text: String? { if case .string(let value) = self { value } else { nil } }
  /// The number, when this is an integer.
  public var number: Int64? { if case .integer(let value) = self { value } else { nil } }
  /// The answer, when this is a boolean.
  public var flag: Bool? { if case .boolean(let value) = self { value } else { nil } }
  /// The values, when this is an array.
  public var elements: [Canonical]? { if case .array(let values) = self { values } else { nil } }

  private func append(to output: inout [UInt8]) {
    switch self {
    case .string(let value): Self.append(value, to: &output)
    case .integer(let value): output += String(value).utf8
    case .boolean(let value): output += (value ? "true" : "false").utf8
    case .array(let values):
      output.append(UInt8(ascii: "["))
      for (index, value) in values.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        value.append(to: &output)
      }
      output.append(UInt8(ascii: "]"))
    case .object(let members):
      output.append(UInt8(ascii: "{"))
      let keys = members.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      for (index, key) in keys.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        Self.append(key, to: &output)
        output.append(UInt8(ascii: ":"))
        members[key]?.append(to: &output)
      }
      output.append(UInt8(ascii: "}"))
    }
  }

  /// A string as RFC 8785 §3.2.2.2 writes it: escapes where there have to be any, everything else
  /// as UTF-8.
  private static func append(_ text: String, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      if byte.needsEscape, let escape = escapes.first(where: { $0.byte == byte }) {
        output += escape.written
      } else {
        output.append(byte)
      }
    }
    output.append(UInt8(ascii: "\""))
  }

  /// How each byte that a string can't hold as itself is written: the short escapes where there are
  /// any, `\u00xx` for other control characters.
  static let escapes: [(byte: UInt8, written: [UInt8])] = {
    let short: [(UInt8, String)] = [
      (UInt8(ascii: "\""), "\\\""), (UInt8(ascii: "\\"), "\\\\"), (0x08, "\\b"), (0x09, "\\t"),
      (0x0A, "\\n"), (0x0C, "\\f"), (0x0D, "\\r"),
    ]
    let long = (UInt8(0)..<0x20).filter { byte in !short.contains { $0.0 == byte } }
      .map { ($0, ($0 < 0x10 ? "\\u000" : "\\u00") + String($0, radix: 16)) }
    return (short + long).map { ($0.0, Array($0.1.utf8)) }
  }()
}

extension UInt8 {
  /// Whether a string can't hold the byte as itself.
  var needsEscape: Bool { self < 0x20 || self == UInt8(ascii: "\"") || self == UInt8(ascii: "\\") }
}
