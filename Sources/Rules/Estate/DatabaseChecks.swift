/// Limits that checks of data measure against.
public enum Expectation {
  /// Fewer days of backups than this is a finding.
  public static let backupRetentionDays: Int64 = 7
  /// The newest snapshot or restorable point must be younger.
  public static let backupAgeMs = Span.day
  /// A restore that worked must not be longer ago.
  public static let restoreTestAgeMs = 90 * Span.day
  /// Log lines kept longer than this cost money without being read.
  public static let logRetentionDaysMax: Int64 = 400
  /// A certificate is renewed by ACM 60 days before its end; what is left at 30 is late.
  public static let certificateDays: Int64 = 30
  /// A GitHub token that ends sooner is a finding: there is time to make another.
  public static let tokenDays: Int64 = 14
}

extension Check {
  /// What the database is held to.
  static let database: [Check] = [
    Check(
      "rds.available", of: DatabaseFacts.self, .danger, expects: "The database is available",
      why: "Ghost answers nothing without its database."
    ) { facts, _ in
      .met(
        usable.contains(facts.status), "It is \(facts.status).", else: "It is \(facts.status).",
        remedy: "Look at the instance's events; a full disk and a stop are the usual reasons.")
    },
    Check(
      "rds.backup-retention", of: DatabaseFacts.self, .danger,
      expects: "Backups are kept \(Expectation.backupRetentionDays) days or more",
      why: "A mistake found on Monday can't be undone from Friday."
    ) { facts, _ in
      let days = Span.words(days: facts.backupRetentionDays)
      return .met(
        facts.backupRetentionDays >= Expectation.backupRetentionDays,
        "RDS keeps backups for \(days).",
        else: facts.backupRetentionDays == 0
          ? "RDS keeps no backups." : "RDS keeps backups for \(days).",
        remedy: "Raise it to \(Expectation.backupRetentionDays) days.",
        mend: Mend("rds.retention", ["days": String(Expectation.backupRetentionDays)]))
    },
    Check(
      "rds.multi-az", of: DatabaseFacts.self, .attention, expects: "A standby in a second zone",
      why: "When the zone fails, the blog is down until AWS brings it back."
    ) { facts, _ in
      .met(
        facts.multiAZ, "A standby runs in a second zone.",
        else: "The database runs in one zone.",
        remedy: "Turn on Multi-AZ; it about doubles the instance's cost.",
        mend: Mend("rds.multi-az", ["multi_az": "on"]))
    },
    Check(
      "rds.encryption", of: DatabaseFacts.self, .attention, expects: "The storage is encrypted",
      why: "Snapshots of members' addresses can be read by whoever gets hold of them."
    ) { facts, _ in
      .met(
        facts.encrypted, "The storage is encrypted.", else: "The storage is not encrypted.",
        remedy: "Restore from an encrypted copy of a snapshot; it can't be switched on in place.",
        mend: Mend("rds.encryption"))
    },
    Check(
      "rds.deletion-protection", of: DatabaseFacts.self, .attention,
      expects: "The instance refuses to be deleted",
      why: "One call, or one stack update, removes every post."
    ) { facts, _ in
      .met(
        facts.deletionProtection, "Deletion protection is on.",
        else: "The instance can be deleted.", remedy: "Turn on deletion protection.",
        mend: Mend("rds.deletion-protection", ["protection": "on"]))
    },
    Check(
      "rds.public", of: DatabaseFacts.self, .danger, expects: "No address on the internet",
      why: "Anybody can try passwords on a database that the internet reaches."
    ) { facts, _ in
      .met(
        !facts.isPublic, "Only the VPC reaches it.", else: "It has an address on the internet.",
        remedy: "Set publiclyAccessible: false in the CDK code.")
    },
    Check(
      "rds.certificate", of: DatabaseFacts.self, .danger,
      expects: "Its certificate is valid for \(Expectation.certificateDays) days or more",
      why: "Ghost can't connect to a database whose certificate has ended."
    ) { facts, estate in
      facts.certificateUntil.map {
        .certificate(
          endsAt: $0, at: estate.now,
          remedy: "Change the instance's certificate authority, in the maintenance window.")
      }
    },
  ]

  private static let usable: Set = [
    "available", "backing-up", "modifying", "storage-optimization", "maintenance", "upgrading",
    "configuring-enhanced-monitoring", "configuring-log-exports",
  ]
}
