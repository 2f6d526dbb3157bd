import Cryptography
import Foundation

/// Hashing and checking of passwords, two at a time: each takes 64 MiB and most of a core for a
/// sixth of a second, and pages go on meanwhile.
struct Passwords: Sendable {
  /// How many are hashed at once.
  static let width = 2
  /// The shortest password, in characters (NIST SP 800-63B-4: 15 where it is the only factor).
  static let lengthMin = 15
  /// The shortest beside a second factor.
  static let lengthMinWithFactor = 8
  /// The longest, in bytes: argon2 takes any length, a form does not.
  static let bytesMax = 1_024

  /// How many may wait to be hashed: the last of them some five seconds.
  static let waitingMax = 64

  let scheme: PasswordHash
  // Whoever floods the sign-in page must not make those who are in wait for theirs.
  private let threads = BlockingPool(
    name: "passwords", width: Self.width, waitingMax: Self.waitingMax, givesWay: true)
  /// Checked when a name is unknown, so that the answer takes as long as for a known one.
  private let dummy: String

  init(scheme: PasswordHash) throws {
    self.scheme = scheme
    dummy = scheme.decoy(
      salt: try RandomBytes.generate(PasswordHash.recommendedSaltLength),
      tag: try RandomBytes.generate(PasswordHash.tagLength))
  }

  /// How many wait to be hashed or checked.
  var waiting: Int { threads.waitingCount }

  /// The hash of a new password.
  func hash(_ password: String) throws -> String {
    try scheme.hash(Self.bytes(of: password), salt: RandomBytes.generate(16))
  }

  /// The hash of a new password, made beside what else is going on.
  func hashed(_ password: String) async throws -> String {
    try await threads.run { [self] in try hash(password) }
  }

  /// Whether the password is the one behind the hash; with no hash, no, in the same time.
  /// - Returns: with a hash to store instead when the parameters have changed since.
  func check(_ password: String, against hash: String?) async throws -> (
    matches: Bool, rehash: String?
  ) {
    guard password.utf8.count <= Self.bytesMax else { return (false, nil) }
    return try await threads.run { [scheme, dummy] in
      let bytes = Self.bytes(of: password)
      let matches = scheme.verify(bytes, against: hash ?? dummy)
      guard let hash, matches else { return (false, nil) }
      guard scheme.needsRehash(hash) else { return (true, nil) }
      return (true, try scheme.hash(bytes, salt: RandomBytes.generate(16)))
    }
  }

  /// How many characters a password has at least.
  static func lengthMin(hasFactor: Bool) -> Int { hasFactor ? lengthMinWithFactor : lengthMin }

  /// Why a new password is not good enough; nil when it is. What it is made of does not matter,
  /// only that nobody tries it first.
  /// - Parameter hasFactor: whether a second factor stands beside it.
  static func problem(with password: String, hasFactor: Bool) -> Mistake? {
    let least = lengthMin(hasFactor: hasFactor)
    let sentence: String? =
      if password.count < least {
        "Use at least \(least) characters. A few words in a row do well."
      } else if password.utf8.count > bytesMax {
        "Use at most \(bytesMax) bytes."
      } else if CommonPasswords.contains(password) {
        "This is one of the passwords that guessers try first. A few words in a row do well."
      } else {
        nil
      }
    return sentence.map { Mistake($0, at: "new_password") }
  }

  /// Why a new password, typed twice, is not good enough; nil when it is.
  static func problem(with new: String, again: String, hasFactor: Bool) -> Mistake? {
    if let problem = problem(with: new, hasFactor: hasFactor) { return problem }
    return new == again
      ? nil
      : Mistake("The two passwords differ. Type the same one twice.", at: "new_password_again")
  }

  /// The same password typed on another keyboard gives the same bytes (NFKC, NIST SP 800-63B).
  private static func bytes(of password: String) -> [UInt8] {
    Array(password.precomposedStringWithCompatibilityMapping.utf8)
  }

  func close() { threads.close() }
}
