import Foundation
import Glibc

/// A file that is being written. Unless it is kept, it is removed again.
final class NewFile {
  let path: String
  private let descriptor: Int32

  /// - Throws: `OwnBackupProblem` when there is such a file, or none can be made.
  init(at path: String) throws {
    let opened = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    // Before every property is set: `deinit` would remove a file that is somebody else's.
    guard opened >= 0 else { throw Self.problem(path) }
    self.path = path
    descriptor = opened
  }

  deinit {
    unlink(path)
    close(descriptor)
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws {
    if let number = Disk.write(bytes, to: descriptor) { throw Self.problem(path, number) }
  }

  /// Gives it its name, which replaces nothing; on disk when this returns.
  func keep(as kept: String) throws {
    guard fsync(descriptor) == 0 else { throw Self.problem(path) }
    guard link(path, kept) == 0 else { throw Self.problem(kept) }
    let folder = (kept as NSString).deletingLastPathComponent
    if let number = Disk.sync(folder: folder.isEmpty ? "." : folder) {
      unlink(kept)
      throw Self.problem(kept, number)
    }
  }

  private static func problem(_ path: String, _ number: CInt = errno) -> OwnBackupProblem {
    OwnBackupProblem(
      "\(path) can't be written: \(String(cString: strerror(number))). Nothing was kept.")
  }
}
