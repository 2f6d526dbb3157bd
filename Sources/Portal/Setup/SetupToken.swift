import Cryptography
import Foundation

/// What makes whoever reads the server's terminal the first administrator: a token that is good
/// once, until the next start. Only its SHA-256 is kept, in memory.
///
/// `@unchecked Sendable`: `lock` guards `hash`.
final class SetupToken: @unchecked Sendable {
  private let lock = NSLock()
  private var hash: [UInt8]?

  /// Keeps a new one in place of the one before.
  func renew(_ token: Token) { lock.withLock { hash = token.hash } }

  /// Whether this is the token.
  func matches(_ typed: String) -> Bool {
    lock.withLock { hash }.map { constantTimeEqual($0, Token(typed).hash) } ?? false
  }

  /// It has been used.
  func spend() { lock.withLock { hash = nil } }
}
