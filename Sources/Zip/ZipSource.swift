import Glibc

/// A range of a file, read by place. Owns a descriptor of its own.
final class ZipSource: Sendable {
  let byteCount: Int
  private let descriptor: Int32
  private let start: Int

  /// A whole file.
  init(path: String) throws(ZipProblem) {
    // Without O_NONBLOCK, opening a named pipe would wait for its writer.
    let opened = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
    guard opened >= 0 else { throw .unreadable(number: errno) }
    var facts = stat()
    guard fstat(opened, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
      close(opened)
      throw .notAnArchive
    }
    descriptor = opened
    start = 0
    byteCount = Int(facts.st_size)
  }

  /// A part of an open file; the descriptor stays the caller's.
  init(descriptor: Int32, range: Range<Int>) throws(ZipProblem) {
    let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    guard copy >= 0 else { throw .unreadable(number: errno) }
    self.descriptor = copy
    start = max(0, range.lowerBound)
    byteCount = max(0, range.upperBound - start)
  }

  deinit { close(descriptor) }

  /// Fills the buffer from a place on.
  /// - Throws: `.notAnArchive` when there are fewer bytes.
  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(ZipProblem) {
    guard offset >= 0, offset <= byteCount, buffer.count <= byteCount - offset else {
      throw .notAnArchive
    }
    var filled = 0
    while filled < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let count = pread(descriptor, rest.baseAddress, rest.count, off_t(start + offset + filled))
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .unreadable(number: errno) }
      guard count > 0 else { throw .notAnArchive }
      filled += count
    }
  }

  /// So many bytes from a place on.
  func record(at offset: Int, count: Int) throws(ZipProblem) -> ZipRecord {
    guard count >= 0, count <= byteCount else { throw .notAnArchive }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
    defer { buffer.deallocate() }
    try read(at: offset, into: buffer)
    return ZipRecord(bytes: Array(buffer))
  }
}

/// Bytes with numbers in them, low byte first. Past the end everything is 0: who reads a record has
/// made sure of its length.
struct ZipRecord {
  let bytes: [UInt8]

  var count: Int { bytes.count }

  func uint16(_ offset: Int) -> Int { byte(offset) | byte(offset + 1) << 8 }

  func uint32(_ offset: Int) -> Int { uint16(offset) | uint16(offset + 2) << 16 }

  func part(_ offset: Int, _ length: Int) -> [UInt8] {
    Array(bytes.dropFirst(offset).prefix(length))
  }

  private func byte(_ offset: Int) -> Int { offset < bytes.count ? Int(bytes[offset]) : 0 }
}
