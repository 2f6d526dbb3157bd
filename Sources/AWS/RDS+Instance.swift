extension RDS {
  /// A database instance.
  public struct Instance: Sendable, Equatable {
    /// `db.t3.micro` and the like.
    public let instanceClass: String
    /// `mysql` and the like.
    public let engine: String
    /// The engine's version.
    public let engineVersion: String
    /// `available`, `modifying` and many others.
    public let status: String
    /// Where it answers; nil while it is being made.
    public let endpoint: Endpoint?
    /// Whether a standby runs in another zone.
    public let multiAZ: Bool
    /// Whether its name leads to a public address.
    public let publiclyAccessible: Bool
    /// The security groups it is in, by their ids.
    public let securityGroupIDs: [String]
    /// The group of subnets it may run in; nil outside a VPC.
    public let subnetGroup: String?
    /// The group of engine settings it has.
    public let parameterGroup: String?
    /// The authority that signs its certificate, `rds-ca-rsa2048-g1`.
    public let certificateAuthority: String?
    /// When its certificate ends, in milliseconds since 1970; nil when AWS does not say.
    public let certificateEndsMs: Int64?
    /// Whether its storage is encrypted.
    public let storageEncrypted: Bool
    /// How many days automated backups are kept; 0 when there are none.
    public let backupRetentionDays: Int
    /// The storage in GiB.
    public let allocatedStorageGiB: Int
    /// `gp2`, `gp3` and the like.
    public let storageType: String
    /// Whether it cannot be deleted.
    public let deletionProtection: Bool
    /// The latest time it can be restored to, as AWS writes it; nil without backups.
    public let latestRestorableTime: String?
    /// What waits for the maintenance window, by the parameter's name, such as `DBInstanceClass`.
    public let pendingModifiedValues: [String: String]
    /// `sun:05:00-sun:06:00`, in UTC.
    public let preferredMaintenanceWindow: String
    /// The instance's ARN.
    public let arn: String
  }

  /// Where an instance answers.
  public struct Endpoint: Sendable, Equatable {
    /// The name in DNS.
    public let address: String
    /// The TCP port.
    public let port: Int
  }

  func instance(
    _ found: XMLElement, _ operation: Operation
  ) throws(AWSError) -> Instance {
    func text(_ name: String) throws(AWSError) -> String {
      try client.text(name, of: found, operation)
    }
    func bool(_ name: String) throws(AWSError) -> Bool {
      try client.bool(name, of: found, operation)
    }
    func integer(_ name: String) throws(AWSError) -> Int {
      try client.integer(name, of: found, operation)
    }
    let pending = found.list("PendingModifiedValues").map { ($0.name, $0.text) }
    return Instance(
      instanceClass: try text("DBInstanceClass"), engine: try text("Engine"),
      engineVersion: try text("EngineVersion"), status: try text("DBInstanceStatus"),
      endpoint: endpoint(of: found), multiAZ: try bool("MultiAZ"),
      publiclyAccessible: try bool("PubliclyAccessible"),
      securityGroupIDs: found.list("VpcSecurityGroups").compactMap {
        $0.text("VpcSecurityGroupId")
      },
      subnetGroup: found["DBSubnetGroup"]?.text("DBSubnetGroupName"),
      parameterGroup: found.list("DBParameterGroups").first?.text("DBParameterGroupName"),
      certificateAuthority: found.text("CACertificateIdentifier"),
      certificateEndsMs: found["CertificateDetails"]?.timeMs("ValidTill"),
      storageEncrypted: try bool("StorageEncrypted"),
      backupRetentionDays: try integer("BackupRetentionPeriod"),
      allocatedStorageGiB: try integer("AllocatedStorage"),
      storageType: try text("StorageType"),
      deletionProtection: try bool("DeletionProtection"),
      latestRestorableTime: found.text("LatestRestorableTime"),
      pendingModifiedValues: Dictionary(pending) { first, _ in first },
      preferredMaintenanceWindow: try text("PreferredMaintenanceWindow"),
      arn: try text("DBInstanceArn"))
  }

  private func endpoint(of found: XMLElement) -> Endpoint? {
    guard let endpoint = found["Endpoint"], let address = endpoint.text("Address"),
      let port = endpoint.text("Port").flatMap({ Int($0) })
    else { return nil }
    return Endpoint(address: address, port: port)
  }
}
