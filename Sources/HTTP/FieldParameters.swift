/// A field value with parameters: `form-data; name="a"` (RFC 9110 §5.6.6). Strict: a quoted value
/// has no backslash, for browsers and curl mean different things by it.
struct FieldParameters {
  /// What stands before the first semicolon, in lower case.
  let value: String
  /// Names in lower case, values without their quotes. No name stands twice.
  private(set) var parameters: [(name: String, value: [UInt8])] = []

  /// Nil for what is written in another way.
  init?(_ field: [UInt8]) {
    var rest = field[...]
    let first = rest.prefix { $0 != UInt8(ascii: ";") }
    value = String(decoding: first[first.span.trimmedRange], as: UTF8.self).lowercased()
    rest = rest.dropFirst(first.count)
    while !rest.isEmpty {
      rest = rest.dropFirst().drop { $0 == .space || $0 == .tab }
      guard let (name, value) = Self.parameter(&rest), self[name] == nil else { return nil }
      parameters.append((name, value))
      rest = rest.drop { $0 == .space || $0 == .tab }
      guard rest.isEmpty || rest.first == UInt8(ascii: ";") else { return nil }
    }
  }

  subscript(name: String) -> [UInt8]? { parameters.first { $0.name == name }?.value }

  private static func parameter(_ rest: inout ArraySlice<UInt8>) -> (String, [UInt8])? {
    let name = rest.prefix { $0.isToken }
    rest = rest.dropFirst(name.count)
    guard !name.isEmpty, rest.popFirst() == UInt8(ascii: "=") else { return nil }
    let text = String(decoding: name, as: UTF8.self).lowercased()
    guard rest.first == UInt8(ascii: "\"") else {
      let value = rest.prefix { $0.isToken }
      rest = rest.dropFirst(value.count)
      return value.isEmpty ? nil : (text, Array(value))
    }
    rest = rest.dropFirst()
    let value = rest.prefix { $0 != UInt8(ascii: "\"") }
    rest = rest.dropFirst(value.count)
    guard rest.popFirst() != nil, !value.contains(UInt8(ascii: "\\")) else { return nil }
    return (text, Array(value))
  }
}
