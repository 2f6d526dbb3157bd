import Cryptography
import Foundation

/// What makes whoever reads the server's terminal the first administrator: a token that is good
/// once, until the next start. Only its SHA-256 is kept, in memory.
///
/// `@unchecked Sendable`: `lock` guards `hash`.
final class SetupToken: @unchecked Sendable {
  /// 256 bits.
  static let bytes = 32

  private let lock = NSLock()
  private var hash: [UInt8]?

  /// Keeps a new one in place of the one before.
  /// - Parameter random: ``bytes`` bytes that nobody can guess.
  /// - Returns: the token as it is typed.
  func renew(_ random: [UInt8]) -> String {
    let token = Base64URL.encode(random)
    lock.withLock { hash = SHA256.digest(Array(token.utf8)) }
    return token
  }

  /// Whether this is the token.
  func matches(_ typed: String) -> Bool {
    let digest = SHA256.digest(Array(typed.utf8))
    return lock.withLock { hash }.map { constantTimeEqual($0, digest) } ?? false
  }

  /// It has been used.
  func spend() { lock.withLock { hash = nil } }
}
