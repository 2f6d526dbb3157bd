import CArgon2

/// Password hashing with argon2id, version 0x13 (RFC 9106), on libargon2.
///
/// Both `hash` and `verify` keep a core busy for about 0.2 s and hold `memoryKiB` of memory
/// meanwhile: call them where a thread may block, a bounded number at a time.
public struct PasswordHash: Sendable {
  /// The longest password taken, in bytes. Nothing shorter is ever cut.
  public static let maxPasswordLength = 4_096
  /// The length of the stored hash in bytes.
  public static let tagLength = 32
  /// The shortest salt that does not ask for a rehash, in bytes (RFC 9106 §3.1 recommends 16).
  public static let recommendedSaltLength = 16

  private let cost: PasswordHashCost

  /// - Parameters:
  ///   - memoryKiB: Memory in KiB, at least 8 for each lane. The defaults are the second
  ///     recommended option of RFC 9106 §4, with one lane.
  ///   - iterations: Passes over the memory, at least 1.
  ///   - lanes: Parallel lanes, at least 1; each is a thread while hashing.
  public init(memoryKiB: UInt32 = 65_536, iterations: UInt32 = 3, lanes: UInt32 = 1) {
    cost = PasswordHashCost(memoryKiB: memoryKiB, iterations: iterations, lanes: lanes)
  }

  /// A string like those of `hash` that belongs to no password anybody knows, made without hashing.
  /// Verifying against it takes as long as against a real one, so it can stand in for a person who
  /// does not exist.
  ///
  /// - Parameters:
  ///   - salt: Random bytes, ``recommendedSaltLength`` of them.
  ///   - tag: Random bytes, ``tagLength`` of them.
  public func decoy(salt: [UInt8], tag: [UInt8]) -> String {
    "$argon2id$v=19$m=\(cost.memoryKiB),t=\(cost.iterations),p=\(cost.lanes)"
      + "$\(Base64.unpadded(salt))$\(Base64.unpadded(tag))"
  }

  /// The hash of a password in PHC string form: `$argon2id$v=19$m=65536,t=3,p=1$salt$hash`.
  ///
  /// - Parameter salt: Fresh random bytes, at least 8; ``recommendedSaltLength`` is right.
  /// - Throws: `.passwordTooLong`, or `.argon2` for a cost or salt out of range.
  public func hash(
    _ password: [UInt8], salt: [UInt8]
  ) throws(CryptographyProblem) -> String {
    guard password.count <= Self.maxPasswordLength else {
      throw .passwordTooLong(length: password.count)
    }
    guard let saltLength = UInt32(exactly: salt.count) else { throw .argon2("Salt is too long") }
    var encoded = [CChar](
      repeating: 0,
      count: argon2_encodedlen(
        cost.iterations, cost.memoryKiB, cost.lanes, saltLength, UInt32(Self.tagLength), Argon2_id))
    let code = argon2id_hash_encoded(
      cost.iterations, cost.memoryKiB, cost.lanes, password, password.count, salt, salt.count,
      Self.tagLength, &encoded, encoded.count)
    guard code == ARGON2_OK.rawValue else {
      throw .argon2(argon2_error_message(code).map { String(cString: $0) } ?? "code \(code)")
    }
    return String(decoding: encoded.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// Whether `encoded` was made from `password`. False too for anything that is not an argon2id
  /// string of version 19, or one that asks for more than ``PasswordHashCost`` allows.
  public func verify(_ password: [UInt8], against encoded: String) -> Bool {
    guard password.count <= Self.maxPasswordLength, EncodedPasswordHash(encoded) != nil else {
      return false
    }
    return argon2id_verify(encoded, password, password.count) == ARGON2_OK.rawValue
  }

  /// Whether `encoded` was made with another cost, a short salt, or is not readable: make a new
  /// one when its owner next gives the password.
  public func needsRehash(_ encoded: String) -> Bool {
    guard let parsed = EncodedPasswordHash(encoded) else { return true }
    return parsed.cost != cost
      || parsed.salt.count < Self.recommendedSaltLength
      || parsed.tag.count != Self.tagLength
  }
}
