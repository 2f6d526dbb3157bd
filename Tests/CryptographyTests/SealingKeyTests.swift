import Cryptography
import Testing

@Suite struct SealingKeyTests {
  /// Test case 16 of the GCM specification (McGrew and Viega, appendix B).
  @Test func `a seal is that of AES-256-GCM`() throws {
    func bytes(_ text: String) throws -> [UInt8] { try #require(Hex.decode(text)) }
    let key = try #require(
      SealingKey(
        Secret(
          bytes: bytes("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"))))
    let plain = try bytes(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39")
    let sealed = try key.seal(
      Secret(bytes: plain), nonce: bytes("cafebabefacedbaddecaf888"),
      for: bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2"))
    #expect(
      Hex.encode(sealed.dropFirst(SealingKey.nonceLength))
        == "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
        + "76fc6ece0f4e1768cddf8853bb2d551b")
  }

  @Test func `one bit flipped, another key or another context does not open`() throws {
    let key = try #require(SealingKey(Secret(bytes: RandomBytes.generate(32))))
    let other = try #require(SealingKey(Secret(bytes: RandomBytes.generate(32))))
    let plain = Secret("twenty bytes, hidden")
    let sealed = try key.seal(plain, nonce: RandomBytes.generate(12), for: [1])
    #expect(key.open(sealed, for: [1]) == plain)
    #expect(other.open(sealed, for: [1]) == nil)
    #expect(key.open(sealed, for: [2]) == nil)
    #expect(key.open([], for: [1]) == nil)
    #expect(key.open(Array(sealed.dropLast()), for: [1]) == nil)
    for bit in 0..<sealed.count * 8 {
      var damaged = sealed
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(key.open(damaged, for: [1]) == nil, "\(bit)")
    }
  }

  @Test func `a key has 32 bytes and a nonce 12`() throws {
    #expect(SealingKey(Secret(bytes: [UInt8](repeating: 0, count: 31))) == nil)
    let key = try #require(SealingKey(Secret(bytes: [UInt8](repeating: 0, count: 32))))
    #expect(throws: CryptographyProblem.badKey) {
      try key.seal(Secret("a"), nonce: [0], for: [])
    }
  }
}
