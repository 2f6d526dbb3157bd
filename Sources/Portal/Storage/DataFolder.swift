import Foundation
import GRDB
import Glibc

/// The folder with everything the portal keeps, for one process at a time.
enum DataFolder {
  /// The database of a folder, of this installation or one that was restored.
  static func database(in folder: String) -> String { "\(folder)/\(OwnBackup.databaseName)" }

  /// Opens the folder's database, making folder and file where there never were any.
  /// - Parameters:
  ///   - exclusive: whether to hold the folder until the process ends, as a server does; commands
  ///     that add a person may work beside one.
  ///   - ballastBytes: the room to hold for outcomes that find none.
  static func open(
    _ configuration: Configuration, exclusive: Bool = true,
    ballastBytes: Int64 = Ballast.usualBytes
  ) throws -> Storage {
    try checkNotLost(configuration)
    let path = configuration.dataFolder
    try make(path, as: "the data folder")
    let database = database(in: path)
    guard exclusive else {
      return try naming(configuration) { try Storage(path: database) }
    }
    let lock = try FolderLock(path)
    let ballast = Ballast(path: path + "/ballast", bytes: ballastBytes)
    ballast.make()
    let spool = Spool([path + "/spool.jsonl"] + (configuration.spool.map { [$0] } ?? []))
    return try naming(configuration) {
      try Storage(path: database, lock: lock, ballast: ballast, spool: spool)
    }
  }

  /// Makes a folder for this account alone, where there is none.
  /// - Parameter what: "the data folder".
  /// - Throws: `StorageProblem` when there can be none.
  static func make(_ path: String, as what: String) throws {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      // Foundation does not say why; the kernel does.
      guard mkdir(path, 0o700) != 0 else { return }
      throw StorageProblem("Can't make \(what) \(path): \(String(cString: strerror(errno))).")
    }
  }

  /// Does what reads the database; where it is damaged, says so and how to go back.
  static func naming<Value>(
    _ configuration: Configuration, _ work: () throws -> Value
  ) throws -> Value {
    do { return try work() } catch let error as DatabaseError where error.isDamage {
      throw StorageProblem(
        "The database in \(configuration.dataFolder) is damaged (\(error.message ?? "no reason")). "
          + "It was left as it is. \(configuration.wayBack)")
    }
  }

  /// Refuses a folder without its database: a key is made for one, so that a key alone is a loss
  /// and no new portal.
  static func checkNotLost(_ configuration: Configuration) throws {
    let database = database(in: configuration.dataFolder)
    guard !isDatabase(database),
      let key = [configuration.auditKeyFile, configuration.factorKeyFile]
        .first(where: FileManager.default.fileExists)
    else { return }
    let isThere = FileManager.default.fileExists(atPath: database)
    throw StorageProblem(
      "The database \(database) is \(isThere ? "empty" : "not there"), but \(key), which was made "
        + "for it, is. Nothing was changed. \(configuration.wayBack) For a new portal, move the "
        + "keys away first.")
  }

  /// Whether there is a file that can be a database: SQLite takes an empty one for a new one.
  static func isDatabase(_ path: String) -> Bool {
    var file = stat()
    return stat(path, &file) == 0 && file.st_size > 0
  }
}

extension DataFolder {
  /// Notes something in a folder's database for a command, also beside a running portal, without
  /// bringing it up to date first.
  /// - Returns: false where there is no database of this version's schema: nothing is noted then.
  static func note(in folder: String, _ work: (Database) throws -> Void) throws -> Bool {
    let path = database(in: folder)
    guard FileManager.default.fileExists(atPath: path) else { return false }
    var configuration = GRDB.Configuration()
    configuration.foreignKeysEnabled = true
    configuration.busyMode = .timeout(Storage.busySeconds)
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
    return try DatabaseQueue(path: path, configuration: configuration).write { db in
      guard try Schema.newest(in: db) == Schema.migrations.last?.name else { return false }
      try work(db)
      return true
    }
  }
}

/// The lock of what is done to a folder by one alone. The kernel gives it back when the process
/// ends, however it ends.
struct FolderLock: Sendable {
  /// What keeps others of its kind off, each by a file of its own.
  enum Work: String {
    case serving = "lock"
    /// A backup, or the drill of one: each sweeps away what an unfinished one left.
    case backup = "backup.lock"
  }

  private let descriptor: CInt

  /// - Throws: `StorageProblem` when somebody else has it, or the folder can't be written.
  init(_ folder: String, for work: Work = .serving) throws {
    descriptor = Glibc.open("\(folder)/\(work.rawValue)", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw StorageProblem(
        "Can't write in the data folder \(folder): \(String(cString: strerror(errno))).")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      Glibc.close(descriptor)
      throw StorageProblem(
        work == .serving
          ? "Another Caretaker works on \(folder). Stop it first, or give this one another "
            + "data folder."
          : "Another backup of \(folder), or a drill, is under way. Nothing was kept. Wait until "
            + "it is done.")
    }
  }

  /// Whether a portal works on a folder. Nothing is made, and nobody is kept off.
  static func isHeld(_ folder: String) -> Bool {
    let descriptor = Glibc.open("\(folder)/\(Work.serving.rawValue)", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { Glibc.close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }

  /// Gives the folder back.
  func release() { Glibc.close(descriptor) }
}
