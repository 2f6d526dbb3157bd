import Cryptography
import Testing

struct PasswordHashTests {
  /// Cheap enough for many cases; the cost itself is not what these tests are about.
  let quick = PasswordHash(memoryKiB: 256, iterations: 2, lanes: 1)
  let salt = Array("sixteen bytes ok".utf8)

  /// From the reference implementation's own tests (phc-winner-argon2, src/test.c).
  static let reference =
    "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"

  @Test func `a hash is the reference implementation's, byte for byte`() throws {
    #expect(
      try quick.hash(Array("password".utf8), salt: Array("somesalt".utf8)) == Self.reference)
    #expect(quick.verify(Array("password".utf8), against: Self.reference))
    #expect(!quick.verify(Array("differentpassword".utf8), against: Self.reference))
  }

  @Test func `the default cost is 64 MiB, three passes, one lane`() throws {
    let hash = PasswordHash()
    let encoded = try hash.hash(Array("correct horse".utf8), salt: salt)
    #expect(encoded.hasPrefix("$argon2id$v=19$m=65536,t=3,p=1$"))
    #expect(hash.verify(Array("correct horse".utf8), against: encoded))
    #expect(!hash.needsRehash(encoded))
  }

  @Test func `passwords that differ anywhere at all have different hashes`() throws {
    let long = String(repeating: "x", count: 72)
    let passwords = [
      "", "secret", "secret ", " secret", "secret\n", "Secret", "secret\0", "secret\0more",
      long, long + "y", long + "z", "caf\u{e9}", "cafe\u{301}", "🔑", "🔑🔑", "👩‍🚀",
    ]
    for password in passwords {
      let encoded = try quick.hash(Array(password.utf8), salt: salt)
      for other in passwords {
        #expect(
          quick.verify(Array(other.utf8), against: encoded)
            == (Array(password.utf8) == Array(other.utf8)))
      }
    }
  }

  @Test func `bytes that are not UTF-8 make a password too`() throws {
    let encoded = try quick.hash([0xff, 0x00, 0xc0], salt: salt)
    #expect(quick.verify([0xff, 0x00, 0xc0], against: encoded))
    #expect(!quick.verify([0xff, 0x00, 0xc1], against: encoded))
  }

  @Test func `a password above the limit is refused, one at the limit is taken whole`() throws {
    let longest = [UInt8](repeating: 7, count: PasswordHash.maxPasswordLength)
    let encoded = try quick.hash(longest, salt: salt)
    #expect(quick.verify(longest, against: encoded))
    #expect(!quick.verify(longest.dropLast() + [8], against: encoded))
    #expect(!quick.verify(longest + [7], against: encoded))
    #expect(throws: CryptographyProblem.passwordTooLong(length: longest.count + 1)) {
      try quick.hash(longest + [7], salt: salt)
    }
  }

  @Test func `a decoy is well formed, asks for no rehash and lets nobody in`() throws {
    let scheme = PasswordHash(memoryKiB: 64, iterations: 1, lanes: 1)
    let salt = [UInt8](repeating: 0xFB, count: PasswordHash.recommendedSaltLength)
    let tag = [UInt8](repeating: 0xFF, count: PasswordHash.tagLength)
    let decoy = scheme.decoy(salt: salt, tag: tag)
    let real = try scheme.hash(Array("x".utf8), salt: salt)
    #expect(decoy.split(separator: "$").dropLast() == real.split(separator: "$").dropLast())
    #expect(decoy.utf8.count == real.utf8.count)
    #expect(!scheme.needsRehash(decoy))
    #expect(!scheme.verify(Array("x".utf8), against: decoy))
  }

  @Test func `another salt gives another hash`() throws {
    let other = Array("another sixteen.".utf8)
    #expect(try quick.hash([1], salt: salt) != quick.hash([1], salt: other))
  }

  @Test func `a cost or salt out of range is refused with a reason`() {
    #expect(throws: CryptographyProblem.self) { try quick.hash([1], salt: [1, 2, 3]) }
    #expect(throws: CryptographyProblem.self) {
      try PasswordHash(memoryKiB: 7).hash([1], salt: salt)
    }
    #expect(throws: CryptographyProblem.self) {
      try PasswordHash(iterations: 0).hash([1], salt: salt)
    }
    let refusal = #expect(throws: CryptographyProblem.self) {
      try PasswordHash(lanes: 0).hash([1], salt: salt)
    }
    #expect(refusal?.description == "argon2id refused: Too few lanes.")
  }

  static let tag = "$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"

  @Test(arguments: [
    "", "password", "$", "$$$$$",
    "$argon2i$v=19$m=256,t=2,p=1" + tag,
    "$argon2id$v=16$m=256,t=2,p=1" + tag,
    "$argon2id$m=256,t=2,p=1" + tag,
    "$argon2id$v=19$t=2,m=256,p=1" + tag,
    "$argon2id$v=19$m=256,t=2" + tag,
    "$argon2id$v=19$m=256,t=2,p=1,keyid=x" + tag,
    "$argon2id$v=19$m=+256,t=2,p=1" + tag,
    "$argon2id$v=19$m=99999999999,t=2,p=1" + tag,
    "$argon2id$v=19$m=4294967295,t=2,p=1" + tag,
    "$argon2id$v=19$m=256,t=4000000000,p=1" + tag,
    "$argon2id$v=19$m=256,t=2,p=17" + tag,
    "$argon2id$v=19$m=256,t=2,p=1" + tag + "=",
    "$argon2id$v=19$m=256,t=2,p=1" + tag + "\0",
    "$argon2id$v=19$m=256,t=2,p=1" + tag + "$",
    "$argon2id$v=19$m=256,t=2,p=1" + tag.replacing("/", with: "_"),
    "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ",
    " $argon2id$v=19$m=256,t=2,p=1" + tag,
  ])
  func `text that is not such a hash never verifies and asks to be replaced`(encoded: String) {
    #expect(!quick.verify(Array("password".utf8), against: encoded))
    #expect(quick.needsRehash(encoded))
  }

  @Test func `a hash of another cost, a short salt or a short tag asks to be replaced`() throws {
    let encoded = try quick.hash([1], salt: salt)
    #expect(!quick.needsRehash(encoded))
    #expect(PasswordHash(memoryKiB: 512, iterations: 2).needsRehash(encoded))
    #expect(PasswordHash(memoryKiB: 256, iterations: 3).needsRehash(encoded))
    #expect(PasswordHash(memoryKiB: 256, iterations: 2, lanes: 2).needsRehash(encoded))
    #expect(quick.needsRehash(Self.reference))
    #expect(quick.needsRehash(String(encoded.dropLast(4))))
  }
}
