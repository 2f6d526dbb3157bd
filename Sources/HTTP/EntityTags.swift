/// The list of entity tags in If-Match or If-None-Match (RFC 9110 §8.8.3, §13.1).
enum EntityTags {
  /// `*`: any version.
  case any
  /// As they came, weak ones with their `W/`.
  case tags([Substring])

  /// - Returns: nil for what is no such list. Commas may stand within tags.
  init?(_ value: String) {
    let text = value.utf8
    if value == "*" {
      self = .any
      return
    }
    var tags: [Substring] = []
    var rest = text[...]
    while true {
      // Empty members of a list are passed over (RFC 9110 §5.6.1.2).
      rest = rest.drop { $0 == .space || $0 == .tab || $0 == UInt8(ascii: ",") }
      guard let start = rest.indices.first else { break }
      guard let end = Self.end(of: rest) else { return nil }
      tags.append(value[start..<end])
      rest = rest[end...].drop { $0 == .space || $0 == .tab }
      guard rest.isEmpty || rest.first == UInt8(ascii: ",") else { return nil }
    }
    self = .tags(tags)
  }

  /// Where the tag that stands at the beginning ends; nil when none does.
  private static func end(of text: Substring.UTF8View) -> String.Index? {
    let isWeak = text.starts(with: "W/".utf8)
    var opaque = isWeak ? text.dropFirst(2) : text
    guard opaque.popFirst() == UInt8(ascii: "\"") else { return nil }
    guard let quote = opaque.firstIndex(of: UInt8(ascii: "\"")) else { return nil }
    guard opaque[..<quote].allSatisfy({ $0 == 0x21 || $0 >= 0x23 && $0 != 0x7F }) else {
      return nil
    }
    return opaque.index(after: quote)
  }

  /// Weak comparison (§8.8.3.2): the same but for `W/`.
  func containWeakly(_ tag: String) -> Bool {
    switch self {
    case .any: true
    case .tags(let tags): tags.contains { Self.opaque($0) == Self.opaque(tag[...]) }
    }
  }

  /// Strong comparison: the same, and neither weak.
  func containStrongly(_ tag: String) -> Bool {
    switch self {
    case .any: true
    case .tags(let tags): !tag.hasPrefix("W/") && tags.contains { $0 == tag }
    }
  }

  private static func opaque(_ tag: Substring) -> Substring {
    tag.hasPrefix("W/") ? tag.dropFirst(2) : tag
  }
}
