import Cryptography
import Testing

struct EncodingTests {
  @Test func `hexadecimal is lower case, two digits a byte, and comes back`() {
    #expect(Hex.encode([0x00, 0x0f, 0xa5, 0xff]) == "000fa5ff")
    #expect(Hex.encode([]) == "")
    #expect(Hex.decode("") == [])
    #expect(Hex.decode(Hex.encode(0...255)) == Array(0...255))
  }

  @Test(arguments: ["0", "000", "0g", "0A", " 00", "00 ", "0x00", "é0", "0\u{301}0", "00\0\0"])
  func `text that is not canonical hexadecimal is refused`(text: String) {
    #expect(Hex.decode(text) == nil)
  }

  /// RFC 4648 §10 without its padding, and the two characters of the URL alphabet.
  @Test(arguments: [
    ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"),
    ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy"),
  ])
  func `Base64url gives RFC 4648's examples without padding`(plain: String, encoded: String) {
    #expect(Base64URL.encode(plain.utf8) == encoded)
    #expect(Base64URL.decode(encoded) == Array(plain.utf8))
  }

  @Test func `Base64url uses minus and underscore`() {
    #expect(Base64URL.encode([0xfb, 0xff, 0xbf]) == "-_-_")
    #expect(Base64URL.decode("-_-_") == [0xfb, 0xff, 0xbf])
  }

  @Test func `Base64url brings back every length of all byte values`() {
    let bytes: [UInt8] = Array(0...255) + Array((0...255).reversed())
    for length in 0...bytes.count {
      let prefix = Array(bytes.prefix(length))
      #expect(Base64URL.decode(Base64URL.encode(prefix)) == prefix)
    }
  }

  @Test(arguments: [
    "Zg==", "Zm8=", "Z", "Zm9vY", "Zh", "Zm9", "-_+/", "Zm9v\n", " Zm9v", "Zm 9v", "Zm9v\0", "Žm9v",
    "Z\u{301}m9v",
  ])
  func `text that Base64url would not have written is refused`(text: String) {
    #expect(Base64URL.decode(text) == nil)
  }
}
