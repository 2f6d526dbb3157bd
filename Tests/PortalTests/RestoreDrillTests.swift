import Cryptography
import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// Backups that are brought back to see that they can be, and those that are made by hand.
@Suite struct RestoreDrillTests {
  private func backups(_ stage: Stage) -> OwnBackups {
    OwnBackups(stage.portal.configuration, outside: stage.portal.outside)
  }

  private func names(_ stage: Stage) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: stage.folder).sorted()
  }

  private func openTodos(_ stage: Stage) throws -> [Todo] {
    try stage.portal.storage.readNow { try TodoStore.open(in: $0) }
  }

  private func follow(_ stage: Stage) throws {
    try stage.portal.storage.writeNow { [now = stage.clock.now] in
      try TodoStore.followDrills(at: now, in: $0)
    }
  }

  @Test func `a drill proves a backup, leaves nothing, and is in the log and the list`()
    async throws
  {
    let stage = try Stage()
    let place = stage.folder + "-backups"
    defer { try? FileManager.default.removeItem(atPath: place) }
    try follow(stage)
    #expect(try openTodos(stage).map(\.title) == ["Restore drill"])
    let made = try await backups(stage).make(to: place, keyFile: nil)
    let before = try names(stage)
    let sentences = try await backups(stage).drill(made.place, keyFile: nil, anchors: nil)
    #expect(sentences[0].hasPrefix("The drill worked"))
    #expect(try names(stage) == before)
    #expect(try stage.auditTypes().suffix(2) == ["backup.drilled", "todo.closed"])
    #expect(try openTodos(stage).isEmpty)
    let browser = try await stage.browser(as: "operator")
    let page = await browser.get("/backups").text
    #expect(page.contains("A restore drill worked just now.") && page.contains(made.place))
    #expect(await browser.get("/audit").text.contains("in a drill, which worked"))
    await stage.portal.signLog()
    #expect(try Verifiers.verdict(on: stage.database).exitCode == 2)

    // Another is due after 90 days, in the same place.
    stage.clock.advance(ms: 90 * Span.day)
    try follow(stage)
    #expect(try openTodos(stage).isEmpty)
    stage.clock.advance(ms: 1)
    try follow(stage)
    #expect(try openTodos(stage).map(\.timesReopened) == [1])
    try await stage.end()
  }

  @Test func `a backup that does not come back fails its drill, and what is left to do stays`()
    async throws
  {
    let stage = try Stage()
    let place = stage.folder + "-backups"
    defer { try? FileManager.default.removeItem(atPath: place) }
    let made = try await backups(stage).make(to: place, keyFile: nil)
    var bytes = [UInt8](try #require(FileManager.default.contents(atPath: made.place)))
    bytes[bytes.count / 2] ^= 1
    try Data(bytes).write(to: URL(fileURLWithPath: made.place))
    let before = try names(stage)
    await #expect(throws: (any Error).self) {
      try await backups(stage).drill(made.place, keyFile: nil, anchors: nil)
    }
    #expect(try names(stage) == before)
    #expect(try stage.auditTypes().suffix(2) == ["backup.drilled", "todo.opened"])
    let todo = try #require(try openTodos(stage).first)
    let browser = try await stage.browser(as: "operator")
    let page = await browser.get("/todos/\(todo.number)").text
    #expect(page.contains("The restore drill just now failed."))
    #expect(page.contains("caretaker restore <span class=\"whole\">--drill</span> BACKUP,"))
    let answer = await browser.post("/todos/\(todo.number)/end", ["note": "was fine"])
    #expect(answer.status == .unprocessableContent && answer.text.contains("It is still open."))
    #expect(await browser.get("/backups").text.contains("Failed"))
    try await stage.end()
  }

  @Test func `a file that is not there is no drill`() async throws {
    let stage = try Stage()
    let before = try stage.auditTypes()
    await #expect(throws: OwnBackupProblem.self) {
      try await backups(stage).drill("/tmp/no-such-backup", keyFile: nil, anchors: nil)
    }
    #expect(try stage.auditTypes() == before)
    try await stage.end()
  }

  @Test func `a backup made by hand is listed, and the clock makes its own all the same`()
    async throws
  {
    let place = NSTemporaryDirectory() + "caretaker-hand-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: place) }
    let settings = try Samples.backup("to: \(place)/clock")
    let stage = try Stage(backup: settings)
    let made = try await backups(stage).make(to: place + "/hand", keyFile: nil)
    #expect(try backups(stage).note(made))
    let browser = try await stage.browser(as: "operator")
    let page = await browser.get("/backups").text
    #expect(page.contains(made.place) && page.contains("by hand,"))
    #expect(page.contains("The last backup was made just now."))
    try await stage.portal.backUpWhenDue(settings)
    #expect(try FileManager.default.contentsOfDirectory(atPath: place + "/clock").count == 1)
    try await stage.end()
  }

  @Test func `a database of another version is not written to`() async throws {
    let stage = try Stage()
    try stage.portal.storage.writeNow { db in
      try db.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('9999-later')")
    }
    let made = OwnBackups.Made(place: "/x", bytes: 1, entries: 1)
    #expect(try !backups(stage).note(made))
    try await stage.end()
  }
}

/// Themes that come and go while a backup is made.
@Suite struct HeldThemeTests {
  private func remove(_ theme: String, from stage: Stage) throws {
    try stage.portal.storage.writeNow { [now = stage.clock.now] db in
      try db.execute(
        sql: "UPDATE themes SET removed_at = ? WHERE sha256 = ?", arguments: [now.ms, theme])
    }
    try ThemeFolder(dataFolder: stage.folder).remove(theme)
  }

  @Test func `a theme that goes between the copy and its archive is left out by another copy`()
    async throws
  {
    let stage = try Stage()
    let themes = ["aa", "bb"].map { String(repeating: $0, count: 32) }
    for theme in themes { try stage.addTheme(theme, holding: Data("theme \(theme)".utf8)) }
    let folder = ThemeFolder(dataFolder: stage.folder)
    let held = HeldThemes(of: folder, in: stage.folder + "/held")
    var told: [String?] = []
    let contents = try held.hold { gone in
      told.append(gone)
      let copy = stage.folder + "/copy-\(told.count).sqlite"
      try DatabaseCopy.make(of: stage.database, at: copy, telling: .unwatched)
      if told.count == 1 { try remove(themes[1], from: stage) }
      return try DatabaseCopy.contents(copy)
    }
    #expect(told == [nil, themes[1]])
    #expect(contents.themes == [themes[0]])
    // What is held stays, whatever becomes of the library.
    try remove(themes[0], from: stage)
    #expect(FileManager.default.fileExists(atPath: held.place(of: themes[0])))
    held.letGo()
    #expect(!FileManager.default.fileExists(atPath: stage.folder + "/held"))
    try await stage.end()
  }

  @Test func `an archive that is missing although nobody took it out fails the backup`()
    async throws
  {
    let stage = try Stage()
    let theme = String(repeating: "cc", count: 32)
    try stage.addTheme(theme, holding: Data("theme \(theme)".utf8))
    try ThemeFolder(dataFolder: stage.folder).remove(theme)
    let place = stage.folder + "-backups"
    defer { try? FileManager.default.removeItem(atPath: place) }
    let maker = BackupMaker(dataFolder: stage.folder, key: nil, outside: stage.portal.outside)
    let problem = #expect(throws: OwnBackupProblem.self) { try maker.make(in: place) }
    #expect(problem?.description.contains("\(theme).zip is missing") == true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: place).isEmpty)
    try await stage.end()
  }
}
