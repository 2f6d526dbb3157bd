import AWS
import Cryptography
import Foundation
import Rules

/// Backups of the portal itself, made and brought back by the command and by the portal's clock.
public struct OwnBackups: Sendable {
  let configuration: Configuration
  let outside: Outside
  let work: LongWork

  /// The longest archive that goes to a bucket: it is sent from memory, in one piece.
  static let objectBytesMax: Int64 = 256 << 20

  /// Those of a configuration.
  /// - Parameter work: is told how far one has come.
  public init(_ configuration: Configuration, world: World, work: LongWork = .unwatched) {
    self.init(configuration, outside: world.outside, work: work)
  }

  init(_ configuration: Configuration, outside: Outside, work: LongWork = .unwatched) {
    self.work = work
    self.configuration = configuration
    self.outside = outside
  }

  /// A backup that was made.
  public struct Made: Sendable {
    /// Its file, or its object.
    public let place: String
    /// Its length.
    public let bytes: Int64
    /// The number of the last entry of the log in it.
    public let entries: Int64
  }

  /// Makes one.
  /// - Parameters:
  ///   - text: a folder, or `s3://bucket/prefix`.
  ///   - keyFile: the file of the key that seals it; nil for an open archive.
  ///   - site: the site whose credentials are used for a bucket; nil for the first.
  /// - Throws: `OwnBackupProblem`, `AWSError` or `StorageProblem`, each a sentence.
  public func make(to text: String, keyFile: String?, site: String? = nil) async throws -> Made {
    guard let place = BackupPlace(text) else {
      throw OwnBackupProblem("“\(text)” is neither a folder nor s3://BUCKET/PREFIX.")
    }
    try DataFolder.checkNotLost(configuration)
    let key = try keyFile.map { try SealingKey.ofBackups(file: $0) }
    let maker = BackupMaker(
      dataFolder: configuration.dataFolder, key: key, outside: outside, work: work)
    switch place {
    case .folder(let folder):
      let made = try await Self.blocking { try maker.make(in: folder) }
      return Made(place: made.path, bytes: made.bytes, entries: made.list.entries)
    case .bucket(let bucket, let prefix):
      guard key != nil else {
        throw OwnBackupProblem(
          "What leaves this machine is sealed. Name the file of a key with --key-file.")
      }
      return try await send(by: maker, to: bucket, prefix, site: site)
    }
  }

  private func send(
    by maker: BackupMaker, to bucket: String, _ prefix: String, site: String?
  ) async throws -> Made {
    let passing = "\(configuration.dataFolder)/\(OwnBackup.unfinishedPrefix)sent"
    defer { try? FileManager.default.removeItem(atPath: passing) }
    let (made, bytes) = try await Self.blocking {
      let made = try maker.make(in: passing)
      guard made.bytes <= Self.objectBytesMax else {
        throw OwnBackupProblem(
          "The backup has \(made.bytes >> 20) MiB; the most that is sent to a bucket is "
            + "\(Self.objectBytesMax >> 20). Back up to a folder and copy it, or use Litestream.")
      }
      return (made, [UInt8](try Data(contentsOf: URL(fileURLWithPath: made.path))))
    }
    let name = (made.path as NSString).lastPathComponent
    let key = prefix.isEmpty ? name : "\(prefix)/\(name)"
    work.stands("Sending it to \(bucket)")
    guard try await s3(site).place(bytes, at: key, in: bucket, lockedUntil: nil) == .placed else {
      throw OwnBackupProblem("There is a \(key) in \(bucket) already. Try again in a second.")
    }
    return Made(
      place: "\(BackupPlace.scheme)\(bucket)/\(key)", bytes: made.bytes,
      entries: made.list.entries)
  }

  /// Notes one that was made by hand, so that the page of backups tells of it.
  /// - Returns: false where the database is not of this version, and so was left as it is.
  public func note(_ made: Made) throws -> Bool {
    let now = outside.now()
    return try DataFolder.note(in: configuration.dataFolder) { db in
      try OwnBackupStore.record(
        .success(made), place: made.place, isByHand: true, at: now, in: db)
    }
  }

  /// Puts one into a new data folder, and says in sentences what came back.
  /// - Parameters:
  ///   - text: a file, or `s3://bucket/key`.
  ///   - folder: is made; one that is there must be empty.
  ///   - anchors: a folder of anchors that its log is held against.
  public func restore(
    _ text: String, into folder: String, keyFile: String?, anchors: String?
  ) async throws -> [String] {
    let key = try keyFile.map { try SealingKey.ofBackups(file: $0) }
    return try await restore(
      text, into: folder, by: BackupRestorer(key: key, anchors: anchors, work: work)
    ).sentences
  }

  func restore(
    _ text: String, into folder: String, by restorer: BackupRestorer
  ) async throws -> BackupRestorer.Restored {
    guard case .bucket(let bucket, let object)? = BackupPlace(text) else {
      return try await Self.blocking { try restorer.restore(text, into: folder) }
    }
    work.stands("Fetching it from \(bucket)")
    let bytes = try await s3(nil)
      .getObject(object, in: bucket, bytesMax: Int(Self.objectBytesMax))
    return try await Self.blocking {
      let passing = Self.passing(beside: folder)
      let file = try NewFile(at: passing)
      return try withExtendedLifetime(file) {
        try bytes.withUnsafeBytes(file.write)
        return try restorer.restore(passing, into: folder)
      }
    }
  }

  /// Where what is fetched for a folder stands meanwhile, whether or not its name ends in a slash.
  static func passing(beside folder: String) -> String {
    URL(fileURLWithPath: folder).path + ".fetched"
  }

  private func s3(_ site: String?) throws -> S3 {
    guard let site else { return outside.cloud(configuration.sites[0]).s3 }
    guard let named = configuration.sites.first(where: { $0.name == site }) else {
      throw OwnBackupProblem("There is no site “\(site)”, so nobody's credentials are used.")
    }
    return outside.cloud(named).s3
  }

  /// Runs what blocks on a thread that may.
  private static func blocking<Value: Sendable>(
    _ work: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    let thread = BlockingPool(name: "backups", width: 1)
    defer { thread.close() }
    return try await thread.run(work)
  }
}

extension BackupRestorer.Restored {
  /// How the log stands. One that its anchors call cut is whole, but older than they are.
  var standing: String {
    guard case .tampered(_, let why) = verdict else { return verdict.sentence }
    return "The log is whole, but behind its anchors: an entry \(why). Caretaker says so at its "
      + "start, and runs nothing guarded until two people accept the gap."
  }

  /// What came back, and what has to be put back by hand.
  fileprivate var sentences: [String] {
    let taken = Moment(ms: list.takenAtMs)
    return [
      "Restored the backup of \(taken.words), made by Caretaker \(list.version): "
        + "\(list.entries) entries in the log, \(list.files.count - 1) themes.",
      standing,
      "What happened after it is not in it: look at the log's last entries, and at AWS for changes "
        + "that were under way.",
      "Keys are in no backup. Put audit.key and factor.key back where the configuration names "
        + "them; without the old ones, see “Backups of Caretaker itself” in operations.md.",
    ]
  }
}
