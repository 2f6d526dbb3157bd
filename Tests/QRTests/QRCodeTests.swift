import Cryptography
import Testing

@testable import QR

@Suite struct QRCodeTests {
  /// Length of the text, mask, size, and the begin of the SHA-256 of the modules, row by row, as
  /// qrcode 8.2 (PyPI) makes them.
  static let vectors: [(Int, Int, Int, String)] = [
    (1, 0, 21, "59266abbbea7a029b370cf867b3409f1"),
    (14, 1, 21, "159be39007d5823f38d6ca35454d0320"),
    (15, 2, 25, "d9e61479db434e3a0db23468f1678358"),
    (26, 3, 25, "6c0063bf00269d8b7d1a5511dab29ae1"),
    (42, 4, 29, "812b14482bb889ee36725de8c70f2818"),
    (62, 5, 33, "6b855994d2ba9da710a994b35d3b0963"),
    (63, 6, 37, "5fd92344014eee27655c61d40da6e878"),
    (84, 7, 37, "b84bc11e7e55c1329043f7711b1a6838"),
    (85, 0, 41, "5df66d47abff84a756521845082c4e1a"),
    (106, 1, 41, "b9f693e7e4496300bcf47772d21019c3"),
    (122, 2, 45, "af5d6938ca5e25450569f491849ad53f"),
    (152, 3, 49, "aead344a13d92697abb13e5d7ca3f6eb"),
    (180, 4, 53, "948c037236285aa8a6ce1880d2090a4b"),
    (181, 5, 57, "60e88b72f121973ba93b77c293b5d6ea"),
    (213, 6, 57, "732fc212fc48231df86c438d14c8ed05"),
  ]

  private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz%&?=:/0123456789".utf8)

  private func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { Self.alphabet[($0 * 7 + count) % Self.alphabet.count] }
  }

  @Test(arguments: vectors)
  func `a code is, module by module, the one that another encoder makes`(
    count: Int, mask: Int, size: Int, digest: String
  ) throws {
    let code = try #require(QRCode(bytes(count), mask: mask))
    #expect(code.size == size)
    let modules = code.modules.map { UInt8(ascii: $0 ? "1" : "0") }
    #expect(SHA256.hexDigest(modules).hasPrefix(digest))
  }

  @Test func `without a mask given, the one with the least penalty is taken`() throws {
    let chosen = try #require(QRCode(bytes(84), mask: nil))
    let all = try (0..<8).map { try #require(QRCode(bytes(84), mask: $0)) }
    #expect(all.contains(chosen))
    #expect(Set(all).count == 8)
  }

  @Test func `more than a code of version 10 holds makes none`() {
    #expect(QRCode.bytesMax == 213)
    #expect(QRCode(String(repeating: "a", count: 213)) != nil)
    #expect(QRCode(String(repeating: "a", count: 214)) == nil)
    #expect(QRCode(String(repeating: "ü", count: 107)) == nil)
  }

  @Test func `the path draws each dark module once, within the quiet zone`() throws {
    let code = try #require(QRCode("caretaker"))
    #expect(code.path.hasPrefix("M4 4h7v1h-7z"))
    let runs = code.path.split(separator: "h").compactMap { Int($0.prefix { $0 != "v" }) }
    #expect(runs.reduce(0, +) == code.modules.count { $0 })
  }
}
