import Foundation
import GRDB
import Rules

/// The portal's one SQLite file: WAL, every commit on disk before it is answered.
struct Storage: Sendable {
  private let pool: DatabasePool
  private let threads: BlockingPool
  private let lock: FolderLock?
  private let ballast: Ballast?
  /// Outcomes that could not be written here.
  let spool: Spool
  private let lastWrite = LastWrite()

  /// Readers that may run beside the one writer.
  static let readersMax = 4
  /// How long a writer waits for another process's lock, in seconds.
  static let busySeconds = 5.0
  /// How long to wait before an outcome that could not be written is tried again.
  static let retryMs = Span.second

  /// Opens or makes the file and brings its schema up to date.
  /// - Throws: `StorageProblem` with a sentence, or GRDB's own error.
  /// - Parameters:
  ///   - lock: what keeps other servers off, given back on closing.
  ///   - ballast: room to give up when an outcome finds none.
  init(
    path: String, lock: FolderLock? = nil, ballast: Ballast? = nil, spool: Spool = Spool([])
  ) throws {
    self.lock = lock
    self.ballast = ballast
    self.spool = spool
    var configuration = GRDB.Configuration()
    configuration.foreignKeysEnabled = true
    configuration.maximumReaderCount = Self.readersMax
    configuration.busyMode = .timeout(Self.busySeconds)
    pool = try DatabasePool(path: path, configuration: configuration)
    // GRDB sets NORMAL on the writer after opening; approvals must survive a power cut.
    try pool.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA synchronous = FULL")
      // What is deleted is overwritten: an ended session, an erased person.
      try db.execute(sql: "PRAGMA secure_delete = ON")
      guard try Int.fetchOne(db, sql: "PRAGMA synchronous") == 2 else {
        throw StorageProblem("SQLite did not accept synchronous=FULL.")
      }
    }
    threads = BlockingPool(name: "storage", width: Self.readersMax)
    try Schema.migrate(pool, path: path, holding: lock)
  }

  /// Transactions that have written since the start.
  var writes: Int { lastWrite.writes }

  /// How many reads and writes wait for a thread.
  var waiting: Int { threads.waitingCount }

  /// Reads from one snapshot, on a thread that may block. What is put into words there is for the
  /// same reader.
  func read<Value: Sendable>(
    _ work: @escaping @Sendable (Database) throws -> Value
  ) async throws -> Value {
    let (pool, zone) = (pool, Zone.ofReader)
    return try await threads.run {
      try Zone.$ofReader.withValue(zone) { try pool.read(work) }
    }
  }

  /// Writes in one immediate transaction, on a thread that may block. All of it or nothing.
  func write<Value: Sendable>(
    _ work: @escaping @Sendable (Database) throws -> Value
  ) async throws -> Value {
    try await threads.run { try writeNow(work) }
  }

  /// Reads at once, for commands and for the start, where blocking is fine.
  func readNow<Value>(_ work: (Database) throws -> Value) throws -> Value {
    try pool.read(work)
  }

  /// Writes at once, for commands and for the start, where blocking is fine.
  func writeNow<Value>(_ work: (Database) throws -> Value) throws -> Value {
    do {
      let (value, hasWritten) = try Self.write(to: pool, work)
      // A transaction that changes nothing writes nothing, so it doesn't show that one could.
      if hasWritten { lastWrite.succeeded() }
      return value
    } catch let error as DatabaseError {
      lastWrite.failed(error)
      throw error
    }
  }

  /// Writes what became of a call. Where that can't be written, for want of room say, it is kept
  /// in the spool and tried again until it is.
  /// - Throws: `LateOutcome` when it was written late: what comes next is then not to be done by
  ///   itself; `CancellationError` when the portal stops before.
  func write(
    _ outcome: SpooledOutcome, _ work: @escaping @Sendable (Database) throws -> Void
  ) async throws {
    do { return try await write(work) } catch let error as DatabaseError
      where error.unwritable != nil
    {
      let isWritten = try await threads.run {
        ballast?.free()
        if (try? writeNow(work)) != nil { return true }
        spool.keep(outcome)
        return false
      }
      if isWritten { return }
    }
    while true {
      try await Task.sleep(for: .milliseconds(Self.retryMs))
      guard (try? await write(work)) != nil else { continue }
      try await threads.run { spool.settle(outcome) }
      throw LateOutcome()
    }
  }

  /// Whether what a run does could be written down now; after a failed write by trying one.
  func standing(in space: Space?) async -> StorageStanding {
    if lastWrite.problem != nil, (try? await write(Self.onePage)) != nil { lastWrite.succeeded() }
    return lastStanding(in: space)
  }

  /// The smallest write there is. Setting a row to what it holds would write nothing: SQLite
  /// compares first. The header's page is written always, and nothing here reads its number.
  private static func onePage(in db: Database) throws {
    try db.execute(sql: "PRAGMA user_version = 0")
  }

  /// The same as far as it is known without trying.
  func lastStanding(in space: Space?) -> StorageStanding {
    if let problem = lastWrite.problem { return .cannotWrite(problem) }
    if spool.isWaiting {
      return .cannotWrite("The outcome of a call could not be written yet. It is tried again.")
    }
    guard let space else { return .cannotWrite("The data folder can't be looked at.") }
    return StorageStanding(freeBytes: space.freeBytes, totalBytes: space.totalBytes)
  }

  /// Takes the room again that outcomes may need, when there is enough.
  func restoreBallast(in space: Space?) async throws {
    guard case .healthy = lastStanding(in: space) else { return }
    try await threads.run { _ = ballast?.make() }
  }

  /// Rewrites the whole file, so that nothing of what was ever deleted is left in it, nor in what
  /// an upgrade kept.
  /// - Throws: `StorageProblem` when somebody reads the file all the while.
  func rewriteNow() throws {
    try pool.writeWithoutTransaction { db in
      try db.execute(sql: "VACUUM")
      let row = try Row.fetchOne(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
      guard row?["busy"] == 0 else {
        throw StorageProblem(
          "The database is being read, so its old pages could not be removed. Try again.")
      }
    }
    try Upgrade.forget(in: (pool.path as NSString).deletingLastPathComponent)
  }

  /// Tells an observer of every commit from now on, until the file is closed.
  func observe(_ observer: some TransactionObserver) {
    pool.add(transactionObserver: observer, extent: .databaseLifetime)
  }

  /// Closes the file. Waiting reads and writes finish first.
  func close() throws {
    threads.close()
    // SQLite's own does nothing where a reader, which may not write, is closed last. Whoever copies
    // the one file then has all of it. Other programs that read, as a continuous copy does, are not
    // waited for.
    try? pool.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA busy_timeout = 0")
      try db.checkpoint(.truncate)
    }
    try pool.close()
    lock?.release()
  }

  private static func write<Value>(
    to pool: DatabasePool, _ work: (Database) throws -> Value
  ) throws -> (value: Value, hasWritten: Bool) {
    try pool.writeWithoutTransaction { db in
      let changesBefore = db.totalChangesCount
      var result: Value?
      try db.inTransaction(.immediate) {
        result = try work(db)
        return .commit
      }
      guard let result else { throw StorageProblem("A transaction gave no result.") }
      return (result, db.totalChangesCount != changesBefore)
    }
  }
}

/// What is wrong with the database file, and what to do.
struct StorageProblem: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
