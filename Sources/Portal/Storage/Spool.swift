import Foundation
import Glibc
import Rules

/// What became of a call, for when the database can't take it: one line of the spool.
struct SpooledOutcome: Codable, Hashable, Sendable {
  /// The change's number.
  let change: Int64
  /// The start of the portal that made the call.
  let boot: String
  let step: Int64
  /// `done`, `failed` or `unknown`.
  let outcome: String
  let detail: String
  /// When it was known, in milliseconds since 1970.
  let at: Int64
}

/// Outcomes that the database could not take: in memory, in files beside it, on standard error.
/// While one waits nothing guarded is begun; the next start reads the files as evidence.
///
/// `@unchecked Sendable`: `lock` guards `waiting` and the files; nothing else changes.
final class Spool: @unchecked Sendable {
  /// Every line goes to each of them; one that takes it is enough.
  private let paths: [String]
  private let lock = NSLock()
  private var waiting: [SpooledOutcome] = []

  /// A file longer than this is not ours.
  static let bytesMax = 16 << 20

  init(_ paths: [String]) { self.paths = paths }

  /// Whether an outcome waits to be written.
  var isWaiting: Bool { lock.withLock { !waiting.isEmpty } }

  /// Keeps an outcome. Blocks.
  func keep(_ outcome: SpooledOutcome) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let line = ((try? encoder.encode(outcome)) ?? Data()) + Data("\n".utf8)
    lock.withLock {
      waiting.append(outcome)
      // An earlier line may have been cut short by the full disk.
      for path in paths { Self.append(Data("\n".utf8) + line, to: path) }
      Self.write(Data("caretaker: could not write the outcome ".utf8) + line, to: STDERR_FILENO)
    }
  }

  /// The outcome has been written after all. Blocks.
  func settle(_ outcome: SpooledOutcome) {
    lock.withLock {
      if let index = waiting.firstIndex(of: outcome) { waiting.remove(at: index) }
      if waiting.isEmpty { removeFiles() }
    }
  }

  /// What earlier starts have left, each once; nil for a line that can't be read.
  func leftovers() -> [SpooledOutcome?] {
    var seen: Set<Data> = []
    let lines = lock.withLock {
      paths.flatMap { path -> [Data] in
        guard Self.isFile(path), let file = FileHandle(forReadingAtPath: path) else { return [] }
        let content = (try? file.read(upToCount: Self.bytesMax)) ?? Data()
        return content.split(separator: UInt8(ascii: "\n")).map { Data($0) }
      }
    }
    return lines.filter { seen.insert($0).inserted }.map {
      try? JSONDecoder().decode(SpooledOutcome.self, from: $0)
    }
  }

  /// Removes what earlier starts have left, once it is in the log.
  func clear() { lock.withLock { removeFiles() } }

  private func removeFiles() {
    for path in paths where Self.isFile(path) { unlink(path) }
  }

  /// A file, and no device or pipe that the configuration names.
  private static func isFile(_ path: String) -> Bool {
    var answer = stat()
    return lstat(path, &answer) == 0 && answer.st_mode & S_IFMT == S_IFREG
  }

  /// On disk when it returns, as far as the disk lets it be.
  private static func append(_ line: Data, to path: String) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    write(line, to: descriptor)
    fsync(descriptor)
    close(descriptor)
  }

  /// As far as it goes: whoever keeps an outcome has nowhere else to tell of a failure.
  private static func write(_ line: Data, to descriptor: CInt) {
    _ = line.withUnsafeBytes { Disk.write($0, to: descriptor) }
  }
}
