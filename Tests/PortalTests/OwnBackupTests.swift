import Cryptography
import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing
import Zip

@testable import Portal

/// Backups of the portal itself: made while it works, and brought back whole or not at all.
@Suite struct OwnBackupTests {
  private let key = SealingKey(Secret(bytes: Array(0..<32)))

  /// A folder that is removed after the work.
  private func withFolder(_ work: (String) async throws -> Void) async throws {
    let folder = NSTemporaryDirectory() + "caretaker-backup-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await work(folder)
  }

  private func maker(_ stage: Stage, key: SealingKey?) -> BackupMaker {
    BackupMaker(dataFolder: stage.folder, key: key, outside: stage.portal.outside)
  }

  @Test(arguments: [false, true])
  func `what was written before a backup is in the folder it is restored to`(
    isSealed: Bool
  ) async throws {
    let stage = try Stage()
    let key = isSealed ? key : nil
    try await withFolder { folder in
      let theme = String(repeating: "ab", count: 32)
      let archive = Data("a theme".utf8)
      try stage.addTheme(theme, holding: archive)
      let made = try maker(stage, key: key).make(in: folder)
      #expect(
        (made.path as NSString).lastPathComponent
          == OwnBackup.name(takenAt: stage.clock.now, isSealed: isSealed))
      let restored = try BackupRestorer(key: key, anchors: nil)
        .restore(made.path, into: folder + "/back")
      #expect(restored.list.entries == made.list.entries)
      for name in ["audit.key", "factor.key"] {
        try FileManager.default.copyItem(
          atPath: "\(stage.folder)/\(name)", toPath: "\(folder)/back/\(name)")
      }
      let again = try Stage(folder: folder + "/back", clock: stage.clock)
      #expect(try again.auditTypes().dropLast() == stage.auditTypes()[...])
      #expect(
        FileManager.default.contents(
          atPath: ThemeFolder(dataFolder: folder + "/back").place(of: theme)) == archive)
      let page = await (try again.browser(as: "operator")).get("/audit")
      #expect(page.status == .ok)
      try await again.end()
    }
    try await stage.end()
  }

  @Test func `a sealed backup that was changed or cut anywhere restores nothing`() async throws {
    let stage = try Stage()
    try await withFolder { folder in
      let path = try maker(stage, key: key).make(in: folder).path
      let whole = [UInt8](FileManager.default.contents(atPath: path) ?? Data())
      let places = [0, 30, 40, whole.count / 2, whole.count - 1]
      let wrong =
        places.map { place in
          var changed = whole
          changed[place] ^= 1
          return changed
        } + [Array(whole.dropLast()), Array(whole.prefix(whole.count / 2)), whole + [0]]
      for (index, bytes) in wrong.enumerated() {
        let file = folder + "/wrong-\(index)"
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        #expect(throws: (any Error).self, "wrong \(index)") {
          try BackupRestorer(key: key, anchors: nil).restore(file, into: folder + "/back")
        }
        #expect(!FileManager.default.fileExists(atPath: folder + "/back"))
      }
      #expect(throws: OwnBackupProblem.self) {
        try BackupRestorer(key: nil, anchors: nil).restore(path, into: folder + "/back")
      }
      // The seal is not opened where there is no room for what is in it.
      let other = SealingKey(Secret(bytes: Array(1..<33)))
      let problem = #expect(throws: OwnBackupProblem.self) {
        try BackupRestorer(key: other, anchors: nil, spareBytes: 1 << 60)
          .restore(path, into: folder + "/back")
      }
      #expect(problem?.description.hasPrefix("There is no room for it") == true)
    }
    try await stage.end()
  }

  @Test func `an archive with anything but what its list names restores nothing`() async throws {
    let stage = try Stage()
    try await withFolder { folder in
      let path = try maker(stage, key: nil).make(in: folder).path
      let archive = try ZipArchive(path: path)
      var files = try archive.entries.map {
        ($0.name, try archive.contents(of: $0, bytesMax: 1 << 26))
      }
      func restore(_ files: [(String, [UInt8])]) throws {
        let file = try NewFile(at: folder + "/made")
        let zip = ZipWriter(into: file.write)
        for (name, contents) in files { try zip.addFile(name, contents) }
        try zip.finish()
        _ = try BackupRestorer(key: nil, anchors: nil)
          .restore(file.path, into: folder + "/back")
      }
      #expect(throws: OwnBackupProblem.self) { try restore(files + [("audit.key", [1])]) }
      #expect(throws: OwnBackupProblem.self) { try restore(files.dropLast()) }
      #expect(throws: OwnBackupProblem.self) { try restore(Array(files.dropFirst())) }
      // The database is another than the one of the list.
      let index = try #require(files.firstIndex { $0.0 == OwnBackup.databaseName })
      files[index].1[100] ^= 1
      #expect(throws: OwnBackupProblem.self) { try restore(files) }
      #expect(!FileManager.default.fileExists(atPath: folder + "/back"))
    }
    try await stage.end()
  }

  @Test func `what names a file outside the folder is refused`() async throws {
    let stage = try Stage()
    try await withFolder { folder in
      let path = try maker(stage, key: nil).make(in: folder).path
      let archive = try ZipArchive(path: path)
      let list = try #require(archive.entries.first { $0.name == OwnBackup.listName })
      let text = String(
        decoding: try archive.contents(of: list, bytesMax: 1 << 20), as: UTF8.self)
      for name in ["../caretaker.sqlite", "/tmp/caretaker.sqlite", "themes/../audit.key"] {
        let changed = text.replacing("\"caretaker.sqlite\"", with: "\"\(name)\"")
          .replacing("\"caretaker.sqlite\"".replacing("/", with: "\\/"), with: "\"\(name)\"")
        let file = try NewFile(at: folder + "/slip")
        let zip = ZipWriter(into: file.write)
        try zip.addFile(OwnBackup.listName, Array(changed.utf8))
        try zip.finish()
        #expect(throws: OwnBackupProblem.self) {
          try BackupRestorer(key: nil, anchors: nil).restore(file.path, into: folder + "/back")
        }
      }
      #expect(!FileManager.default.fileExists(atPath: folder + "/back"))
    }
    try await stage.end()
  }

  @Test func `two backups at once are one, and the other is told to wait`() async throws {
    let stage = try Stage()
    try await withFolder { folder in
      let lock = try FolderLock(stage.folder, for: .backup)
      #expect(throws: StorageProblem.self) { try maker(stage, key: nil).make(in: folder) }
      lock.release()
      _ = try maker(stage, key: nil).make(in: folder)
    }
    try await stage.end()
  }

  @Test func `a new file neither takes the place of one that is there nor removes it`()
    async throws
  {
    try await withFolder { folder in
      let path = folder + "/there"
      try Data("kept".utf8).write(to: URL(fileURLWithPath: path))
      #expect(throws: OwnBackupProblem.self) { _ = try NewFile(at: path) }
      #expect(FileManager.default.contents(atPath: path) == Data("kept".utf8))
      let themes = ThemeFolder(dataFolder: folder)
      try themes.make()
      let draft = try themes.draft([1])
      #expect(throws: (any Error).self) { _ = try themes.draft([1]) }
      #expect(FileManager.default.fileExists(atPath: draft.path))
    }
  }

  @Test func `a bucket has a name, and what is fetched from one stands beside the new folder`() {
    #expect(BackupPlace("s3:///prefix") == nil && BackupPlace("s3://") == nil)
    #expect(BackupPlace("s3://kept/prefix/") == nil)
    #expect(BackupPlace("s3://kept/") == .bucket("kept", prefix: ""))
    #expect(BackupPlace("s3://kept/a/b") == .bucket("kept", prefix: "a/b"))
    #expect(OwnBackups.passing(beside: "/tmp/new") == "/tmp/new.fetched")
    #expect(OwnBackups.passing(beside: "/tmp/new/") == "/tmp/new.fetched")
  }

  @Test func `lengths in a list that are not those of the archive are refused`() async throws {
    let stage = try Stage()
    try await withFolder { folder in
      let path = try maker(stage, key: nil).make(in: folder).path
      let archive = try ZipArchive(path: path)
      let files = try archive.entries.map {
        ($0.name, try archive.contents(of: $0, bytesMax: 1 << 26))
      }
      var list = try JSONDecoder().decode(OwnBackup.self, from: Data(files[0].1))
      for bytes in [Int.max, -1] {
        list.files[0].bytes = bytes
        let file = try NewFile(at: folder + "/lengths-\(bytes)")
        let zip = ZipWriter(into: file.write)
        try zip.addFile(files[0].0, Array(try JSONEncoder().encode(list)))
        for (name, contents) in files.dropFirst() { try zip.addFile(name, contents) }
        try zip.finish()
        #expect(throws: OwnBackupProblem.self) {
          try BackupRestorer(key: nil, anchors: nil, spareBytes: 1)
            .restore(file.path, into: folder + "/back")
        }
      }
      #expect(!FileManager.default.fileExists(atPath: folder + "/back"))
    }
    try await stage.end()
  }

  @Test func `a folder that holds anything is left as it is`() async throws {
    let stage = try Stage()
    try await withFolder { folder in
      let path = try maker(stage, key: nil).make(in: folder).path
      #expect(throws: OwnBackupProblem.self) {
        try BackupRestorer(key: nil, anchors: nil).restore(path, into: folder)
      }
      #expect(FileManager.default.fileExists(atPath: path))
    }
    try await stage.end()
  }

  @Test func `a log that is not sound is no backup, and the folder keeps nothing`() async throws {
    let stage = try Stage()
    try await withFolder { folder in
      try stage.portal.storage.writeNow { db in
        try db.execute(sql: "DROP TRIGGER audit_immutable")
        try db.execute(sql: "UPDATE audit SET type = 'person.erased' WHERE seq = 2")
      }
      let problem = #expect(throws: OwnBackupProblem.self) {
        try maker(stage, key: nil).make(in: folder)
      }
      #expect(problem?.description.contains("audit verify") == true)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }
    try await stage.end()
  }

  @Test func `a backup by a clock that was ahead is followed by one, and not by one a minute`()
    async throws
  {
    try await withFolder { folder in
      let settings = try Samples.backup("to: \(folder)\nevery_hours: 24")
      let stage = try Stage(backup: settings)
      stage.clock.advance(ms: 365 * Span.day)
      try await stage.portal.backUpWhenDue(settings)
      stage.clock.advance(ms: -365 * Span.day)
      for _ in 0..<3 {
        try await stage.portal.backUpWhenDue(settings)
        stage.clock.advance(ms: Span.minute)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 2)
      stage.clock.advance(ms: 3 * Span.day)
      let page = await (try stage.browser(as: "operator")).get("/backups").text
      #expect(page.contains("which is too long ago."))
      try await stage.end()
    }
  }

  @Test func `the portal backs itself up by its clock and removes what is old`() async throws {
    try await withFolder { folder in
      var text = "to: \(folder)\nevery_hours: 24\nkeep_days: 2\nkeep_at_least: 1"
      let settings = try Samples.backup(text)
      let stage = try Stage(backup: settings)
      let portal = stage.portal
      func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      }
      let browser = try await stage.browser(as: "operator")
      #expect(await browser.get("/backups").text.contains("No backup was made yet."))
      try await portal.backUpWhenDue(settings)
      try await portal.backUpWhenDue(settings)
      #expect(try names().count == 1)
      #expect(await browser.get("/backups").text.contains("The last backup was made just now."))
      let first = try names()
      for _ in 0..<3 {
        stage.clock.advance(ms: Span.day)
        try await portal.backUpWhenDue(settings)
      }
      #expect(try names().count == 3)
      #expect(try !names().contains(first[0]))

      // Another place that can't be written: said, and tried again an hour later.
      text = "to: /dev/null/nowhere"
      let broken = try Samples.backup(text)
      stage.clock.advance(ms: Span.day)
      try await portal.backUpWhenDue(broken)
      let later = try await stage.browser(as: "operator")
      let words = await later.get("/backups").text
      #expect(words.contains("The last try failed."))
      #expect(words.contains("make the folder of backups /dev/null/nowhere: Not a directory."))
      try await portal.backUpWhenDue(settings)
      #expect(try names().count == 3)
      stage.clock.advance(ms: Portal.backupRetryMs)
      try await portal.backUpWhenDue(settings)
      // Those of the third day and of now: the others are older than two days.
      #expect(try names().count == 2)
      let last = try await stage.browser(as: "operator")
      #expect(await last.get("/backups").text.contains("The last backup was made just now."))
      try await stage.end()
    }
  }
}

extension Samples {
  /// What a configuration says of backups.
  static func backup(_ yaml: String) throws -> BackupSettings {
    let lines = yaml.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
    let text = """
      data: /tmp/nowhere
      sites:
        - {name: blog, stack: S, region: us-west-2, ghost_url: "https://b.example", repository: a/b}
      backup:
      \(lines)
      """
    let configuration = try Configuration.parse(text, name: "test", environment: [:])
    return try #require(configuration.backup)
  }
}
