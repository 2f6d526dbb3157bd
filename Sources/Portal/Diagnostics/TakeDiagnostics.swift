import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules

extension Portal {
  /// The diagnostics as a file. That they left is in the log before they do.
  func downloadDiagnostics(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let found = Diagnostics.Found(
      parts: await checks.parts(),
      metrics: try await metrics(load: load),
      log: recentLog.lines)
    let diagnostics = Diagnostics(configuration: configuration, outside: outside)
    // Counting rows takes a while in a long log, in which others write.
    let gathered = try await storage.read { try diagnostics.gather(found, in: $0) }
    let archive = try await files.run { try gathered.archive() }
    try await storage.write { [now = visit.now] db in
      try AuditLog.append(.diagnosticsExported, by: .person(person), at: now, in: db)
    }
    return .attachment(
      archive, type: "application/zip", named: Diagnostics.name(at: visit.now))
  }
}

extension Diagnostics {
  /// Writes the archive to a new file, for the command; the log says so.
  /// - Returns: why the log does not say so; nil when it does.
  /// - Throws: `OwnBackupProblem` when the file can't be written or is there already.
  public func write(to path: String) async throws -> String? {
    let found = Found(parts: await Checks(configuration: configuration, outside: outside).parts())
    let archive = try gather(found).archive()
    let file = try NewFile(at: path + ".unfinished")
    try archive.withUnsafeBytes(file.write)
    try file.keep(as: path)
    do {
      try await CommandLease.check(configuration, outside: outside)
      let now = outside.now()
      let isNoted = try DataFolder.note(in: configuration.dataFolder) { db in
        try AuditLog.append(.diagnosticsExported, by: .command, at: now, in: db)
      }
      return isNoted ? nil : "There is no database of this version."
    } catch {
      return "\(error)"
    }
  }

  /// Also where the database can't be read: then it says so.
  private func gather(_ found: Found) throws -> Gathered {
    let database = DataFolder.database(in: configuration.dataFolder)
    guard FileManager.default.fileExists(atPath: database) else {
      return try gather(found, in: nil)
    }
    do {
      return try DatabaseCopy.open(database).read { try gather(found, in: $0) }
    } catch is DatabaseError {
      return try gather(found, in: nil)
    }
  }
}
