/// Base64 with the alphabet of RFC 4648 §4, padded unless asked otherwise.
public enum Base64 {
  /// Four characters for every three bytes, padded with `=`.
  public static func encode(_ bytes: some Collection<UInt8>) -> String {
    let text = unpadded(bytes)
    return text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
  }

  /// The same without padding.
  static func unpadded(_ bytes: some Collection<UInt8>) -> String {
    exchange(Base64URL.encode(bytes), [("-", "+"), ("_", "/")])
  }

  /// The bytes that ``encode(_:)`` would print as `text`; nil for any other text, so that equal
  /// bytes have exactly one spelling.
  public static func decode(_ text: some StringProtocol) -> [UInt8]? {
    let bytes = decodeUnpadded(text.prefix { $0 != "=" })
    return bytes.flatMap { encode($0) == text ? $0 : nil }
  }

  /// The bytes of a text without padding.
  static func decodeUnpadded(_ text: some StringProtocol) -> [UInt8]? {
    guard !text.contains(where: { $0 == "-" || $0 == "_" }) else { return nil }
    return Base64URL.decode(exchange(text, [("+", "-"), ("/", "_")]))
  }

  /// The two alphabets differ in two characters.
  private static func exchange(
    _ text: some StringProtocol, _ pairs: [(from: Character, to: Character)]
  ) -> String {
    String(text.map { character in pairs.first { $0.from == character }?.to ?? character })
  }
}
