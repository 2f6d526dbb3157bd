extension RDS {
  /// The instance that a restore makes. Everything is asked for: what RDS takes by itself is the
  /// default security group and subnets, one zone and no protection, whatever the source had.
  public struct NewInstance: Sendable, Equatable {
    /// Its name: 1 to 63 letters, digits and hyphens, beginning with a letter.
    public var id: String
    /// `db.t3.micro`.
    public var instanceClass: String
    /// `gp3`.
    public var storageType: String
    /// The group of subnets it may run in.
    public var subnetGroup: String
    /// The security groups it is in, by their ids.
    public var securityGroupIDs: [String]
    /// The group of engine settings.
    public var parameterGroup: String
    /// Whether a standby runs in another zone.
    public var multiAZ: Bool
    /// Whether its name leads to a public address.
    public var publiclyAccessible: Bool
    /// Whether it cannot be deleted.
    public var deletionProtection: Bool

    /// An instance to be.
    public init(
      id: String, instanceClass: String, storageType: String, subnetGroup: String,
      securityGroupIDs: [String], parameterGroup: String, multiAZ: Bool,
      publiclyAccessible: Bool, deletionProtection: Bool
    ) {
      self.id = id
      self.instanceClass = instanceClass
      self.storageType = storageType
      self.subnetGroup = subnetGroup
      self.securityGroupIDs = securityGroupIDs
      self.parameterGroup = parameterGroup
      self.multiAZ = multiAZ
      self.publiclyAccessible = publiclyAccessible
      self.deletionProtection = deletionProtection
    }

    fileprivate var fields: [(String, String)] {
      [
        ("DBInstanceClass", instanceClass), ("StorageType", storageType),
        ("DBSubnetGroupName", subnetGroup), ("DBParameterGroupName", parameterGroup),
        ("MultiAZ", String(multiAZ)), ("PubliclyAccessible", String(publiclyAccessible)),
        ("DeletionProtection", String(deletionProtection)), ("CopyTagsToSnapshot", "true"),
      ]
        + securityGroupIDs.enumerated().map {
          ("VpcSecurityGroupIds.VpcSecurityGroupId.\($0 + 1)", $1)
        }
    }
  }

  /// A moment that a database is restored to.
  public enum RestorePoint: Sendable, Equatable {
    /// As late as can be.
    case latest
    /// Milliseconds since 1970; RDS takes whole seconds.
    case at(ms: Int64)
  }

  /// The automated backups of an instance.
  public struct AutomatedBackups: Sendable, Equatable {
    /// `active`, `creating`, or `retained` when the instance is gone.
    public let status: String
    /// The earliest moment to restore to, in milliseconds since 1970; nil when there is none yet.
    public let earliestMs: Int64?
    /// The latest moment to restore to, in milliseconds since 1970; nil when there is none yet.
    public let latestMs: Int64?
    /// Whether they are encrypted.
    public let encrypted: Bool
  }

  /// DescribeDBInstanceAutomatedBackups (Amazon RDS API Reference). None when there are none.
  public func describeDBInstanceAutomatedBackups(
    instance: String
  ) async throws(AWSError) -> [AutomatedBackups] {
    let operation = Operation.read(.rds, "DescribeDBInstanceAutomatedBackups")
    do throws(AWSError) {
      return try await list(
        "DBInstanceAutomatedBackups", operation, [("DBInstanceIdentifier", instance)]
      ) { row throws(AWSError) in
        AutomatedBackups(
          status: try client.text("Status", of: row, operation),
          earliestMs: row["RestoreWindow"]?.timeMs("EarliestTime"),
          latestMs: row["RestoreWindow"]?.timeMs("LatestTime"),
          encrypted: try client.bool("Encrypted", of: row, operation))
      }
    } catch {
      guard error.code?.hasPrefix("DBInstanceAutomatedBackupNotFound") == true else { throw error }
      return []
    }
  }

  /// RestoreDBInstanceFromDBSnapshot (Amazon RDS API Reference): a new instance beside the old,
  /// with an endpoint of its own. It takes minutes to hours.
  public func restoreDBInstanceFromDBSnapshot(
    _ snapshot: String, as instance: NewInstance
  ) async throws(AWSError) -> Instance {
    try await self.instance(
      answering: .write(.rds, "RestoreDBInstanceFromDBSnapshot"),
      [("DBInstanceIdentifier", instance.id), ("DBSnapshotIdentifier", snapshot)]
        + instance.fields)
  }

  /// RestoreDBInstanceToPointInTime (Amazon RDS API Reference): a new instance beside the old, with
  /// an endpoint of its own. It takes minutes to hours.
  public func restoreDBInstanceToPointInTime(
    of source: String, to point: RestorePoint, as instance: NewInstance
  ) async throws(AWSError) -> Instance {
    let moment =
      switch point {
      case .latest: ("UseLatestRestorableTime", "true")
      case .at(let ms): ("RestoreTime", Timestamp.iso8601(ms: ms))
      }
    return try await self.instance(
      answering: .write(.rds, "RestoreDBInstanceToPointInTime"),
      [
        ("SourceDBInstanceIdentifier", source), ("TargetDBInstanceIdentifier", instance.id), moment,
      ] + instance.fields)
  }
}
