import Foundation
import GRDB

/// The schema as numbered SQL files, each applied once and in order. Add at the end.
enum Schema {
  static let migrations: [(name: String, sql: [UInt8])] = [
    ("0001-people", PackageResources._001_people_sql),
    ("0002-resources", PackageResources._002_resources_sql),
    ("0003-guarded-changes", PackageResources._003_guarded_changes_sql),
    ("0004-audit", PackageResources._004_audit_sql),
    ("0005-checkpoints", PackageResources._005_checkpoints_sql),
    ("0006-review", PackageResources._006_review_sql),
    ("0007-privacy", PackageResources._007_privacy_sql),
    ("0008-safety", PackageResources._008_safety_sql),
    ("0009-estate", PackageResources._009_estate_sql),
    ("0010-backups", PackageResources._010_backups_sql),
    ("0011-costs", PackageResources._011_costs_sql),
    ("0012-themes", PackageResources._012_themes_sql),
    ("0013-runs", PackageResources._013_runs_sql),
    ("0014-trail", PackageResources._014_trail_sql),
    ("0015-rollouts", PackageResources._015_rollouts_sql),
    ("0016-asked", PackageResources._016_asked_sql),
    ("0017-todos", PackageResources._017_todos_sql),
    ("0018-notifications", PackageResources._018_notifications_sql),
    ("0019-mail", PackageResources._019_mail_sql),
    ("0020-members", PackageResources._020_members_sql),
    ("0021-alarms", PackageResources._021_alarms_sql),
    ("0022-lean-log", PackageResources._022_lean_log_sql),
    ("0023-lifecycle", PackageResources._023_lifecycle_sql),
    ("0024-factors", PackageResources._024_factors_sql),
    ("0026-calendars", PackageResources._026_calendars_sql),
    ("0027-passkeys", PackageResources._027_passkeys_sql),
    ("0028-openid", PackageResources._028_openid_sql),
    ("0029-renewed-sessions", PackageResources._029_renewed_sessions_sql),
    ("0030-search", PackageResources._030_search_sql),
    ("0031-views", PackageResources._031_views_sql),
    ("0032-choices", PackageResources._032_choices_sql),
    ("0033-strips", PackageResources._033_strips_sql),
    ("0034-own-backups", PackageResources._034_own_backups_sql),
    ("0035-log-of-itself", PackageResources._035_log_of_itself_sql),
    ("0036-restore-drills", PackageResources._036_restore_drills_sql),
    ("0037-entry-stream", PackageResources._037_entry_stream_sql),
  ]

  /// Applies what is missing, after a rehearsal, while no other process's portal works on it.
  /// - Parameter lock: the folder's lock where the caller holds it; nil takes it meanwhile.
  /// - Throws: `StorageProblem` when the file was written by a newer version, a portal works on
  ///   it, or the rehearsal failed.
  static func migrate(_ pool: DatabasePool, path: String, holding lock: FolderLock?) throws {
    guard try pool.read(migrator.hasBeenSuperseded) == false else {
      throw StorageProblem(
        "The database was written by a version of Caretaker that this one does not know. Run that "
          + "version, or restore a backup made by this one.")
    }
    guard try !pool.read(migrator.hasCompletedMigrations) else { return }
    let own = try lock == nil ? lockForUpgrade((path as NSString).deletingLastPathComponent) : nil
    defer { own?.release() }
    try Upgrade(migrator: migrator, pool: pool, path: path).rehearse()
    try migrator.migrate(pool)
  }

  private static func lockForUpgrade(_ folder: String) throws -> FolderLock {
    do { return try FolderLock(folder) } catch let problem as StorageProblem {
      throw StorageProblem(
        "This version has to bring the database up to date first. \(problem) Nothing was changed.")
    }
  }

  /// The newest migration that a database has; nil for one that has none.
  static func newest(in db: Database) throws -> String? {
    guard try db.tableExists("grdb_migrations") else { return nil }
    return try String.fetchOne(db, sql: "SELECT max(identifier) FROM grdb_migrations")
  }

  private static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    for migration in migrations {
      migrator.registerMigration(migration.name) { db in
        try db.execute(sql: String(decoding: migration.sql, as: UTF8.self))
        if migration.name == "0022-lean-log" { try AuditFacets.addMissing(in: db) }
      }
    }
    return migrator
  }
}
