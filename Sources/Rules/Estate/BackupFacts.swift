/// What was read of the database's snapshots.
public struct BackupFacts: Observed {
  /// What they are facts of.
  public static let subject = Subject.backups

  /// The snapshots, newest first.
  public var snapshots: [SnapshotSummary]
  /// The earliest time the instance can be restored to; nil without backups.
  public var restorableFrom: Moment?
  /// The latest.
  public var restorableTo: Moment?
  /// Manual snapshots that anybody may restore.
  public var publicSnapshots: [String]

  /// Facts, as read.
  public init(
    snapshots: [SnapshotSummary], restorableFrom: Moment?, restorableTo: Moment?,
    publicSnapshots: [String]
  ) {
    self.snapshots = snapshots
    self.restorableFrom = restorableFrom
    self.restorableTo = restorableTo
    self.publicSnapshots = publicSnapshots
  }
}

/// One snapshot of the database.
public struct SnapshotSummary: Codable, Hashable, Sendable {
  /// Its identifier.
  public var id: String
  /// `manual`, `automated` or `awsbackup`.
  public var kind: String
  /// `creating`, `available` and others.
  public var status: String
  /// When it was made; nil while it is being made.
  public var madeAt: Moment?
  /// Whether it is encrypted.
  public var isEncrypted: Bool
  /// The engine's version at that time.
  public var engineVersion: String
  /// The storage in GiB.
  public var storageGiB: Int64
  /// How far its making has got.
  public var percent: Int64

  /// A snapshot.
  public init(
    id: String, kind: String, status: String, madeAt: Moment?, isEncrypted: Bool,
    engineVersion: String, storageGiB: Int64, percent: Int64
  ) {
    self.id = id
    self.kind = kind
    self.status = status
    self.madeAt = madeAt
    self.isEncrypted = isEncrypted
    self.engineVersion = engineVersion
    self.storageGiB = storageGiB
    self.percent = percent
  }
}
