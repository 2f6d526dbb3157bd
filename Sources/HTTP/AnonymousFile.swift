import CSys
import Dispatch
import Glibc

/// A temporary file without a name: gone with its descriptor, however the process ends.
final class AnonymousFile: Sendable {
  /// Why the disk did not do it.
  struct Problem: Error, Equatable {
    /// The number the system gave (errno(3)).
    let number: Int32

    /// Whether room is what is missing.
    var isFull: Bool { [ENOSPC, EDQUOT, EFBIG].contains(number) }
  }

  let descriptor: Int32

  /// What the disk does is done here, one thing after the other, and never on an event loop.
  private static let queue = DispatchQueue(label: "http.disk")

  /// - Parameter isNameless: false for file systems that only know files with names; such a file
  ///   has its name for the moment between two system calls.
  init(folder: String, isNameless: Bool = true) throws(Problem) {
    var opened = isNameless ? csys_nameless_file(folder) : -1
    if !isNameless || opened < 0 && (errno == EOPNOTSUPP || errno == EISDIR) {
      opened = csys_unlinked_file(folder)
    }
    guard opened >= 0 else { throw Problem(number: errno) }
    descriptor = opened
  }

  /// Freeing the blocks of a large file takes its time too.
  deinit { Self.queue.async { [descriptor] in _ = close(descriptor) } }

  /// A new file; nobody waits but the caller.
  static func make(in folder: String) async throws(Problem) -> AnonymousFile {
    try await onDisk { () throws(Problem) in try AnonymousFile(folder: folder) }
  }

  /// Writes all of the bytes.
  func write(_ bytes: [UInt8], at offset: Int) async throws(Problem) {
    try await Self.onDisk { [self] () throws(Problem) in try writeNow(bytes, at: offset) }
  }

  func writeNow(_ bytes: [UInt8], at offset: Int) throws(Problem) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { all in
        let rest = UnsafeRawBufferPointer(rebasing: all[written...])
        return pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + written))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Problem(number: count < 0 ? errno : ENOSPC) }
      written += count
    }
  }

  /// Does something on the disk; nobody waits but the caller.
  static func onDisk<Value: Sendable>(
    _ work: @escaping @Sendable () throws(Problem) -> Value
  ) async throws(Problem) -> Value {
    let result: Result<Value, Problem> = await withCheckedContinuation { continuation in
      queue.async { continuation.resume(returning: Result(catching: work)) }
    }
    return try result.get()
  }
}
