import Cryptography
import Foundation
import Glibc

/// A file of one line that holds a key, outside the database: whoever has the one has not the
/// other.
enum KeyFile {
  /// The line without its end; nil when there is no file.
  /// - Parameter what: "the key that signs the log".
  /// - Throws: `StorageProblem` when it can't be read, or others may read or write it.
  static func read(_ file: String, holding what: String) throws -> Secret? {
    var status = stat()
    guard stat(file, &status) == 0 else {
      guard errno == ENOENT else { throw StorageProblem("Can't read \(file): \(problem())") }
      return nil
    }
    guard status.st_mode & 0o077 == 0 else {
      throw StorageProblem("Others may read or write \(file), \(what). Run: chmod 400 \(file)")
    }
    guard let data = FileManager.default.contents(atPath: file) else {
      throw StorageProblem("Can't read \(file), \(what).")
    }
    return Secret(String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines))
  }

  /// Writes a line where there is no file yet, and returns when it is on disk. Where it can't be,
  /// no file is left: a part of a key would be taken for one.
  static func write(_ line: Secret, to file: String, mode: mode_t) throws {
    let descriptor = Glibc.open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw StorageProblem("Can't write \(file): \(problem())") }
    defer { close(descriptor) }
    let bytes = line.bytes + [UInt8(ascii: "\n")]
    let failure =
      bytes.withUnsafeBytes { Disk.write($0, to: descriptor) }
      ?? (fsync(descriptor) == 0 ? nil : errno)
    if let failure {
      unlink(file)
      throw StorageProblem("Can't write \(file): \(problem(failure))")
    }
  }

  private static func problem(_ number: CInt = errno) -> String {
    String(cString: strerror(number)) + "."
  }
}
