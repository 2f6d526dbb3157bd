/// Base32 with the alphabet of RFC 4648 §6, without padding: what authenticator apps read.
public enum Base32 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

  /// Eight characters for every five bytes, fewer for a rest.
  public static func encode(_ bytes: some Collection<UInt8>) -> String {
    var text: [UInt8] = []
    var (pending, bits): (UInt32, UInt32) = (0, 0)
    for byte in bytes {
      pending = (pending << 8 | UInt32(byte)) & 0xffff
      bits += 8
      while bits >= 5 {
        bits -= 5
        text.append(alphabet[Int(pending >> bits) & 0x1f])
      }
    }
    if bits > 0 { text.append(alphabet[Int(pending << (5 - bits)) & 0x1f]) }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes that ``encode(_:)`` would print as `text`; nil for any other text, lower case
  /// included, so that equal bytes have exactly one spelling.
  public static func decode(_ text: some StringProtocol) -> [UInt8]? {
    var bytes: [UInt8] = []
    var (pending, bits): (UInt32, UInt32) = (0, 0)
    for character in text.utf8 {
      guard let value = alphabet.firstIndex(of: character) else { return nil }
      pending = (pending << 5 | UInt32(value)) & 0xffff
      bits += 5
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: pending >> bits))
      }
    }
    return encode(bytes) == text ? bytes : nil
  }
}
