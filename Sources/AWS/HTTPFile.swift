internal import Glibc

/// An open file that a body is read from, or an answer written to.
public final class HTTPFile: Sendable {
  private let descriptor: Int32

  /// A file to send.
  public init(reading path: String) throws(HTTPFileProblem) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { throw HTTPFileProblem(number: errno) }
  }

  /// The file behind a descriptor, which stays the caller's.
  public init(descriptor: Int32) throws(HTTPFileProblem) {
    self.descriptor = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    guard self.descriptor >= 0 else { throw HTTPFileProblem(number: errno) }
  }

  deinit { close(descriptor) }

  /// Fills the whole buffer from a place on. Blocks as long as a local disk does.
  func read(
    at offset: Int, into buffer: UnsafeMutableRawBufferPointer
  ) throws(HTTPFileProblem) {
    var filled = 0
    while filled < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let count = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + filled))
      if count < 0, errno == EINTR { continue }
      // A file that ends before it should was changed behind our back.
      guard count > 0 else { throw HTTPFileProblem(number: count < 0 ? errno : EIO) }
      filled += count
    }
  }

  /// Writes all of the bytes at a place.
  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(HTTPFileProblem) {
    var written = 0
    while written < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
      let count = pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + written))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw HTTPFileProblem(number: count < 0 ? errno : ENOSPC) }
      written += count
    }
  }
}

/// Why a file could not be read or written while it was sent or received.
public struct HTTPFileProblem: Error, Sendable, Equatable {
  /// The number the system gave (errno(3)).
  public let number: Int32

  /// Half a sentence.
  public var words: String { String(cString: strerror(number)) }
}
