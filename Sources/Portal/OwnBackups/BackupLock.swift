import Glibc

/// Keeps a second backup of a data folder off: each sweeps away what an unfinished one left. The
/// kernel gives it back when the process ends.
struct BackupLock {
  private let descriptor: Int32

  /// - Throws: `OwnBackupProblem` while another backup is made.
  init(_ folder: String) throws {
    descriptor = open(folder + "/backup.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw OwnBackupProblem(
        "Another backup of \(folder) is being made, or the folder can't be written. Nothing was "
          + "kept. Wait until it is done.")
    }
  }

  func release() { close(descriptor) }
}
