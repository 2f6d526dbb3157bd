import Cryptography
import Foundation
import GRDB

/// A copy of the database in one file of its own.
enum DatabaseCopy {
  /// Copies a database, also while others write. The copy is read whole before it counts.
  static func make(of path: String, at copy: String, telling work: LongWork) throws {
    guard FileManager.default.fileExists(atPath: path) else {
      throw OwnBackupProblem("There is no database \(path).")
    }
    work.stands("Copying the database")
    try make(of: open(path), at: copy)
    work.stands("Reading the copy")
    try check(copy)
  }

  /// Copies by SQLite's online backup (sqlite.org/backup.html): what was committed at one moment.
  static func make(of source: some DatabaseReader, at copy: String) throws {
    let queue = try DatabaseQueue(path: copy)
    try source.backup(to: queue)
    try queue.writeWithoutTransaction { db in
      // One file, without a log of its own beside it.
      try db.execute(sql: "PRAGMA journal_mode = DELETE")
    }
    try queue.close()
  }

  /// Reads every page (PRAGMA integrity_check), and whether every row's other row is there.
  static func check(_ path: String) throws {
    let problem = try open(path).read { db in
      let found = try String.fetchOne(db, sql: "PRAGMA integrity_check(1)") ?? "no answer"
      guard found == "ok" else { return found as String? }
      return try Row.fetchOne(db, sql: "PRAGMA foreign_key_check").map {
        "a row of \($0["table"] as String) names one that is not there"
      }
    }
    if let problem { throw OwnBackupProblem("The database \(path) is damaged: \(problem).") }
  }

  /// The newest migration, the log's last entry and its link, and the digests of the themes that
  /// are kept.
  typealias Contents = (schema: String, entries: Int64, head: String, themes: [String])

  /// What a copy holds.
  static func contents(_ path: String) throws -> Contents {
    try open(path).read { db in
      let head = try AuditStore.head(in: db)
      return (
        try Schema.newest(in: db) ?? "",
        head.count, Hex.encode(head.chain),
        try String.fetchAll(
          db,
          sql: "SELECT DISTINCT sha256 FROM themes WHERE removed_at IS NULL ORDER BY sha256")
      )
    }
  }

  /// Opens a database to read it, also while others write.
  static func open(_ path: String) throws -> DatabaseQueue {
    var configuration = GRDB.Configuration()
    configuration.readonly = true
    return try DatabaseQueue(path: path, configuration: configuration)
  }
}

/// Files read piece by piece.
enum FileReading {
  private static let pieceBytes = 1 << 16

  static func read(_ path: String, into sink: (UnsafeRawBufferPointer) throws -> Void) throws {
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw OwnBackupProblem("\(path) can't be read.")
    }
    defer { try? file.close() }
    while let piece = try file.read(upToCount: pieceBytes), !piece.isEmpty {
      try piece.withUnsafeBytes(sink)
    }
  }

  /// The length of a file.
  static func bytes(of path: String) throws -> Int64 {
    let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber
    return size?.int64Value ?? 0
  }

  /// The length and the SHA-256 of a file.
  static func digest(of path: String) throws -> (bytes: Int, sha256: String) {
    let stream = SHA256Stream()
    var bytes = 0
    try read(path) { piece in
      bytes += piece.count
      stream.add(piece)
    }
    return (bytes, stream.finish())
  }
}
