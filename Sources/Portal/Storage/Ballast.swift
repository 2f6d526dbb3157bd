import Glibc

/// A file that only takes up room. On a full disk it is given up, so that the outcome of a call
/// that was made already still finds a place.
struct Ballast: Sendable {
  let path: String
  /// How much room it holds.
  var bytes = Self.usualBytes

  /// 64 MiB: thousands of outcomes.
  static let usualBytes: Int64 = 64 << 20

  /// Whether the room is held.
  var isThere: Bool {
    var answer = stat()
    return stat(path, &answer) == 0 && Int64(answer.st_size) == bytes
  }

  /// Takes the room, or leaves nothing behind.
  /// - Returns: whether it is held now.
  @discardableResult
  func make() -> Bool {
    if isThere { return true }
    let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    guard posix_fallocate(descriptor, 0, off_t(bytes)) == 0 else {
      unlink(path)
      return false
    }
    return true
  }

  /// Gives the room up.
  func free() { unlink(path) }
}
