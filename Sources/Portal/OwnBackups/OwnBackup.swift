import AWS
import Rules

/// What is in one backup of the portal itself: the list that stands first in its archive.
public struct OwnBackup: Codable, Sendable {
  /// The kind of archive; this version writes and reads 1.
  public var format = 1
  /// The version of Caretaker that made it.
  public var version: String
  /// The newest migration of its database, `0034-own-backups`.
  public var schema: String
  /// When it was begun, in milliseconds since 1970.
  public var takenAtMs: Int64
  /// The number of the last entry of its log.
  public var entries: Int64
  /// The last link of its log, in hexadecimal.
  public var head: String
  /// Every other file of the archive.
  public var files: [File]

  /// A file of the archive.
  public struct File: Codable, Sendable {
    /// `caretaker.sqlite`, or `themes/` and the digest of a theme.
    public var name: String
    /// Its length.
    public var bytes: Int
    /// The SHA-256 of its content, in hexadecimal.
    public var sha256: String
  }

  static let listName = "backup.json"
  static let databaseName = "caretaker.sqlite"
  /// What the names of files begin with whose writing was not finished.
  static let unfinishedPrefix = ".caretaker-unfinished-"

  /// The name of its file: names in order are in the order of time.
  static func name(takenAt: Moment, isSealed: Bool) -> String {
    let stamp = takenAt.isoSeconds.filter { $0 != "-" && $0 != ":" }
    return "caretaker-\(stamp).zip" + (isSealed ? ".sealed" : "")
  }

  /// When a backup of that name was begun; nil for names of other files.
  static func takenAt(name: String) -> Moment? {
    let pattern = /caretaker-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z\.zip(?:\.sealed)?/
    guard let parts = name.wholeMatch(of: pattern)?.output,
      let day = Day(iso: "\(parts.1)-\(parts.2)-\(parts.3)"),
      let hours = Int64(parts.4), let minutes = Int64(parts.5), let seconds = Int64(parts.6)
    else { return nil }
    return day.start.adding(
      ms: hours * Span.hour + minutes * Span.minute + seconds * Span.second)
  }
}

/// Why there is no backup, or nothing was restored, and what to do.
public struct OwnBackupProblem: Error, CustomStringConvertible {
  /// The sentence.
  public let description: String
  init(_ description: String) { self.description = description }

  /// Why it failed, as it is kept: AWS's errors have a sentence, the others are one.
  static func words(_ error: any Error) -> String {
    (error as? AWSError)?.sentence ?? String(describing: error)
  }
}
