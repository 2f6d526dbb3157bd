import Cryptography
import Testing

struct SecretTests {
  let secret = Secret("hunter2 \0é")

  @Test func `a secret never prints, dumps or mirrors itself`() {
    struct Configuration {
      let key: Secret
      let previous: Secret?
    }
    let configuration = Configuration(key: secret, previous: secret)
    var dumped = ""
    dump(configuration, to: &dumped)
    let printed = [
      "\(secret)", String(describing: secret), String(reflecting: secret), secret.description,
      secret.debugDescription, "\(configuration)", String(reflecting: configuration), dumped,
      "\([secret])", "\(["k": secret])", "\(Optional(secret) as Any)",
    ]
    for text in printed {
      #expect(text.contains("•••"))
      #expect(!text.contains("hunter2"))
      #expect(!text.contains("104"), "the first byte's number")
    }
    #expect(Mirror(reflecting: secret).children.isEmpty)
  }

  // Which of the two is called the compiler decides, by what it knows of the type.
  private func isEncodable(_ value: some Any) -> Bool { false }
  private func isEncodable(_ value: some Encodable) -> Bool { true }
  private func showsText(_ value: some Any) -> Bool { false }
  private func showsText(_ value: some LosslessStringConvertible) -> Bool { true }
  private func hasIdentity(_ value: some Any) -> Bool { false }
  private func hasIdentity(_ value: some Hashable) -> Bool { true }

  @Test func `a secret can't be encoded, converted to text or used as a key`() {
    #expect(!isEncodable(secret) && isEncodable("text"))
    #expect(!isEncodable([secret]) && isEncodable(["text"]))
    #expect(!showsText(secret) && showsText("text"))
    #expect(!hasIdentity(secret) && hasIdentity("text"))
    // And what code finds out that has lost sight of the type:
    #expect(!((secret as Any) is any Encodable) && ("text" as Any) is any Encodable)
    #expect(!((secret as Any) is any LosslessStringConvertible))
    #expect(!((secret as Any) is any Hashable))
    #expect(!((secret as Any) is any TextOutputStreamable))
  }

  @Test func `a secret gives its bytes back by name, unchanged`() {
    #expect(secret.bytes == Array("hunter2 \0é".utf8))
    #expect(Secret(bytes: [1, 2]).bytes == [1, 2])
    #expect(Secret("").isEmpty)
    #expect(!secret.isEmpty)
  }

  @Test func `secrets are equal when all their bytes are`() {
    #expect(Secret("abc") == Secret(bytes: [0x61, 0x62, 0x63]))
    #expect(Secret("abc") != Secret("abd"))
    #expect(Secret("abc") != Secret("abcd"))
    #expect(Secret("caf\u{e9}") != Secret("cafe\u{301}"), "one spelling is not the other")
  }
}

struct ConstantTimeTests {
  @Test func `byte strings are equal only when length and every byte are`() {
    #expect(constantTimeEqual([], []))
    #expect(constantTimeEqual([1, 2, 3], [1, 2, 3]))
    #expect(!constantTimeEqual([1, 2, 3], [1, 2, 4]))
    #expect(!constantTimeEqual([0, 2, 3], [1, 2, 3]))
    #expect(!constantTimeEqual([1, 2, 3], [1, 2]))
    #expect(!constantTimeEqual([], [0]))
  }
}

struct RandomBytesTests {
  @Test func `random bytes have the length asked for and do not repeat`() throws {
    #expect(try RandomBytes.generate(0) == [])
    #expect(try RandomBytes.generate(33).count == 33)
    let tokens = Set(try (0..<100).map { _ in try RandomBytes.generate(16) })
    #expect(tokens.count == 100)
  }

  @Test(arguments: [-1, Int.min, RandomBytes.maxCount + 1, Int.max])
  func `a count out of range is refused`(count: Int) {
    #expect(throws: CryptographyProblem.countOutOfRange(count)) {
      try RandomBytes.generate(count)
    }
  }
}
