import AWS
import Cryptography
import Foundation
import GRDB
import HTTP
import HTTPTypes
import Logging
import Rules
import Testing

@testable import Portal

/// A portal on a data folder of its own, with a clock that tests move, and the usual team.
final class Stage: Sendable {
  static let password = "correct horse battery staple"
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
  /// What runs the peers and the second verifier.
  static let python = root + "/.venv/bin/python"
  /// Hashing that is quick, for tests alone.
  static let quickScheme = PasswordHash(memoryKiB: 64, iterations: 1, lanes: 1)

  /// The templates, read once for all tests; nil when they can't be, which each portal then says.
  private static let pages = try? Portal.pages(in: root, with: Portal.assets(in: root))

  /// A log that nobody reads.
  static let silence = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

  let folder: String
  let portal: Portal
  let clock: TestClock
  /// What tests say of the disk.
  let disk = TestDisk()
  private let transport: Transport

  /// - Parameters:
  ///   - endpoint: the AWS peer; without one, a port where nobody answers.
  ///   - blog: the site; without one, a port where nobody answers.
  ///   - github: the repository; without one, a port where nobody answers and no token.
  ///   - folder: the data folder of an earlier stage, to start again on it.
  ///   - cloudClockLeadMs: how far AWS's clock seems to be ahead.
  ///   - intentWithinMs: how long what can't be put back waits for its anchor.
  ///   - libraryBytesMax: what the archives of themes may take.
  ///   - connectionsMax: how many connections clients may hold.
  ///   - siteCount: how many sites there are, the same but for their names.
  ///   - hasTeam: whether anybody is there.
  ///   - requiresFactor: whether everybody needs a second factor.
  ///   - notices: where notices go to.
  ///   - openID: whom people may sign in through.
  ///   - backup: how the portal itself is backed up.
  ///   - metrics: where metrics are read.
  ///   - replica: where Litestream tells its metrics.
  ///   - lease: by which it may act.
  ///   - site: changes the site of the configuration.
  init(
    endpoint: String? = nil, blog: FakeBlog? = nil, github: FakeGitHub? = nil,
    folder: String? = nil,
    clock: TestClock = TestClock(),
    trustedProxies: Set<String> = [], policy: Policy? = nil, cloudClockLeadMs: Int64 = 0,
    log: Logger = Stage.silence,
    isAnchored: Bool = false, intentWithinMs: Int64 = Span.hour,
    libraryBytesMax: Int64 = 1 << 30, connectionsMax: Int = 8_192,
    siteCount: Int = 1, hasTeam: Bool = true, requiresFactor: Bool = false,
    notices: NoticePlaces? = nil,
    openID: OpenIDSettings? = nil, backup: BackupSettings? = nil,
    metrics: MetricsPlace? = nil, replica: ListenPlace? = nil, stream: BucketPlace? = nil,
    lease: LeaseHold = .notNeeded,
    site: (inout Site) -> Void = { _ in }
  ) throws {
    let isNew = folder == nil
    self.folder = folder ?? NSTemporaryDirectory() + "caretaker-test-\(UUID().uuidString)"
    self.clock = clock
    let transport = Transport()
    self.transport = transport
    var configuration = Samples.configuration(
      folder: self.folder, endpoint: endpoint ?? "http://127.0.0.1:1",
      trustedProxies: trustedProxies, blog: blog,
      github: github)
    configuration.themeLibraryBytesMax = libraryBytesMax
    configuration.connectionsMax = connectionsMax
    configuration.notices = notices
    configuration.requiresFactor = requiresFactor
    configuration.openID = openID
    configuration.backup = backup
    configuration.metrics = metrics
    configuration.replica = replica
    configuration.stream = stream
    if let policy { configuration.firstPolicy = policy }
    if isAnchored { configuration.anchor = Samples.anchor }
    site(&configuration.sites[0])
    for number in 1..<siteCount {
      configuration.sites.append(configuration.sites[0])
      configuration.sites[number].name += "-\(number + 1)"
    }
    let cloudNow = {
      @Sendable in Moment(ms: Int64(Date().timeIntervalSince1970 * 1_000) - cloudClockLeadMs)
    }
    let outside = Outside(
      now: { clock.now }, randomBytes: { try RandomBytes.generate($0) },
      cloud: {
        Cloud(
          site: $0, transport: transport, environment: CloudPeer.credentials,
          // A peer holds calls against the pace of the real AWS; nobody does not.
          now: cloudNow, time: endpoint == nil ? .leaping(from: cloudNow) : nil,
          random: { 0 })  // no wait before a call is made again
      }, space: { [disk] _ in disk.space })
    portal = try Portal(
      configuration: configuration, outside: outside, log: log, pages: Self.pages,
      passwordScheme: Self.quickScheme, ballastBytes: 64 << 10,
      anchorWithinMs: Span.hour, intentWithinMs: intentWithinMs, lookEveryMs: 250,
      lease: lease)
    if isNew, hasTeam { try addTeam() }
  }

  deinit { transport.shutdown() }

  private func addTeam() throws {
    let hash = try portal.passwords.hash(Self.password)
    try portal.storage.writeNow { db in
      for role in Role.allCases {
        for login in [role.rawValue, role.rawValue + "-2"] {
          let id = try PersonStore.insert(
            login: login, name: login.capitalized, role: role, passwordHash: hash,
            at: clock.now, in: db)
          try AuditLog.append(
            .personAdded(person: id, role: role), by: .command, at: clock.now, in: db)
        }
      }
    }
  }

  /// Ends the portal and removes its folder.
  func end() async throws {
    try await portal.close()
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// Where its database is.
  var database: String { folder + "/caretaker.sqlite" }

  /// Every file of the data folder, by its path in it.
  func files() throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
      var isFolder: ObjCBool = false
      let path = folder + "/" + name
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
        !isFolder.boolValue
      else { continue }
      files[name] = try Data(contentsOf: URL(fileURLWithPath: path))
    }
    return files
  }

  /// A browser that has signed in.
  func browser(as login: String) async throws -> Browser {
    let browser = Browser(portal)
    try await browser.signIn(as: login)
    return browser
  }

  /// The person with this login.
  func person(_ login: String) throws -> Person {
    guard let found = try portal.storage.readNow({ try PersonStore.find(login: login, in: $0) })
    else { throw StorageProblem("nobody is called \(login)") }
    return found.person
  }

  /// Types of the entries of the log, in order.
  func auditTypes() throws -> [String] {
    try portal.storage.readNow { db in
      try String.fetchAll(db, sql: "SELECT type FROM audit ORDER BY seq")
    }
  }

  /// The change with this number.
  func change(_ number: Int64) throws -> Change {
    try portal.storage.readNow { try ChangeStore.find(number, in: $0) }
  }

  /// Waits until a change has come to rest, a minute at most, and gives what it is then.
  /// - Parameter act: what is done each time that it has not.
  func settled(
    _ number: Int64, meanwhile act: () async throws -> Void = {}
  ) async throws -> ChangeState {
    for _ in 0..<600 where [.executing, .verifying].contains(try change(number).storedState) {
      try await act()
      try await Task.sleep(for: .milliseconds(100))
    }
    return try change(number).storedState
  }

  /// Adds so many entries to the log.
  func append(_ count: Int) throws {
    for _ in 0..<count {
      try portal.storage.writeNow { db in
        try AuditLog.append(.sessionEnded, by: .portal, at: clock.now, in: db)
      }
    }
  }

  /// Has the second auditor review what waits for it.
  func reviewAll() throws {
    let reviewer = try person("auditor-2")
    try portal.storage.writeNow { db in
      for review in try ReviewStore.list(nil, before: .max, limit: 100, in: db) {
        try ReviewStore.dispose(
          of: review.item, .ok, note: "", by: reviewer, at: clock.now, in: db)
      }
    }
  }
}

/// Waits until something is so; gives up after a minute, by failing.
func wait(
  at place: SourceLocation = #_sourceLocation, until isSo: () async throws -> Bool
) async throws {
  for _ in 0..<600 {
    if try await isSo() { return }
    try await Task.sleep(for: .milliseconds(100))
  }
  Issue.record("it never came to be so", sourceLocation: place)
}

/// A disk as large and as full as a test says.
///
/// `@unchecked Sendable`: `lock` guards `current`.
final class TestDisk: @unchecked Sendable {
  private let lock = NSLock()
  private var current = Space(freeBytes: 1 << 40, totalBytes: 1 << 40)

  var space: Space { lock.withLock { current } }

  func leave(freeBytes: Int64) { lock.withLock { current.freeBytes = freeBytes } }
}

/// A clock that stands still until it is moved.
///
/// `@unchecked Sendable`: `lock` guards `moment`.
final class TestClock: @unchecked Sendable {
  private let lock = NSLock()
  private var moment: Moment

  init(at moment: Moment = Moment(ms: 1_795_348_800_000)) { self.moment = moment }

  /// Noon on the 15th of last month: the AWS peer knows what was paid for weeks before and after.
  static func lastMonth() -> TestClock {
    let today = Day(Moment(ms: Int64(Date().timeIntervalSince1970 * 1_000)))
    let lastMonth = Day(number: today.firstOfMonth.number - 1).firstOfMonth
    return TestClock(at: Day(number: lastMonth.number + 14).start.adding(ms: 12 * Span.hour))
  }

  var now: Moment { lock.withLock { moment } }

  func advance(ms: Int64) {
    lock.withLock { moment = moment.adding(ms: ms) }
  }
}
