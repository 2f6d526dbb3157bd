import Glibc
import GRDB
import Rules

/// The log as a file that somebody takes away.
public struct AuditExport {
  private let storage: Storage
  private let lines: AuditLines

  /// Opens a database and writes in its log that these entries are taken away.
  /// - Parameters:
  ///   - from: the first entry.
  ///   - to: the last one; nil for the newest.
  ///   - nowMs: milliseconds since 1970.
  /// - Throws: `StorageProblem` when there is no database, or not those entries.
  public init(database path: String, from: Int64, to: Int64?, nowMs: Int64) throws {
    guard DataFolder.isDatabase(path) else {
      throw StorageProblem("There is no database \(path), or it is empty.")
    }
    storage = try Storage(path: path)
    lines = try storage.writeNow { db in
      let count = try AuditStore.head(in: db).count
      let last = to ?? count
      guard from >= 1, from <= last, last <= count else {
        throw StorageProblem("The log has the entries 1 to \(count).")
      }
      try AuditLog.append(
        .logExported("entries \(from) to \(last)"), by: .command,
        at: Moment(ms: nowMs), in: db)
      return AuditLines(from: from, to: last)
    }
  }

  /// Gives every line to `write`, from one snapshot.
  /// - Parameter work: is told how far it has come.
  /// - Throws: what `write` throws, or a problem when an entry can't be read: what was written by
  ///   then is not the export.
  public func run(
    telling work: LongWork = .unwatched, _ write: ([UInt8]) throws -> Void
  ) throws {
    try storage.readNow { try lines.run(in: $0, telling: work, write) }
  }
}
