extension RDS {
  /// What is to be changed about an instance; nil leaves it.
  public struct InstanceChanges: Sendable, Equatable {
    /// `db.t3.small`. The database is away for some minutes when it changes.
    public var instanceClass: String?
    /// The storage in GiB. It only grows; RDS rounds up a step of less than a tenth, and takes no
    /// other change of the storage for some hours.
    public var allocatedStorageGiB: Int?
    /// `gp3`.
    public var storageType: String?
    /// Whether a standby runs in another zone.
    public var multiAZ: Bool?
    /// 0 to 35 days. With 0, RDS deletes the automated backups there are.
    public var backupRetentionDays: Int?
    /// Whether it cannot be deleted; changes at once in any case.
    public var deletionProtection: Bool?

    /// Changes.
    public init(
      instanceClass: String? = nil, allocatedStorageGiB: Int? = nil, storageType: String? = nil,
      multiAZ: Bool? = nil, backupRetentionDays: Int? = nil, deletionProtection: Bool? = nil
    ) {
      self.instanceClass = instanceClass
      self.allocatedStorageGiB = allocatedStorageGiB
      self.storageType = storageType
      self.multiAZ = multiAZ
      self.backupRetentionDays = backupRetentionDays
      self.deletionProtection = deletionProtection
    }

    fileprivate var fields: [(String, String)] {
      let fields: [(String, String?)] = [
        ("DBInstanceClass", instanceClass),
        ("AllocatedStorage", allocatedStorageGiB.map { String($0) }),
        ("StorageType", storageType), ("MultiAZ", multiAZ.map { String($0) }),
        ("BackupRetentionPeriod", backupRetentionDays.map { String($0) }),
        ("DeletionProtection", deletionProtection.map { String($0) }),
      ]
      return fields.compactMap { name, value in value.map { (name, $0) } }
    }
  }

  /// ModifyDBInstance (Amazon RDS API Reference). RDS answers with the instance as it was.
  /// - Parameter applyImmediately: Now, with whatever else waits; otherwise in the maintenance
  ///   window, but for what never waits.
  public func modifyDBInstance(
    id: String, changes: InstanceChanges, applyImmediately: Bool
  ) async throws(AWSError) -> Instance {
    try await instance(
      answering: .write(.rds, "ModifyDBInstance"),
      [("DBInstanceIdentifier", id)] + changes.fields
        + [("ApplyImmediately", String(applyImmediately))])
  }

  /// RebootDBInstance (Amazon RDS API Reference). The database is away for about a minute.
  public func rebootDBInstance(id: String) async throws(AWSError) -> Instance {
    try await instance(
      answering: .write(.rds, "RebootDBInstance"), [("DBInstanceIdentifier", id)])
  }

  /// DeleteDBInstance (Amazon RDS API Reference), with a last snapshot; automated backups go with
  /// the instance. Refused while deletion protection is on.
  /// - Parameter finalSnapshot: The name of the snapshot made before anything is deleted: 1 to 255
  ///   letters, digits and hyphens, beginning with a letter.
  public func deleteDBInstance(
    id: String, finalSnapshot: String
  ) async throws(AWSError) -> Instance {
    try await instance(
      answering: .write(.rds, "DeleteDBInstance"),
      [
        ("DBInstanceIdentifier", id), ("SkipFinalSnapshot", "false"),
        ("FinalDBSnapshotIdentifier", finalSnapshot),
      ])
  }
}
