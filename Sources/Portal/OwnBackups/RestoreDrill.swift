import AWS
import Cryptography
import Foundation
import GRDB
import Rules

extension OwnBackups {
  /// Brings one back into a folder of its own, proves it, and throws it away. The log says that
  /// this was tried, and how it went.
  /// - Parameters are those of `restore`.
  /// - Returns: what came back, in sentences.
  /// - Throws: why it did not, which the log then has as well; nothing is noted of a key or a file
  ///   that is not there, or where the log could not take it.
  public func drill(_ text: String, keyFile: String?, anchors: String?) async throws -> [String] {
    let folder = configuration.dataFolder
    let key = try keyFile.map { try SealingKey.ofBackups(file: $0) }
    try checkUse(text)
    let lock = try FolderLock(folder, for: .backup)
    defer { lock.release() }
    try BackupMaker.sweep(folder, keeping: nil)
    let place = "\(folder)/\(OwnBackup.unfinishedPrefix)drill"
    let restorer = BackupRestorer(
      key: key, anchors: anchors, spareBytes: StorageStanding.freeBytesMin, work: work)
    let result: Result<BackupRestorer.Restored, any Error>
    do {
      result = .success(try await restore(text, into: place, by: restorer))
    } catch {
      result = .failure(error)
    }
    try? FileManager.default.removeItem(atPath: place)
    let now = outside.now()
    _ = try DataFolder.note(in: folder) { db in
      try RestoreDrillStore.record(result, of: text, at: now, in: db)
    }
    return try result.get().drillSentences
  }

  private func checkUse(_ text: String) throws {
    let isFile = !text.hasPrefix(BackupPlace.scheme)
    guard !isFile || FileManager.default.fileExists(atPath: text) else {
      throw OwnBackupProblem("There is no file \(text).")
    }
    guard try DataFolder.note(in: configuration.dataFolder, { _ in }) else {
      throw OwnBackupProblem(
        "There is no database of this version in \(configuration.dataFolder), whose log could say "
          + "that a drill was made. Nothing was tried. Start this version once, or restore into a "
          + "new folder with --data.")
    }
  }
}

extension BackupRestorer.Restored {
  fileprivate var drillSentences: [String] {
    let taken = Moment(ms: list.takenAtMs)
    return [
      "The drill worked: the backup of \(taken.words), made by Caretaker \(list.version), came "
        + "back whole, with \(list.entries) entries in the log and \(list.files.count - 1) themes.",
      standing, "What came back was thrown away again. The log says that this was tried.",
    ]
  }
}
