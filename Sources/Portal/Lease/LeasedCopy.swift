import Foundation
import GRDB
import Rules

/// Whether the database of a folder is the one that was last worked on under the lease, or a copy
/// from before.
enum LeasedCopy {
  /// How a folder's database stands to what was last worked on.
  enum Standing: Equatable {
    /// There is none.
    case missing
    /// It has everything.
    case whole
    /// It comes from there, and the end of its log is missing.
    case cut(entries: Int64)
    /// It was never worked on by that holder.
    case stale
  }

  static func standing(in folder: String, after last: LeaseRecord.Work?) throws -> Standing {
    let path = DataFolder.database(in: folder)
    guard FileManager.default.fileExists(atPath: path) else { return .missing }
    guard let last else { return .whole }
    do {
      return try DatabaseCopy.open(path).read { db in
        guard try Schema.newest(in: db) != nil, try Boot.exists(last.holder, in: db) else {
          return .stale
        }
        let entries = try AuditStore.head(in: db).count
        return entries < last.entries ?? 0 ? .cut(entries: entries) : .whole
      }
    } catch let error as DatabaseError where error.isDamage {
      return .stale
    }
  }

  /// How many entries a folder's log has.
  static func entries(in folder: String) throws -> Int64 {
    try DatabaseCopy.open(DataFolder.database(in: folder)).read {
      try AuditStore.head(in: $0).count
    }
  }

  /// Refuses to work on a copy that is not what was last worked on.
  static func check(in folder: String, after last: LeaseRecord.Work?) throws {
    let why: String
    switch (try standing(in: folder, after: last), last) {
    case (.whole, _), (.missing, nil), (_, nil): return
    case (.missing, let last?):
      why = "There is no database in \(folder), and the portal on \(last.host) has one."
    case (.cut(let entries), let last?):
      why =
        "The database in \(folder) has \(entries) entries of the log; the portal on \(last.host) "
        + "left \(last.entries ?? 0)."
    case (.stale, let last?):
      why = "The database in \(folder) is from before the portal on \(last.host) worked."
    }
    throw LeaseProblem(
      why + " Nothing was changed, and the lease is given back. Bring the newest copy into the "
        + "folder and start again; operations.md, “A warm standby”, says how.")
  }

  /// Puts a database that is not the newest out of the way, so that the newest can be brought back
  /// in its place. A stale one is kept, for it may hold what nobody else has; one that is only cut
  /// holds nothing that the newest has not.
  /// - Returns: whether there is no database now, where there should be one.
  static func putAside(
    in folder: String, after last: LeaseRecord.Work?, at now: Moment
  ) throws -> Bool {
    let path = DataFolder.database(in: folder)
    switch try standing(in: folder, after: last) {
    case .whole: return false
    case .missing: return last != nil
    case .cut:
      for end in endings { try? FileManager.default.removeItem(atPath: path + end) }
    case .stale:
      let stamp = now.isoSeconds.filter { $0 != "-" && $0 != ":" }
      let aside = "\(folder)/stale-\(stamp).sqlite"
      for end in endings where FileManager.default.fileExists(atPath: path + end) {
        try FileManager.default.moveItem(atPath: path + end, toPath: aside + end)
      }
    }
    return true
  }

  private static let endings = ["-wal", "-shm", ""]
}

/// The holder that waited for the lease in place of the next start on a folder: a file in it.
enum HandedLease {
  private static func path(in folder: String) -> String { folder + "/lease" }

  /// Nil where nobody has.
  static func read(in folder: String) throws -> String? {
    guard FileManager.default.fileExists(atPath: path(in: folder)) else { return nil }
    do { return try String(contentsOfFile: path(in: folder), encoding: .utf8) } catch {
      throw StorageProblem("Can't read \(path(in: folder)): \(error.localizedDescription)")
    }
  }

  static func write(_ holder: String, in folder: String) throws {
    do { try holder.write(toFile: path(in: folder), atomically: true, encoding: .utf8) } catch {
      throw StorageProblem("Can't write \(path(in: folder)): \(error.localizedDescription)")
    }
  }

  /// Whoever waited has nothing left to give.
  static func remove(in folder: String) {
    try? FileManager.default.removeItem(atPath: path(in: folder))
  }
}
