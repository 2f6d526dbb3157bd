import Cryptography
import Foundation
import GRDB
import Rules
import Zip

/// Makes backups of the portal itself: a copy of the database as it is at one moment, also while a
/// portal works on it, and the archives of themes. Keys are not in it. Blocks.
struct BackupMaker {
  let dataFolder: String
  /// What it is sealed with; nil for an open archive.
  let key: SealingKey?
  let outside: Outside
  /// Is told how far it has come.
  var work = LongWork.unwatched

  /// A backup that was made.
  struct Made {
    let path: String
    let bytes: Int64
    let list: OwnBackup
  }

  /// Makes one in a folder. It counts only once the copy was read whole and its log was proven.
  /// - Throws: `OwnBackupProblem` or `StorageProblem` with a sentence; nothing is left in the
  ///   folder then.
  func make(in folder: String) throws -> Made {
    let lock = try FolderLock(dataFolder, for: .backup)
    defer { lock.release() }
    try Self.sweep(dataFolder, keeping: folder)
    try DataFolder.make(folder, as: "the folder of backups")
    try Self.sweep(folder, keeping: nil)
    let now = outside.now()
    let unfinished = OwnBackup.unfinishedPrefix + Hex.encode(try outside.randomBytes(8))
    // Beside the database, where nobody else reads: it is not sealed.
    let copy = "\(dataFolder)/\(unfinished).sqlite"
    let held = HeldThemes(
      of: ThemeFolder(dataFolder: dataFolder), in: "\(dataFolder)/\(unfinished)")
    defer {
      try? FileManager.default.removeItem(atPath: copy)
      held.letGo()
    }
    let (list, sources) = try contents(copiedTo: copy, holding: held, at: now)
    let file = try NewFile(at: "\(folder)/\(unfinished)")
    try write(list, sources, to: file)
    let path = "\(folder)/\(OwnBackup.name(takenAt: now, isSealed: key != nil))"
    try file.keep(as: path)
    return Made(path: path, bytes: try FileReading.bytes(of: path), list: list)
  }

  /// The list of a backup, and where the content of each file stands.
  private func contents(
    copiedTo copy: String, holding held: HeldThemes, at now: Moment
  ) throws -> (OwnBackup, [String: String]) {
    let database = DataFolder.database(in: dataFolder)
    let (schema, entries, head, themes) = try held.hold { gone in
      if gone != nil { try FileManager.default.removeItem(atPath: copy) }
      try DatabaseCopy.make(of: database, at: copy, telling: work)
      return try DatabaseCopy.contents(copy)
    }
    // A log that tells of a broken rule is kept as it is: that is what a log is for.
    if case .tampered = try AuditVerifier(work: work).verify(copy) {
      throw OwnBackupProblem(
        "The log in \(database) was tampered with, so this would be no backup to go back to. Run: "
          + "caretaker audit verify \(database)")
    }
    var sources = [OwnBackup.databaseName: copy]
    for theme in themes { sources["themes/\(theme).zip"] = held.place(of: theme) }
    let files = try sources.sorted { $0.key < $1.key }.map { name, source in
      let (bytes, sha256) = try FileReading.digest(of: source)
      return OwnBackup.File(name: name, bytes: bytes, sha256: sha256)
    }
    let list = OwnBackup(
      version: Portal.version, schema: schema, takenAtMs: now.ms, entries: entries, head: head,
      files: files)
    return (list, sources)
  }

  private func write(
    _ list: OwnBackup, _ sources: [String: String], to file: NewFile
  ) throws {
    let random = outside.randomBytes
    let sealed = try key.map { key in
      try SealedWriter(key, random: random) { try $0.withUnsafeBytes(file.write) }
    }
    let zip = ZipWriter { try sealed?.add($0) ?? file.write($0) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    try zip.addFile(OwnBackup.listName, Array(try encoder.encode(list)))
    let whole = list.files.reduce(0) { $0 + Int64($1.bytes) }
    var done: Int64 = 0
    for entry in list.files {
      guard let source = sources[entry.name] else { continue }
      try zip.addFile(entry.name) { sink in
        try FileReading.read(source) { piece in
          try sink(piece)
          done += Int64(piece.count)
          work.stands(at: done >> 20, of: whole >> 20, "Packing it, in MiB")
        }
      }
    }
    try zip.finish()
    try sealed?.finish()
  }

  /// Removes what a backup left that was killed.
  static func sweep(_ folder: String, keeping kept: String?) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: folder)
    where name.hasPrefix(OwnBackup.unfinishedPrefix) && "\(folder)/\(name)" != kept {
      try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
  }
}
