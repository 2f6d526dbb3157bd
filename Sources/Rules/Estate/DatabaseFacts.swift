/// What was read of the RDS instance.
public struct DatabaseFacts: Observed {
  /// What they are facts of.
  public static let subject = Subject.database

  /// The instance's identifier.
  public var id: String
  /// `db.t3.micro`.
  public var instanceClass: String
  /// `mysql`.
  public var engine: String
  /// `8.0.40`.
  public var engineVersion: String
  /// `available`, `modifying`, …
  public var status: String
  /// Whether a standby runs in a second zone.
  public var multiAZ: Bool
  /// Whether the storage is encrypted.
  public var encrypted: Bool
  /// How many days automated backups are kept; 0 means there are none.
  public var backupRetentionDays: Int64
  /// Storage in GiB.
  public var storageGiB: Int64
  /// `gp2`, `gp3`, …
  public var storageType: String
  /// Whether the instance refuses to be deleted.
  public var deletionProtection: Bool
  /// Values that wait for the maintenance window, by name.
  public var pending: [String: String]
  /// The weekly window, `sun:09:00-sun:09:30` in UTC.
  public var maintenanceWindow: String
  /// Whether it has an address on the internet.
  public var isPublic: Bool
  /// Its address and port.
  public var endpoint: String
  /// The certificate authority of its TLS certificate, `rds-ca-rsa2048-g1`.
  public var certificate: String
  /// Until when that certificate is valid.
  public var certificateUntil: Moment?
  /// The latest time it can be restored to; nil without backups.
  public var restorableTo: Moment?
  /// What RDS wants to do in a window to come, in its words.
  public var maintenance: [String]

  /// Facts, as read.
  public init(
    id: String, instanceClass: String, engine: String, engineVersion: String, status: String,
    multiAZ: Bool, encrypted: Bool, backupRetentionDays: Int64, storageGiB: Int64,
    storageType: String, deletionProtection: Bool, pending: [String: String],
    maintenanceWindow: String, isPublic: Bool = false, endpoint: String = "",
    certificate: String = "", certificateUntil: Moment? = nil, restorableTo: Moment? = nil,
    maintenance: [String] = []
  ) {
    self.id = id
    self.instanceClass = instanceClass
    self.engine = engine
    self.engineVersion = engineVersion
    self.status = status
    self.multiAZ = multiAZ
    self.encrypted = encrypted
    self.backupRetentionDays = backupRetentionDays
    self.storageGiB = storageGiB
    self.storageType = storageType
    self.deletionProtection = deletionProtection
    self.pending = pending
    self.maintenanceWindow = maintenanceWindow
    self.isPublic = isPublic
    self.endpoint = endpoint
    self.certificate = certificate
    self.certificateUntil = certificateUntil
    self.restorableTo = restorableTo
    self.maintenance = maintenance
  }
}
