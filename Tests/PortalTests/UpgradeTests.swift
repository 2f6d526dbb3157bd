import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// Databases of every release, opened by this one; and what happens when that fails.
@Suite struct UpgradeTests {
  private static let golden = Stage.root + "/Tests/PortalTests/Golden"
  private static let releases =
    ((try? FileManager.default.contentsOfDirectory(atPath: golden)) ?? []).sorted()

  private func restored(_ release: String) throws -> (folder: String, takenAt: Moment) {
    let folder = NSTemporaryDirectory() + "caretaker-upgrade-\(UUID().uuidString)"
    let restored = try BackupRestorer(key: nil, anchors: nil)
      .restore("\(Self.golden)/\(release)", into: folder)
    return (folder, Moment(ms: restored.list.takenAtMs))
  }

  @Test func `there is a golden database`() { #expect(!Self.releases.isEmpty) }

  @Test(arguments: releases)
  func `a database of an earlier release is brought up to date and its pages are read`(
    release: String
  ) async throws {
    let (folder, takenAt) = try restored(release)
    let configuration = Samples.configuration(folder: folder, endpoint: "http://127.0.0.1:1")
    let world = World(sites: configuration.sites, environment: [:])
    // The keys of a golden database are nobody's any more.
    _ = try AuditKey.rotate(configuration, world: world, isLost: true)
    world.close()
    let stage = try Stage(
      folder: folder, clock: TestClock(at: takenAt.adding(ms: Span.hour)))
    let applied = try stage.portal.storage.readNow {
      try String.fetchAll($0, sql: "SELECT identifier FROM grdb_migrations ORDER BY identifier")
    }
    #expect(applied == Schema.migrations.map(\.name))
    let verdict = try AuditVerifier().verify(folder + "/caretaker.sqlite")
    guard case .sound = verdict else {
      Issue.record("\(verdict.sentence)")
      return
    }
    let ana = try await stage.browser(as: "ana")
    for path in ["/", "/resources", "/changes", "/changes/1", "/changes/2", "/audit", "/backups"] {
      #expect(await ana.get(path).status == .ok, "\(path)")
    }
    #expect(await ana.get("/changes/2").text.contains("Approved"))
    try await stage.end()
  }

  @Test func `an upgrade that fails leaves the file as it was, and says so`() async throws {
    let stage = try Stage()
    try await stage.portal.close()
    let path = stage.database
    let before = try FileReading.digest(of: path).sha256
    for sql in ["SELECT nonsense", "UPDATE log SET id = 'other'"] {
      let pool = try DatabasePool(path: path)
      var migrator = DatabaseMigrator()
      for migration in Schema.migrations { migrator.registerMigration(migration.name) { _ in } }
      migrator.registerMigration("9999-wrong") { try $0.execute(sql: sql) }
      let problem = #expect(throws: StorageProblem.self) {
        try Upgrade(migrator: migrator, pool: pool, path: path).rehearse()
      }
      #expect(problem?.description.contains("9999-wrong failed") == true)
      #expect(problem?.description.contains("The database was not touched.") == true)
      try pool.close()
      #expect(try FileReading.digest(of: path).sha256 == before)
      let names = try FileManager.default.contentsOfDirectory(atPath: stage.folder)
      #expect(names.contains("before-9999-wrong.sqlite"))
      #expect(!names.contains { $0.contains("rehearsal") })
    }
    try? FileManager.default.removeItem(atPath: stage.folder)
  }

  @Test func `a newer command brings nothing up to date beneath a portal that works`()
    async throws
  {
    let stage = try Stage()
    try stage.portal.storage.writeNow { db in
      try db.execute(sql: "DELETE FROM grdb_migrations WHERE identifier = '0034-own-backups'")
      try db.execute(sql: "DROP TABLE own_backups")
    }
    #expect {
      try stage.accounts()
    } throws: { error in
      "\(error)".contains("Another Caretaker works on")
    }
    try await stage.portal.close()
    #expect(try stage.accounts().lines().count == 2 * Role.allCases.count)
    try? FileManager.default.removeItem(atPath: stage.folder)
  }

  @Test func `the room for an upgrade counts what stands in the write-ahead log`() async throws {
    let stage = try Stage()
    let path = stage.database
    let sizes = try ["", "-wal"].map { try FileReading.digest(of: path + $0).bytes }
    #expect(sizes[1] > 0)
    #expect(Upgrade.room(for: path) == Int64(3 * (sizes[0] + sizes[1])))
    try await stage.end()
  }

  @Test func `what an upgrade kept goes when somebody is erased`() async throws {
    let stage = try Stage()
    let kept = stage.folder + "/before-0001-people.sqlite"
    try Data("old".utf8).write(to: URL(fileURLWithPath: kept))
    try stage.portal.storage.rewriteNow()
    #expect(!FileManager.default.fileExists(atPath: kept))
    try await stage.end()
  }
}
