import Glibc

/// Why a body in a file can't be read.
public struct BodyFileProblem: Error, Equatable, CustomStringConvertible {
  /// The number the system gave (errno(3)).
  public let number: Int32

  /// A sentence.
  public var description: String {
    "What was uploaded can't be read again: \(String(cString: strerror(number)))."
  }
}

/// A body that went to a file. The file has no name and is gone with the last reference to this.
public final class BodyFile: Sendable {
  /// The length of the body in bytes.
  public let byteCount: Int
  private let file: AnonymousFile
  /// Held as long as the disk is in use.
  private let slot: UploadSlot?

  init(_ file: AnonymousFile, byteCount: Int, slot: UploadSlot? = nil) {
    self.file = file
    self.byteCount = byteCount
    self.slot = slot
  }

  /// Reads from a place on, as many bytes as there are and as fit. Blocks: not for an event loop.
  /// - Returns: how many bytes were read; 0 at or past the end.
  public func read(
    at offset: Int, into buffer: UnsafeMutableRawBufferPointer
  ) throws(BodyFileProblem) -> Int {
    guard offset >= 0, offset < byteCount else { return 0 }
    let wanted = min(buffer.count, byteCount - offset)
    var filled = 0
    while filled < wanted {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<wanted])
      let count = pread(file.descriptor, rest.baseAddress, rest.count, off_t(offset + filled))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw BodyFileProblem(number: count < 0 ? errno : EIO) }
      filled += count
    }
    return filled
  }

  /// Lends the descriptor to what reads with pread(2). It must not be closed, nor kept.
  public func withDescriptor<Result, Failure: Error>(
    _ body: (Int32) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try withExtendedLifetime(self) { () throws(Failure) in try body(file.descriptor) }
  }
}
