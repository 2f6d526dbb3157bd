import Foundation
import GRDB
import Glibc
import HTTP
import Rules

/// Looks at the installation itself: its files, the machine, the database.
struct Installation: Sendable {
  let configuration: Configuration
  let outside: Outside

  /// Everything.
  /// - Parameters:
  ///   - clockLeadMs: how far AWS's clock is ahead; nil where nobody has told.
  ///   - wholly: whether every page of the database is read as well.
  func checks(clockLeadMs: Int64?, wholly: Bool) async -> [SelfCheck] {
    let thread = BlockingPool(name: "checks", width: 1)
    defer { thread.close() }
    do {
      return try await thread.run {
        machine + database(clockLeadMs: clockLeadMs, wholly: wholly)
      }
    } catch {
      return [SelfCheck("This installation", .unknown, SelfCheck.words(error))]
    }
  }

  private var machine: [SelfCheck] {
    let listening = SelfCheck.listening(
      on: configuration.address, port: configuration.port, hasTLS: configuration.tls != nil,
      proxies: configuration.trustedProxies.count)
    return SelfCheck.files(files) + [listening] + certificate + metrics + disk
  }

  private var certificate: [SelfCheck] {
    guard let files = configuration.tls?.files else { return [] }
    let now = outside.now()
    do {
      let tls = try TLS(files, at: Int(now.unixSeconds))
      return [.certificate(endsAt: Moment(ms: Int64(tls.endsAt) * Span.second), at: now)]
    } catch {
      return [
        SelfCheck(
          "Certificate", .failed, error.description,
          remedy: "Caretaker does not start with it; a running one goes on with the one before.")
      ]
    }
  }

  private var metrics: [SelfCheck] {
    guard let place = configuration.metrics else { return [] }
    var problem: String?
    do { _ = try place.readToken() } catch { problem = "\(error)" }
    return [.metrics(on: place.address, port: place.port, problem: problem)]
  }

  private var disk: [SelfCheck] {
    guard let space = outside.space(configuration.dataFolder) else {
      return [
        SelfCheck(
          "Disk", .failed, "The data folder \(configuration.dataFolder) can't be looked at.",
          remedy: "Start Caretaker, or check data in the configuration.")
      ]
    }
    let (free, total) = (space.freeBytes, space.totalBytes)
    return [
      .disk(
        StorageStanding(freeBytes: free, totalBytes: total), freeBytes: free, totalBytes: total)
    ]
  }
}

/// The database.
extension Installation {
  private func database(clockLeadMs: Int64?, wholly: Bool) -> [SelfCheck] {
    let path = DataFolder.database(in: configuration.dataFolder)
    guard FileManager.default.fileExists(atPath: path) else {
      return [
        SelfCheck("Database", .absent, "There is none yet.", remedy: "The first start makes it.")
      ]
    }
    do {
      return try DatabaseCopy.open(path).read { db in
        let schema = try Schema.newest(in: db)
        let known = Schema.migrations.last?.name ?? ""
        let head = [SelfCheck.schema(schema, known: known)] + (wholly ? [try quickCheck(db)] : [])
        return try schema == known
          ? head + [changes(wholly: wholly, in: db)] + records(clockLeadMs: clockLeadMs, in: db)
          : head
      }
    } catch {
      return [
        SelfCheck(
          "Database", .failed, "It can't be read: \(error)",
          remedy: "Run this as the account that Caretaker runs as; if it stays, restore a backup.")
      ]
    }
  }

  private func quickCheck(_ db: Database) throws -> SelfCheck {
    let found = try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? "no answer"
    return .integrity(found == "ok" ? nil : found)
  }

  private func changes(wholly: Bool, in db: Database) throws -> SelfCheck {
    let damaged =
      wholly
      ? try ChangeStore.damaged(in: db)
      : try ChangeStore.all(ChangeState.open, in: db).damaged
    return .changes(damaged: damaged, isWhole: wholly, remedy: Damage.remedy)
  }

  private func records(clockLeadMs: Int64?, in db: Database) throws -> [SelfCheck] {
    let now = outside.now()
    let clock = ClockStanding(now: now, floor: try TimeFloor.read(in: db), behindMs: clockLeadMs)
    let proof = try OwnBackupStore.lastMade(in: db)
    return try backups(at: now, in: db)
      + [
        .restoreDrill(
          RestoreDrillStanding(last: try RestoreDrillStore.last(in: db), at: now)),
        .logProof(ageMs: proof.map { now.since($0.at) }, through: proof?.entries ?? 0),
        anchors(at: now, in: db), .clock(clock),
      ]
      + stream(at: now, in: db)
      + SelfCheck.people(
        Staffing(
          try PersonStore.all(in: db), withFactor: try FactorStore.holders(in: db),
          requiresFactor: configuration.requiresFactor))
      + [notices(problem: try DeliveryStore.problem(at: now, in: db))]
  }

  private func backups(at now: Moment, in db: Database) throws -> [SelfCheck] {
    let settings = configuration.backup
    return SelfCheck.backups(
      try OwnBackupStore.standing(settings, at: now, in: db), isScheduled: settings != nil,
      isSealed: settings?.keyFile != nil)
  }

  private func anchors(at now: Moment, in db: Database) throws -> SelfCheck {
    let standing = try Boot.last(in: db).map { boot in
      try AnchorStore.standing(
        isAnchored: configuration.anchor != nil, boot: boot, at: now, in: db)
    }
    return .anchors(
      standing ?? (configuration.anchor == nil ? .unanchored : .unchecked),
      through: try AnchorStore.anchoredThrough(in: db),
      ageMs: try AnchorStore.newest(in: db).map { now.since($0.at) })
  }

  private func stream(at now: Moment, in db: Database) throws -> [SelfCheck] {
    guard let place = configuration.stream else { return [] }
    let standing = try EntryStreamStore.standing(of: place, in: db)
    let through = standing?.through ?? 0
    let waiting = try CheckpointStore.signed(after: through, in: db)
    return [
      .stream(
        through: through, waiting: waiting?.count ?? 0,
        waitingMs: waiting.map { now.since($0.since) } ?? 0, problem: standing?.problem)
    ]
  }

  private func notices(problem: String?) -> SelfCheck {
    guard let places = configuration.notices else {
      return SelfCheck(
        "Notices", .absent, "Nobody is told but by the pages.",
        remedy: "Notifications says what to put into caretaker.yaml.")
    }
    let ways = places.channels.map(\.rawValue).sorted().joined(separator: ", ")
    return SelfCheck(
      "Notices", problem == nil ? .good : .failed, problem ?? "They go out by: \(ways).",
      remedy: "Send a test under Notifications, to see that it arrives.")
  }
}

/// The files.
extension Installation {
  /// Every file that the configuration names or the data folder holds, which is there or has to be.
  private var files: [FileAccess] {
    let database = DataFolder.database(in: configuration.dataFolder)
    // What a first start makes, or only some starts need.
    let made = [
      (configuration.dataFolder, "the data folder"), (database, "the database"),
      (database + "-wal", "the database"), (configuration.spool, "the spool"),
      (configuration.auditKeyFile, "the key that signs the log"),
      (configuration.factorKeyFile, "the key that seals second factors"),
    ]
    let present = made.filter { $0.0.map(FileManager.default.fileExists) ?? false }
    let needed = [
      (configuration.backup?.keyFile, "the key that seals backups"),
      (configuration.metrics?.tokenFile, "the token of the metrics"),
    ]
    return Self.look(at: present + needed, for: .account) + Self.look(at: secrets, for: .group)
      + Self.look(at: [(configuration.file, "the configuration")], for: .readers)
  }

  /// The files of secrets of others that the configuration names.
  private var secrets: [(String?, String)] {
    [
      (configuration.tls?.files.key, "the key of the certificate"),
      (configuration.openID?.clientSecretFile, "the client secret for OpenID"),
      (configuration.notices?.smtpPasswordFile, "the password of the mail server"),
      (configuration.notices?.webhookFile, "the address of the webhook"),
    ]
      + configuration.sites.flatMap { site in
        [
          (site.githubTokenFile, "the GitHub token"),
          (site.ghostKeyFile, "the Ghost integration key"),
          (site.ghostStaffTokenFile, "the Ghost staff access token"),
        ]
      }
  }

  private static func look(
    at files: [(String?, String)], for audience: FileAccess.Audience
  ) -> [FileAccess] {
    files.compactMap { path, what in
      path.map { FileAccess($0, what, for: audience, mode: mode(of: $0)) }
    }
  }

  private static func mode(of path: String) -> UInt32? {
    var facts = stat()
    return stat(path, &facts) == 0 ? facts.st_mode & 0o7777 : nil
  }
}
