import Foundation

extension Configuration {
  /// How to go back to the last backup, for when the database is lost or damaged.
  var wayBack: String {
    let page = "operations.md, “When something is wrong”, has every step."
    guard let backup, let last = lastBackup(of: backup) else {
      return "Restore the last backup; \(page)"
    }
    let key = backup.keyFile.map { " --key-file \($0)" } ?? ""
    return "Restore the last backup: caretaker restore \(last) --data \(dataFolder)-new\(key); "
      + page
  }

  /// The newest in a folder, or how those in a bucket are called; nil when there is none.
  private func lastBackup(of backup: BackupSettings) -> String? {
    guard case .folder(let folder)? = BackupPlace(backup.place) else {
      return backup.place + "/NAME"
    }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { OwnBackup.takenAt(name: $0) != nil }.max().map { "\(folder)/\($0)" }
  }
}
