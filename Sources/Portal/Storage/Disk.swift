import Glibc

/// Bytes to open files, and folders' entries to the disk. What a failure means its caller says.
enum Disk {
  /// Writes all of them behind those before.
  /// - Returns: why not, as errno(3) has it; nil when all were written.
  static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: CInt) -> CInt? {
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = UnsafeRawBufferPointer(rebasing: rest)
      let count = Glibc.write(descriptor, part.baseAddress, part.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return count < 0 ? errno : ENOSPC }
      rest = rest.dropFirst(count)
    }
    return nil
  }

  /// Puts a folder's own entries on disk.
  /// - Returns: why not, as errno(3) has it; nil when they are.
  static func sync(folder: String) -> CInt? {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return errno }
    defer { close(descriptor) }
    return fsync(descriptor) == 0 ? nil : errno
  }
}
