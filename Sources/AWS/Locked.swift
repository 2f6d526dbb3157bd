import Foundation

/// A value that one thread at a time may touch.
///
/// `NSLock` is a pthread mutex, which the thread sanitizer understands.
// Sendable because every access goes through the lock, which guards `value`.
final class Locked<Value>: @unchecked Sendable {
  private let lock = NSLock()
  private var value: Value

  init(_ value: sending Value) { self.value = value }

  /// Runs `body` alone. It must be short and must not wait.
  func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
    lock.lock()
    defer { lock.unlock() }
    return try body(&value)
  }
}
