/// Lowercase hexadecimal (RFC 4648 §8, in lower case).
public enum Hex {
  private static let digits = Array("0123456789abcdef".utf8)

  /// Two lowercase digits for each byte.
  public static func encode(_ bytes: some Collection<UInt8>) -> String {
    String(unsafeUninitializedCapacity: bytes.count * 2) { output in
      var end = 0
      for byte in bytes {
        output[end] = digits[Int(byte >> 4)]
        output[end + 1] = digits[Int(byte & 0xf)]
        end += 2
      }
      return end
    }
  }

  /// The bytes that ``encode(_:)`` would print as `text`; nil for any other text, upper case
  /// included, so that equal bytes have exactly one spelling.
  public static func decode(_ text: some StringProtocol) -> [UInt8]? {
    let characters = Array(text.utf8)
    guard characters.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(characters.count / 2)
    for index in stride(from: 0, to: characters.count, by: 2) {
      guard let high = value(of: characters[index]), let low = value(of: characters[index + 1])
      else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  private static func value(of digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}
