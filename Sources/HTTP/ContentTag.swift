/// Strong entity tags (RFC 9110 §8.8.3) from content: two FNV-1a hashes of 64 bits from different
/// beginnings. They tell versions of our own files apart; against an adversary they would not do.
enum ContentTag {
  static func of(_ body: [UInt8]) -> String {
    let first = fnv1a(body, from: 0xCBF2_9CE4_8422_2325)
    let second = fnv1a(body, from: 0x6C62_272E_07BB_0142)
    return "\"" + hex(first) + hex(second) + "\""
  }

  private static func fnv1a(_ body: [UInt8], from start: UInt64) -> UInt64 {
    body.reduce(start) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
  }

  private static func hex(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
