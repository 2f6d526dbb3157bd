/// Base64 with the URL and file name safe alphabet, without padding (RFC 4648 §5 and §3.2).
public enum Base64URL {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  /// The value of each alphabet character, 0 to 63, by its byte; `invalid` for all others.
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: invalid, count: 256)
    for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
    return values
  }()
  private static let invalid: UInt8 = 0xff

  /// Four characters for every three bytes; two or three for a rest of one or two.
  public static func encode(_ bytes: some Collection<UInt8>) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count * 4 + 2) / 3)
    var pending: UInt32 = 0
    var pendingBits = 0
    for byte in bytes {
      pending = (pending << 8 | UInt32(byte)) & 0xffff
      pendingBits += 8
      while pendingBits >= 6 {
        pendingBits -= 6
        text.append(alphabet[Int(pending >> UInt32(pendingBits)) & 0x3f])
      }
    }
    if pendingBits > 0 {
      text.append(alphabet[Int(pending << UInt32(6 - pendingBits)) & 0x3f])
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes that ``encode(_:)`` would print as `text`; nil for any other text: padding, line
  /// ends, the `+/` alphabet, or unused low bits that are not zero (RFC 4648 §3.5).
  public static func decode(_ text: some StringProtocol) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count * 3 / 4)
    var pending: UInt32 = 0
    var pendingBits = 0
    for character in text.utf8 {
      let value = values[Int(character)]
      guard value != invalid else { return nil }
      pending = (pending << 6 | UInt32(value)) & 0xffff
      pendingBits += 6
      if pendingBits >= 8 {
        pendingBits -= 8
        bytes.append(UInt8(truncatingIfNeeded: pending >> UInt32(pendingBits)))
      }
    }
    // A lone last character leaves six bits, which no encoder writes.
    let unused = pending & (1 << UInt32(pendingBits) - 1)
    return pendingBits < 6 && unused == 0 ? bytes : nil
  }
}
