import Cryptography
import Testing

@Suite struct OneTimeCodeTests {
  private let secret = Secret("12345678901234567890")

  @Test func `the codes are those of RFC 4226, appendix D`() {
    let expected = [
      "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871",
      "520489",
    ]
    #expect((0..<10).map { OneTimeCode.code(secret: secret, counter: $0) } == expected)
  }

  @Test(arguments: [
    (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"),
    (1_234_567_890, "89005924"), (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
  ])
  func `the codes of moments are those of RFC 6238, appendix B`(second: Int64, expected: String) {
    let step = OneTimeCode.step(atMs: second * 1_000)
    #expect(OneTimeCode.code(secret: secret, counter: step, digits: 8) == expected)
  }

  @Test func `a code is taken one step early or late, and no further`() {
    let nowMs: Int64 = 1_111_111_111_000
    let now = OneTimeCode.step(atMs: nowMs)
    for difference in Int64(-2)...2 {
      let typed = OneTimeCode.code(secret: secret, counter: now + difference)
      let step = OneTimeCode.step(typed: typed, secret: secret, atMs: nowMs, after: 0)
      #expect(step == (abs(difference) <= 1 ? now + difference : nil), "\(difference)")
    }
  }

  @Test func `a code is not taken again, nor one before it`() {
    let nowMs: Int64 = 1_111_111_111_000
    let now = OneTimeCode.step(atMs: nowMs)
    func step(_ counter: Int64, after last: Int64) -> Int64? {
      let typed = OneTimeCode.code(secret: secret, counter: counter)
      return OneTimeCode.step(typed: typed, secret: secret, atMs: nowMs, after: last)
    }
    #expect(step(now, after: now) == nil)
    #expect(step(now - 1, after: now) == nil)
    #expect(step(now + 1, after: now) == now + 1)
    #expect(step(now, after: now - 1) == now)
  }

  @Test(arguments: ["", "1", "0504710", "05047", "١٢٣٤٥٦", "050471\n", "abcdef"])
  func `what is not the code is not taken`(typed: String) {
    let nowMs: Int64 = 1_111_111_111_000
    #expect(OneTimeCode.step(typed: typed, secret: secret, atMs: nowMs, after: 0) == nil)
  }

  @Test(arguments: [
    ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"),
    ("fooba", "MZXW6YTB"), ("foobar", "MZXW6YTBOI"),
  ])
  func `Base32 is that of RFC 4648, section 10, without padding`(plain: String, text: String) {
    #expect(Base32.encode(Array(plain.utf8)) == text)
    #expect(Base32.decode(text) == Array(plain.utf8))
  }

  @Test(arguments: ["A", "MZ", "my", "M1", "MY======", "M Y", "MYA"])
  func `Base32 has one spelling`(text: String) {
    #expect(Base32.decode(text) == nil)
  }
}
