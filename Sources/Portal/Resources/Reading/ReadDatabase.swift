import AWS
import Foundation
import Rules

// What RDS's answers mean as facts.

extension Cloud {
  /// The database instance.
  func databaseFacts(_ id: String) async throws -> DatabaseFacts {
    DatabaseFacts(id: id, try await rds.describeDBInstance(id: id))
  }

  /// The database a plan is for.
  func database(of plan: Plan) async throws -> DatabaseFacts {
    try await databaseFacts(plan.parameters["database"] ?? "")
  }

  /// The database instance, also with what RDS wants to do to it.
  func watchedDatabaseFacts(_ id: String) async throws -> DatabaseFacts {
    let instance = try await rds.describeDBInstance(id: id)
    var facts = DatabaseFacts(id: id, instance)
    facts.maintenance = try await rds.describePendingMaintenanceActions(arn: instance.arn).map {
      let at = $0.currentApplyMs.map { ", on \(Moment(ms: $0).words)" } ?? ""
      return ($0.description.isEmpty ? $0.action : $0.description) + at
    }
    return facts
  }

  /// The most manual snapshots that are asked whether anybody may restore them.
  static let sharingAskedMax = 20

  /// The instance's snapshots and how far back it can be restored.
  func backupFacts(_ id: String) async throws -> BackupFacts {
    async let all = rds.describeDBSnapshots(instance: id)
    async let automated = rds.describeDBInstanceAutomatedBackups(instance: id)
    let snapshots = try await all.sorted { ($0.createdMs ?? .max) > ($1.createdMs ?? .max) }
    let manual = snapshots.filter { $0.type == "manual" && $0.status == "available" }
    let shared = try await withThrowingTaskGroup { group in
      for snapshot in manual.prefix(Self.sharingAskedMax) {
        group.addTask {
          try await rds.describeDBSnapshotAttributes(snapshot.id).isPublic ? snapshot.id : nil
        }
      }
      return try await group.reduce(into: [String]()) { if let id = $1 { $0.append(id) } }
    }
    let window = try await automated.first
    return BackupFacts(
      snapshots: snapshots.map(SnapshotSummary.init),
      restorableFrom: window?.earliestMs.map(Moment.init(ms:)),
      restorableTo: window?.latestMs.map(Moment.init(ms:)), publicSnapshots: shared.sorted())
  }
}

extension DatabaseFacts {
  init(id: String, _ instance: RDS.Instance) {
    self.init(
      id: id, instanceClass: instance.instanceClass, engine: instance.engine,
      engineVersion: instance.engineVersion, status: instance.status, multiAZ: instance.multiAZ,
      encrypted: instance.storageEncrypted,
      backupRetentionDays: Int64(instance.backupRetentionDays),
      storageGiB: Int64(instance.allocatedStorageGiB), storageType: instance.storageType,
      deletionProtection: instance.deletionProtection, pending: instance.pendingModifiedValues,
      maintenanceWindow: instance.preferredMaintenanceWindow,
      isPublic: instance.publiclyAccessible,
      endpoint: instance.endpoint.map { "\($0.address):\($0.port)" } ?? "",
      certificate: instance.certificateAuthority ?? "",
      certificateUntil: instance.certificateEndsMs.map(Moment.init(ms:)),
      restorableTo: instance.latestRestorableTime
        .flatMap { try? Date($0, strategy: .iso8601) }
        .map { Moment(ms: Int64($0.timeIntervalSince1970) * 1_000) })
  }
}

extension SnapshotSummary {
  init(_ snapshot: RDS.Snapshot) {
    self.init(
      id: snapshot.id, kind: snapshot.type, status: snapshot.status,
      madeAt: snapshot.createdMs.map(Moment.init(ms:)), isEncrypted: snapshot.encrypted,
      engineVersion: snapshot.engineVersion, storageGiB: Int64(snapshot.allocatedStorageGiB),
      percent: Int64(snapshot.percentDone))
  }
}
