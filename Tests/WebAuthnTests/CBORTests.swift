import Testing

@testable import WebAuthn

/// What is read of CBOR, with examples of RFC 8949 appendix A.
@Suite struct CBORTests {
  @Test func `values are read as RFC 8949 writes them`() throws {
    #expect(try CBORReader.read([0x17]) == 23)
    #expect(try CBORReader.read([0x18, 0x18]) == 24)
    #expect(try CBORReader.read([0x19, 0x03, 0xE8]) == 1_000)
    #expect(try CBORReader.read([0x1A, 0x00, 0x0F, 0x42, 0x40]) == 1_000_000)
    #expect(try CBORReader.read([0x1B] + [UInt8](repeating: 0xFF, count: 8)) == .unsigned(.max))
    #expect(try CBORReader.read([0x20]) == -1)
    #expect(try CBORReader.read([0x39, 0x03, 0xE7]) == -1_000)
    #expect(try CBORReader.read([0x44, 1, 2, 3, 4]) == .bytes([1, 2, 3, 4]))
    #expect(try CBORReader.read([0x62, 0xC3, 0xBC]) == "ü")
    #expect(try CBORReader.read([0x83, 0x01, 0x02, 0x03]) == .array([1, 2, 3]))
    #expect(try CBORReader.read([0xA1, 0x61, 0x61, 0xF5]) == .map(["a": .simple(21)]))
    let huge = try CBORReader.read([0x3B] + [UInt8](repeating: 0xFF, count: 8))
    #expect(huge.number == nil && huge.map == nil && huge.bytes == nil)
  }

  @Test(
    arguments: [
      [],
      [0x18], [0x19, 0x01],  // a number cut off
      [0x18, 0x17], [0x19, 0x00, 0xFF], [0x1A, 0, 0, 0xFF, 0xFF],  // longer than need be
      [0x1B, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF],
      [0x1C], [0x1F],  // reserved
      [0x42, 0x01], [0x5B] + [UInt8](repeating: 0xFF, count: 8),  // fewer bytes than said
      [0x5F, 0x41, 0x01, 0xFF], [0x7F, 0xFF], [0x9F, 0xFF], [0xBF, 0xFF],  // of indefinite length
      [0x61, 0xFF],  // no UTF-8
      [0x82, 0x01], [0x9B] + [UInt8](repeating: 0xFF, count: 8),  // fewer entries than said
      [0xA1, 0x01], [0xA2, 0x01, 0x01, 0x01, 0x02],  // half an entry; a key twice
      [0xC0, 0x01],  // a tag
      [0xF7], [0xF9, 0x00, 0x00], [0xFB, 0, 0, 0, 0, 0, 0, 0, 0], [0xFF],  // fractions
      [0x01, 0x01],  // something behind it
      [0x98, 0x41] + [UInt8](repeating: 0x00, count: 65),  // too many entries
      [0x81, 0x81, 0x81, 0x81, 0x81, 0x01],  // too deep
    ] as [[UInt8]])
  func `anything else is refused`(bytes: [UInt8]) {
    #expect(throws: WebAuthnProblem.encoding) { try CBORReader.read(bytes) }
  }

  @Test func `no bytes at all make it trap`() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<20_000 {
      let count = Int.random(in: 0...40, using: &random)
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      _ = try? CBORReader.read(bytes)
    }
  }
}
