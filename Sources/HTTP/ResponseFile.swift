import Glibc

/// A file that is sent as the content of an answer, a block at a time.
public final class ResponseFile: Sendable {
  /// The length of the content in bytes.
  public let byteCount: Int
  private let descriptor: Int32

  /// Opens a file. Blocks: not for an event loop.
  /// - Throws: ``BodyFileProblem`` when there is no such file, or it is none.
  public init(path: String) throws(BodyFileProblem) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { throw BodyFileProblem(number: errno) }
    var facts = stat()
    let isFile = fstat(descriptor, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG
    byteCount = isFile ? Int(facts.st_size) : 0
    // Closed by `deinit`, which runs once every property is set.
    guard isFile else { throw BodyFileProblem(number: EISDIR) }
  }

  deinit { close(descriptor) }

  /// The bytes from a place on, at most so many; nil when the file can't be read, or has become
  /// shorter. Read where disks are read, never on the event loop.
  func block(at offset: Int, bytesMax: Int) async -> [UInt8]? {
    try? await AnonymousFile.onDisk { [self] () throws(AnonymousFile.Problem) in
      let wanted = min(bytesMax, byteCount - offset)
      var block = [UInt8](repeating: 0, count: max(0, wanted))
      var filled = 0
      while filled < wanted {
        let count = block.withUnsafeMutableBytes { all in
          pread(
            descriptor, all.baseAddress.map { $0 + filled }, wanted - filled,
            off_t(offset + filled))
        }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { throw AnonymousFile.Problem(number: count < 0 ? errno : EIO) }
        filled += count
      }
      return block
    }
  }
}
