import Foundation
import Glibc

/// A file that is being written. Unless it is kept, it is removed again.
final class NewFile {
  let path: String
  private let descriptor: Int32

  /// - Throws: `OwnBackupProblem` when there is such a file, or none can be made.
  init(at path: String) throws {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw Self.problem(path) }
  }

  deinit {
    unlink(path)
    close(descriptor)
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = UnsafeRawBufferPointer(rebasing: rest)
      let count = Glibc.write(descriptor, part.baseAddress, part.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Self.problem(path) }
      rest = rest.dropFirst(count)
    }
  }

  /// Gives it its name, which replaces nothing; on disk when this returns.
  func keep(as kept: String) throws {
    guard fsync(descriptor) == 0, link(path, kept) == 0 else { throw Self.problem(path) }
    try Self.sync(folder: (kept as NSString).deletingLastPathComponent)
  }

  /// A folder's own entries on disk.
  static func sync(folder: String) throws {
    let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { close(descriptor) }
    guard descriptor >= 0, fsync(descriptor) == 0 else {
      throw OwnBackupProblem("The folder \(folder) can't be written: \(reason()).")
    }
  }

  private static func problem(_ path: String) -> OwnBackupProblem {
    OwnBackupProblem("\(path) can't be written: \(reason()). Nothing was kept.")
  }

  private static func reason() -> String { String(cString: strerror(errno)) }
}
