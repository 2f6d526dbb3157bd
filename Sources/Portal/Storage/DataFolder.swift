import Foundation
import Glibc

/// The folder with everything the portal keeps, for one process at a time.
enum DataFolder {
  /// Opens the folder's database, making folder and file where there are none.
  /// - Parameters:
  ///   - exclusive: whether to hold the folder until the process ends, as a server does; commands
  ///     that add a person may work beside one.
  ///   - spool: a second file, best on another disk, for outcomes that find no room.
  ///   - ballastBytes: the room to hold for them.
  static func open(
    _ path: String, exclusive: Bool = true, spool: String? = nil,
    ballastBytes: Int64 = Ballast.usualBytes
  ) throws -> Storage {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
    } catch {
      throw StorageProblem("Can't make the data folder \(path): \(error.localizedDescription)")
    }
    let database = path + "/caretaker.sqlite"
    guard exclusive else { return try Storage(path: database) }
    let lock = try FolderLock(path)
    let ballast = Ballast(path: path + "/ballast", bytes: ballastBytes)
    ballast.make()
    return try Storage(
      path: database, lock: lock, ballast: ballast,
      spool: Spool([path + "/spool.jsonl"] + (spool.map { [$0] } ?? [])))
  }
}

/// The lock that says that a server works on a folder. The kernel gives it back when the process
/// ends, however it ends.
struct FolderLock: Sendable {
  private let descriptor: CInt

  /// - Throws: `StorageProblem` when another process has it, or the folder can't be written.
  init(_ folder: String) throws {
    descriptor = Glibc.open(folder + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw StorageProblem(
        "Can't write in the data folder \(folder): \(String(cString: strerror(errno))).")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      Glibc.close(descriptor)
      throw StorageProblem(
        "Another Caretaker works on \(folder). Stop it first, or give this one another "
          + "data folder.")
    }
  }

  /// Gives the folder back.
  func release() { Glibc.close(descriptor) }
}
