import Testing

@testable import AWS

extension DemoCloudTests {
  /// The database, its snapshots and its restores.
  struct RDSTests {
    private static let database = "ghostinfrastack-database12345678-abcdefghijkl"
    private static let snapshot = "ghost-before-5-87"

    private let cloud: DemoCloud
    private let rds: RDS

    init() async throws {
      cloud = try await DemoCloud.fresh()
      rds = RDS(try await cloud.client())
    }

    private func advance(_ seconds: Int) async throws {
      try await cloud.control("clock", #"{"advance_s": \#(seconds)}"#)
    }

    private func copyOfDatabase(_ id: String, in group: String) async throws -> RDS.NewInstance {
      let source = try await rds.describeDBInstance(id: Self.database)
      return RDS.NewInstance(
        id: id, instanceClass: "db.t3.small", storageType: "gp3",
        subnetGroup: source.subnetGroup ?? "", securityGroupIDs: [group],
        parameterGroup: source.parameterGroup ?? "", multiAZ: true, publiclyAccessible: false,
        deletionProtection: true)
    }

    @Test func `the database is described with its place in the network`() async throws {
      let database = try await rds.describeDBInstance(id: Self.database)
      #expect(database.endpoint?.port == 3306)
      #expect(database.endpoint?.address.hasPrefix(Self.database) == true)
      #expect(!database.publiclyAccessible)
      #expect(database.securityGroupIDs.count == 1)
      #expect(database.securityGroupIDs.first?.hasPrefix("sg-") == true)
      #expect(database.subnetGroup?.hasPrefix("ghostinfrastack-databasesubnetgroup") == true)
      #expect(database.parameterGroup == "default.mysql8.0")
      #expect(database.certificateAuthority == "rds-ca-rsa2048-g1")
      #expect(try #require(database.certificateEndsMs) > 1_767_225_600_000)
    }

    @Test func `each change is written by the name RDS has for it`() async throws {
      let answer = try await rds.modifyDBInstance(
        id: Self.database,
        changes: RDS.InstanceChanges(
          instanceClass: "db.t3.small", allocatedStorageGiB: 40, storageType: "gp3",
          multiAZ: true, backupRetentionDays: 7, deletionProtection: true),
        applyImmediately: false)
      #expect(answer.backupRetentionDays == 7)
      #expect(answer.deletionProtection)
      #expect(!answer.multiAZ)
      #expect(
        answer.pendingModifiedValues.mapValues { $0.lowercased() } == [
          "DBInstanceClass": "db.t3.small", "AllocatedStorage": "40", "StorageType": "gp3",
          "MultiAZ": "true",
        ])
    }

    @Test func `what is not to be changed is not sent`() async throws {
      _ = try await rds.modifyDBInstance(
        id: Self.database, changes: RDS.InstanceChanges(backupRetentionDays: 3),
        applyImmediately: false)
      let call = try #require(try await cloud.calls(of: "ModifyDBInstance").first)
      #expect(
        Set(call.members["parameters"]?.members.keys ?? [:].keys) == [
          "DBInstanceIdentifier", "BackupRetentionPeriod", "ApplyImmediately",
        ])
    }

    @Test func `a reboot is seen`() async throws {
      #expect(try await rds.rebootDBInstance(id: Self.database).status == "rebooting")
      try await advance(60)
      #expect(try await rds.describeDBInstance(id: Self.database).status == "available")
    }

    @Test func `a snapshot is made, and copied with a key`() async throws {
      let made = try await rds.createDBSnapshot("caretaker-cr-1", of: Self.database)
      #expect(made.status == "creating")
      #expect(made.createdMs == nil)
      #expect(made.percentDone == 0)
      #expect(!made.encrypted)
      try await advance(120)
      let copy = try await rds.copyDBSnapshot(
        "caretaker-cr-1", to: "caretaker-cr-1-encrypted", kmsKeyID: "alias/aws/rds")
      #expect(copy.encrypted)
      #expect(copy.kmsKeyID != nil)
      try await advance(120)
      let listed = try await rds.describeDBSnapshots(instance: Self.database)
      let found = try #require(listed.first { $0.id == "caretaker-cr-1-encrypted" })
      #expect(found.status == "available")
      #expect(found.type == "manual")
      #expect(found.instance == Self.database)
      #expect(found.engineVersion == "8.0.40")
      #expect(found.allocatedStorageGiB == 20)
      #expect(found.createdMs != nil)
      #expect(listed.contains { $0.type == "automated" })
    }

    @Test func `every page of snapshots is read`() async throws {
      let all = try await rds.describeDBSnapshots(instance: Self.database)
      try await cloud.control("pages", #"{"rds.DescribeDBSnapshots": 1}"#)
      let paged = try await rds.describeDBSnapshots(instance: Self.database)
      try await cloud.control("pages", "{}")
      #expect(all.count > 1)
      #expect(paged == all)
      #expect(try await rds.describeDBSnapshots(instance: "nobody").isEmpty)
    }

    @Test func `a snapshot that everybody may restore is told from one that nobody else may`()
      async throws
    {
      let closed = RDS.Sharing(isPublic: false, accounts: [])
      #expect(try await rds.describeDBSnapshotAttributes(Self.snapshot) == closed)
      try await cloud.control("drift", #"{"rds_public_snapshot": "\#(Self.snapshot)"}"#)
      let open = RDS.Sharing(isPublic: true, accounts: [])
      #expect(try await rds.describeDBSnapshotAttributes(Self.snapshot) == open)
      #expect(await isNotFound { _ = try await rds.describeDBSnapshotAttributes("nobody") })
    }

    @Test func `a database is restored as told, beside the old one`() async throws {
      let source = try await rds.describeDBInstance(id: Self.database)
      let group = try #require(source.securityGroupIDs.first)
      let made = try await rds.restoreDBInstanceFromDBSnapshot(
        Self.snapshot, as: try await copyOfDatabase("restored", in: group))
      #expect(made.status == "creating")
      #expect(made.endpoint == nil)
      #expect(made.instanceClass == "db.t3.small")
      #expect(made.storageType == "gp3")
      #expect(made.subnetGroup == source.subnetGroup)
      #expect(made.securityGroupIDs == [group])
      #expect(made.multiAZ)
      #expect(made.deletionProtection)
      #expect(!made.publiclyAccessible)
      try await advance(600)
      let restored = try await rds.describeDBInstance(id: "restored")
      #expect(restored.status == "available")
      #expect(restored.endpoint != source.endpoint)
    }

    @Test func `a database is restored to a moment of its backups' window and to none outside`()
      async throws
    {
      let source = try await rds.describeDBInstance(id: Self.database)
      let backups = try #require(
        try await rds.describeDBInstanceAutomatedBackups(instance: Self.database).first)
      let earliest = try #require(backups.earliestMs)
      let latest = try #require(backups.latestMs)
      #expect(latest - earliest == 86_400_000)
      #expect(backups.status == "active")
      let new = try await copyOfDatabase(
        "restored", in: try #require(source.securityGroupIDs.first))
      let made = try await rds.restoreDBInstanceToPointInTime(
        of: Self.database, to: .at(ms: earliest + 3_600_000), as: new)
      #expect(made.status == "creating")
      var other = new
      other.id = "other"
      let newest = try await rds.restoreDBInstanceToPointInTime(
        of: Self.database, to: .latest, as: other)
      #expect(newest.arn.hasSuffix(":db:other"))
      await #expect {
        _ = try await rds.restoreDBInstanceToPointInTime(
          of: Self.database, to: .at(ms: earliest - 3_600_000), as: other)
      } throws: { ($0 as? AWSError)?.effect == AWSError.Effect.none }
    }

    @Test func `an instance without backups has no window`() async throws {
      _ = try await rds.modifyDBInstance(
        id: Self.database, changes: RDS.InstanceChanges(backupRetentionDays: 0),
        applyImmediately: true)
      try await advance(300)
      #expect(try await rds.describeDBInstanceAutomatedBackups(instance: Self.database).isEmpty)
      #expect(try await rds.describeDBInstanceAutomatedBackups(instance: "nobody").isEmpty)
    }

    @Test func `pending maintenance is read with its date`() async throws {
      let arn = try await rds.describeDBInstance(id: Self.database).arn
      let pending = try #require(
        try await rds.describePendingMaintenanceActions(arn: arn).first)
      #expect(pending.action == "system-update")
      #expect(pending.description.contains("Operating System"))
      #expect(pending.currentApplyMs != nil)
    }

    @Test func `a snapshot whose answer is lost is made once`() async throws {
      try await cloud.control(
        "faults",
        #"[{"service": "rds", "operation": "CreateDBSnapshot", "times": 1, "drop": "after"}]"#)
      await #expect {
        _ = try await rds.createDBSnapshot("lost", of: Self.database)
      } throws: { ($0 as? AWSError)?.effect == .unknown }
      #expect(try await cloud.calls(of: "CreateDBSnapshot").count == 1)
      let listed = try await rds.describeDBSnapshots(instance: Self.database)
      #expect(listed.contains { $0.id == "lost" })
    }

    @Test func `no call broke a rule of RDS's model`() async throws {
      _ = try await rds.describeDBSnapshots(instance: Self.database)
      #expect(try await cloud.control("violations").entries == [])
    }
  }
}
