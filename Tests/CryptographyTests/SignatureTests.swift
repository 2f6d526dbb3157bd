import Testing

@testable import Cryptography

/// Ed25519 with the test vectors of RFC 8032 §7.1, and signed notes with the example of Go's
/// golang.org/x/mod/sumdb/note.
struct SignatureTests {
  struct Vector: Sendable {
    let seed: String
    let key: String
    let message: String
    let signature: String
  }

  static let vectors = [
    Vector(
      seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      key: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
      message: "",
      signature: "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    Vector(
      seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      key: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
      message: "72",
      signature: "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    Vector(
      seed: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      key: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
      message: "af82",
      signature: "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
  ]

  static let goKey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
  static let goSecret =
    "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
  static let goNote = """
    If you think cryptography is the answer to your problem,
    then you don't know what your problem is.

    — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqf\
    qdngotpRZb6KE6RyyBwJnAM=

    """

  @Test(arguments: vectors)
  func `keys and signatures are those of RFC 8032`(vector: Vector) throws {
    let key = try SigningKey(seed: Secret(bytes: try #require(Hex.decode(vector.seed))))
    let message = try #require(Hex.decode(vector.message))
    #expect(Hex.encode(key.verifyingKey.bytes) == vector.key)
    #expect(Hex.encode(try key.sign(message)) == vector.signature)
    #expect(key.verifyingKey.isValid(try key.sign(message), of: message))
  }

  @Test func `one bit more or less and a signature is none`() throws {
    let key = try SigningKey(seed: Secret(bytes: [UInt8](repeating: 7, count: 32)))
    let message = Array("the log".utf8)
    let signature = try key.sign(message)
    for bit in 0..<signature.count * 8 {
      var other = signature
      other[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(!key.verifyingKey.isValid(other, of: message))
    }
    #expect(!key.verifyingKey.isValid(signature, of: message + [0]))
    #expect(!key.verifyingKey.isValid(signature + [0], of: message))
    #expect(!key.verifyingKey.isValid([], of: message))
    let other = try SigningKey(seed: Secret(bytes: [UInt8](repeating: 8, count: 32)))
    #expect(!other.verifyingKey.isValid(signature, of: message))
  }

  @Test(arguments: [0, 31, 33])
  func `bytes of another length are no key`(count: Int) {
    let bytes = [UInt8](repeating: 1, count: count)
    #expect(throws: CryptographyProblem.badKey) { try SigningKey(seed: Secret(bytes: bytes)) }
    #expect(VerifyingKey(bytes: bytes) == nil)
  }

  @Test func `Go's example note is read, checked and written the same`() throws {
    let note = try #require(SignedNote(whole: Self.goNote))
    let key = try #require(NoteKey(Self.goKey))
    #expect(note.isSigned(by: key))
    #expect(note.whole == Self.goNote)
    let signer = try #require(NoteSigner(Secret(Self.goSecret)))
    #expect(signer.publicKey == key)
    #expect(try SignedNote(note.text, signedBy: [signer]).whole == Self.goNote)
    #expect(String(decoding: signer.secret.bytes, as: UTF8.self) == Self.goSecret)
    #expect(key.text == Self.goKey)
  }

  @Test func `a wrong signature beside the right one, or the right one twice, is none`() throws {
    let key = try #require(NoteKey(Self.goKey))
    let line = try #require(Self.goNote.split(separator: "\n").last)
    let wrong = String(line.dropLast(8)) + "AAAAAAA="
    for extra in [wrong, String(line)] {
      let note = try #require(SignedNote(whole: Self.goNote + extra + "\n"))
      #expect(!note.isSigned(by: key))
    }
  }

  @Test func `a note with another text or by another key is not signed`() throws {
    let key = try #require(NoteKey(Self.goKey))
    let changed = Self.goNote.replacing("answer", with: "ANSWER")
    #expect(try #require(SignedNote(whole: changed)).isSigned(by: key) == false)
    let other = NoteSigner(
      name: "PeterNeumann",
      key: try SigningKey(seed: Secret(bytes: [UInt8](repeating: 7, count: 32))))
    let note = try SignedNote("a\n", signedBy: [other])
    #expect(!note.isSigned(by: key))
    #expect(note.isSigned(by: other.publicKey))
  }

  @Test(arguments: [
    "", "\n", "a\n", "a\n\n", "a\n\nb\n", "a\n\n— b\n", "a\n\n— b AAAA\n", "a\n\n— b c d\n",
    "\n— PeterNeumann x08go/ZJkuBS9UG=\n", "a\n\n— PeterNeumann x08go/ZJ", "a\n\n– b x08go/ZJ\n",
  ])
  func `what is no note is refused`(text: String) {
    #expect(SignedNote(whole: text) == nil)
  }

  @Test(arguments: [
    "", "a", "a+b", "a+00000000+AQ==", goKey + "A", "x" + goKey,
    goKey.replacing("c74f20a3", with: "C74F20A3"), goSecret.replacing("PRIVATE", with: "private"),
    goSecret.replacing("c74f20a3", with: "00000000"),
    "+" + goKey, goKey.replacing("+c74f20a3", with: "++c74f20a3"),
    goSecret.replacing("PRIVATE+KEY+", with: "PRIVATE+KEY++"),
  ])
  func `what is no key is refused`(text: String) {
    #expect(NoteKey(text) == nil)
    #expect(NoteSigner(Secret(text)) == nil)
  }

  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
    ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"), ("\u{3FB}\u{3FF}", "z7vPvw=="),
  ])
  func `Base64 is that of RFC 4648 §10`(text: String, encoded: String) {
    #expect(Base64.encode(Array(text.utf8)) == encoded)
    #expect(Base64.decode(encoded) == Array(text.utf8))
  }

  @Test(arguments: ["Zg", "Zg=", "Zg===", "Zh==", "Z", "Zm9v=", "Zm9v\n", "_w==", "=", "Zg==Zg=="])
  func `another spelling of Base64 is refused`(text: String) {
    #expect(Base64.decode(text) == nil)
  }
}
