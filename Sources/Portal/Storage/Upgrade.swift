import Foundation
import GRDB

/// An upgrade of the database is rehearsed: every migration that is missing runs on a copy first,
/// and the copy is read whole. The file itself is touched only after that.
///
/// What the file was before stays beside it until the next upgrade, as `before-0034-….sqlite`.
struct Upgrade {
  let migrator: DatabaseMigrator
  let pool: DatabasePool
  /// The file.
  let path: String

  private static let rehearsalName = "upgrade-rehearsal.sqlite"
  private static let beforePrefix = "before-"
  /// The file as it was, the copy that is changed, and what its transactions need.
  private static let roomFactor: Int64 = 3

  private var folder: String { (path as NSString).deletingLastPathComponent }
  private var rehearsal: String { "\(folder)/\(Self.rehearsalName)" }

  /// Rehearses what is missing; nothing is done for a new file, or where nothing is missing.
  /// - Throws: `StorageProblem` with what to do. The file is then as it was.
  func rehearse() throws {
    let (applied, missing) = try pool.read { db in
      let applied = try migrator.appliedIdentifiers(db)
      return (applied, migrator.migrations.filter { !applied.contains($0) })
    }
    guard let first = missing.first, !applied.isEmpty else { return }
    try checkRoom()
    // One that was killed left it.
    try remove(rehearsal)
    defer { try? remove(rehearsal) }
    let before = "\(folder)/\(Self.beforePrefix)\(first).sqlite"
    try keep(as: before)
    try FileManager.default.copyItem(atPath: before, toPath: rehearsal)
    do {
      try migrate(rehearsal, provingAs: AuditVerifier().verify(before))
    } catch {
      throw StorageProblem(
        "The database can't be brought up to date: tried on a copy, "
          + "\(missing.joined(separator: ", ")) failed. \(error) The database was not touched. Run "
          + "the version that worked before, and report this.")
    }
  }

  /// - Parameter verdict: what was found of the log before. An upgrade is not held up by what was
  ///   wrong with it already.
  private func migrate(_ copy: String, provingAs verdict: AuditVerdict) throws {
    let queue = try DatabaseQueue(path: copy)
    try migrator.migrate(queue)
    try queue.close()
    try DatabaseCopy.check(copy)
    let after = try AuditVerifier().verify(copy)
    guard after == verdict else { throw StorageProblem(after.sentence) }
  }

  /// Copies the file as it is, in place of what earlier upgrades kept.
  private func keep(as before: String) throws {
    let draft = before + ".unfinished"
    try remove(draft)
    try DatabaseCopy.make(of: pool, at: draft)
    try Self.forget(in: folder, but: draft)
    try FileManager.default.moveItem(atPath: draft, toPath: before)
  }

  private func checkRoom() throws {
    let needed = Self.room(for: path)
    guard let space = Space(of: folder), space.freeBytes > needed else {
      throw StorageProblem(
        "The database has to be brought up to date, which is tried on a copy first, and there is "
          + "no room for one. Nothing was changed. Free \(bytes(needed)) on the disk "
          + "of \(folder) and start again.")
    }
  }

  /// How many bytes an upgrade of a database takes. What is not in the file yet stands in its
  /// write-ahead log.
  static func room(for path: String) -> Int64 {
    [path, path + "-wal"].reduce(Int64(0)) { sum, file in
      var status = stat()
      return stat(file, &status) == 0 ? sum + Int64(status.st_size) : sum
    } * roomFactor
  }

  private func remove(_ path: String) throws {
    for file in [path, path + "-wal", path + "-shm", path + "-journal"]
    where FileManager.default.fileExists(atPath: file) {
      try FileManager.default.removeItem(atPath: file)
    }
  }

  /// Removes what upgrades kept, for who was erased may be in it.
  static func forget(in folder: String, but draft: String? = nil) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: folder)
    where name.hasPrefix(beforePrefix) || name.hasPrefix(rehearsalName) {
      guard "\(folder)/\(name)" != draft else { continue }
      try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
  }
}
