import Cryptography
import Foundation
import Rules
import Zip

/// Puts a backup of the portal itself into a new data folder. Blocks.
struct BackupRestorer {
  /// What it was sealed with; nil for an open archive.
  let key: SealingKey?
  /// A folder of anchors that the restored log is held against; nil for none.
  let anchors: String?
  /// What has to be left of the disk.
  var spareBytes: Int64 = 0
  /// Is told how far it has come.
  var work = LongWork.unwatched

  /// An archive as large as a data folder may be; what a name or a ratio may be stays strict.
  private static var limits: ZipLimits {
    var limits = ZipLimits()
    limits.archiveBytesMax = 1 << 40
    limits.entriesMax = 100_000
    limits.entryBytesMax = 0xFFFF_FFFE  // Past this an archive would need the Zip64 format.
    limits.totalBytesMax = 1 << 40
    limits.ratioMax = 1_032  // Deflate's own.
    limits.depthMax = 2
    return limits
  }
  private static let listBytesMax = 64 << 20

  /// What was restored, and what is known of its log.
  struct Restored {
    let list: OwnBackup
    let verdict: AuditVerdict
  }

  /// - Parameter folder: is made; one that is there must be empty.
  /// - Throws: `OwnBackupProblem` or `StorageProblem`, or why a file can't be read or written. The
  ///   folder is then as it was.
  func restore(_ path: String, into folder: String) throws -> Restored {
    let files = FileManager.default
    guard files.fileExists(atPath: path) else {
      throw OwnBackupProblem("There is no file \(path).")
    }
    let before = try? files.contentsOfDirectory(atPath: folder)
    guard before?.isEmpty ?? true else {
      throw OwnBackupProblem(
        "\(folder) is not empty. Nothing was changed. Name a new folder; take the old one away "
          + "only when you know that you need nothing of it.")
    }
    try DataFolder.make(folder, as: "the new data folder")
    do {
      return try unpack(path, into: folder)
    } catch {
      for name in (try? files.contentsOfDirectory(atPath: folder)) ?? [] {
        try? files.removeItem(atPath: "\(folder)/\(name)")
      }
      if before == nil { try? files.removeItem(atPath: folder) }
      // What an archive of a theme is told to do is no help here.
      guard error is ZipProblem else { throw error }
      throw OwnBackupProblem(
        "\(path) is no whole archive: it was changed or cut since it was made. Nothing was "
          + "restored. Try another backup.")
    }
  }

  private func unpack(_ path: String, into folder: String) throws -> Restored {
    guard SealedStream.isSealed(path) else { return try unpack(archive: path, into: folder) }
    guard let key else {
      throw OwnBackupProblem("\(path) is sealed. Name the file of its key with --key-file.")
    }
    try checkRoom(for: FileReading.bytes(of: path), in: folder)
    let open = try NewFile(at: "\(folder)/\(OwnBackup.unfinishedPrefix)open.zip")
    // The file goes with its object.
    return try withExtendedLifetime(open) {
      work.stands("Opening the seal")
      try SealedReader(key: key).open(path) { try $0.withUnsafeBytes(open.write) }
      return try unpack(archive: open.path, into: folder)
    }
  }

  private func unpack(archive path: String, into folder: String) throws -> Restored {
    let archive = try ZipArchive(path: path, limits: Self.limits)
    let list = try Self.list(of: archive)
    let whole = list.files.reduce(0) { $0 + Int64($1.bytes) }
    try checkRoom(for: whole, in: folder)
    let entries = Dictionary(archive.entries.map { ($0.name, $0) }) { first, _ in first }
    try FileManager.default.createDirectory(
      atPath: "\(folder)/themes", withIntermediateDirectories: false,
      attributes: [.posixPermissions: 0o700])
    var done: Int64 = 0
    for file in list.files {
      guard let entry = entries[file.name] else { throw Self.differs(file.name) }
      let draft = try NewFile(at: "\(folder)/\(OwnBackup.unfinishedPrefix)file")
      let stream = SHA256Stream()
      try archive.read(entry) { piece in
        stream.add(piece)
        try draft.write(piece)
        done += Int64(piece.count)
        work.stands(at: done >> 20, of: whole >> 20, "Unpacking it, in MiB")
      }
      guard stream.finish() == file.sha256 else {
        throw Self.differs(file.name)
      }
      try draft.keep(as: "\(folder)/\(file.name)")
    }
    let database = DataFolder.database(in: folder)
    work.stands("Reading the database")
    try DatabaseCopy.check(database)
    let verdict = try AuditVerifier(work: work).verify(database)
    let found = try DatabaseCopy.contents(database)
    if case .tampered = verdict { throw Self.differs(OwnBackup.databaseName, verdict.sentence) }
    guard (found.entries, found.head) == (list.entries, list.head) else {
      throw Self.differs(OwnBackup.databaseName)
    }
    // A backup is older than what was anchored since: that is said, and no reason to refuse it.
    let anchored = try anchors.map { try AuditVerifier(anchors: $0, work: work).verify(database) }
    return Restored(list: list, verdict: anchored ?? verdict)
  }

  private func checkRoom(for needed: Int64, in folder: String) throws {
    guard let space = Space(of: folder), space.freeBytes < needed + spareBytes else { return }
    throw OwnBackupProblem(
      "There is no room for it in \(folder): it takes \(bytes(needed)), and "
        + "\(bytes(space.freeBytes)) are free. Nothing was restored.")
  }

  /// The list, which names exactly what is in the archive, with its lengths, and nothing that a
  /// backup never holds.
  private static func list(of archive: ZipArchive) throws -> OwnBackup {
    guard let entry = archive.entries.first(where: { $0.name == OwnBackup.listName }),
      let list = try? JSONDecoder().decode(
        OwnBackup.self, from: Data(archive.contents(of: entry, bytesMax: listBytesMax)))
    else { throw OwnBackupProblem("It is no backup of Caretaker. Nothing was restored.") }
    guard list.format == 1 else {
      throw OwnBackupProblem(
        "It was made by Caretaker \(list.version), in a form that this version does not read. "
          + "Nothing was restored. Restore it with that version.")
    }
    let named = list.files.map(\.name)
    let lengths = Dictionary(archive.entries.map { ($0.name, $0.bytes) }) { first, _ in first }
    guard named.allSatisfy(isKnown), named.contains(OwnBackup.databaseName),
      (named + [OwnBackup.listName]).sorted() == archive.entries.map(\.name).sorted(),
      list.files.allSatisfy({ lengths[$0.name] == $0.bytes })
    else {
      throw OwnBackupProblem(
        "What the archive holds is not what its list names. Nothing was restored.")
    }
    return list
  }

  /// Whether a backup may hold a file of that name.
  private static func isKnown(_ name: String) -> Bool {
    name == OwnBackup.databaseName || name.wholeMatch(of: /themes\/[0-9a-f]{64}\.zip/) != nil
  }

  private static func differs(_ name: String, _ why: String = "") -> OwnBackupProblem {
    OwnBackupProblem(
      "\(name) in the backup is not what its list says. \(why.isEmpty ? "" : why + " ")"
        + "Nothing was restored. Try another backup.")
  }
}
