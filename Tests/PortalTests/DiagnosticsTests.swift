import Cryptography
import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing
import Zip

@testable import Portal

/// What is handed to who mends Caretaker: enough to tell what is wrong, and nothing that is secret.
@Suite struct DiagnosticsTests {
  /// The files of an archive, by name.
  private func files(_ archive: [UInt8]) throws -> [String: String] {
    let path = NSTemporaryDirectory() + "caretaker-diagnostics-\(UUID().uuidString).zip"
    try Data(archive).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let zip = try ZipArchive(path: path)
    return try Dictionary(
      uniqueKeysWithValues: zip.entries.map {
        ($0.name, String(decoding: try zip.contents(of: $0, bytesMax: 1 << 24), as: UTF8.self))
      })
  }

  @Test func `an administrator takes them, and the log says so`() async throws {
    let stage = try Stage()
    _ = try await Proposals.propose(on: stage)
    let browser = try await stage.browser(as: "administrator")
    #expect(await browser.get("/setup/checks").text.contains("Download the diagnostics"))
    let answer = await browser.post("/setup/diagnostics")
    #expect(answer.status == .ok && answer.headers[.contentType] == "application/zip")
    let files = try files(answer.body)
    #expect(
      files.keys.sorted() == [
        "about.txt", "changes.txt", "checks.txt", "configuration.txt", "log.txt", "metrics.txt",
        "rows.txt", "schema.sql", "storage.txt",
      ])
    #expect(files["about.txt"]?.contains("Caretaker \(Portal.version)") == true)
    #expect(files["changes.txt"]?.hasPrefix("pending: 1") == true)
    #expect(files["rows.txt"]?.contains("\nchanges: 1\n") == true)
    #expect(files["schema.sql"]?.contains("CREATE TABLE changes") == true)
    #expect(files["checks.txt"]?.contains("Not set up: Backups") == true)
    #expect(files["storage.txt"]?.contains("caretaker.sqlite: ") == true)
    #expect(files["metrics.txt"]?.contains("caretaker_http_connections 0") == true)
    #expect(files["configuration.txt"]?.contains("run_role: not set") == true)
    #expect(try stage.auditTypes().last == "diagnostics.exported")
    try await stage.end()
  }

  @Test(arguments: ["viewer", "operator", "approver", "auditor"])
  func `nobody else does`(login: String) async throws {
    let stage = try Stage()
    let answer = await (try stage.browser(as: login)).post("/setup/diagnostics")
    #expect(answer.status == .forbidden)
    #expect(try !stage.auditTypes().contains("diagnostics.exported"))
    try await stage.end()
  }

  @Test func `where the log can't be written they are not handed out`() async throws {
    let stage = try Stage()
    let browser = try await stage.browser(as: "administrator")
    try stage.portal.storage.writeNow { db in
      try db.execute(
        sql: """
          CREATE TRIGGER no_more BEFORE INSERT ON audit BEGIN SELECT raise(ABORT, 'no'); END
          """)
    }
    let answer = await browser.post("/setup/diagnostics")
    #expect(answer.status == .internalServerError)
    #expect(answer.headers[.contentType]?.contains("zip") == false)
    try await stage.end()
  }

  @Test func `no secret of any shape and nobody's name is in any of their files`() async throws {
    let secrets = NSTemporaryDirectory() + "caretaker-secrets-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: secrets, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: secrets) }
    var notices = NoticePlaces(
      address: "https://caretaker.secretive.example", site: "Quiet Gazette")
    notices.mailFrom = "post@secretive.example"
    let stage = try Stage(notices: notices) { site in
      site.name = "Quiet Gazette"
      site.stack = "QuietStack"
      site.ghostURL = "https://quiet.secretive.example"
      site.repository = "quietpeople/gazette"
      site.githubTokenFile = secrets + "/github"
    }
    let token = "ghp_" + String(repeating: "Zq7", count: 12)
    try Data(token.utf8).write(to: URL(fileURLWithPath: secrets + "/github"))
    var forbidden = [token, "Quiet", "quietpeople", "secretive", Stage.password]
    forbidden += try await stage.fillWithSecrets()
    for canary in Canary.all {
      stage.portal.recentLog.add("2026 error id=1 \(canary.text)\n")
      forbidden.append(canary.core)
    }
    let person = try stage.person("viewer")
    stage.portal.recentLog.add("2026 error id=1 Zdenka Quillfeather did it, zdenka@post.example\n")
    forbidden += ["Zdenka", "Quillfeather", "zdenka@post.example", "kept@post.example"]
    try stage.portal.storage.writeNow { db in
      try db.execute(
        sql: "UPDATE people SET name = 'Zdenka Quillfeather' WHERE id = ?", arguments: [person.id])
    }
    let browser = try await stage.browser(as: "administrator")
    forbidden += [String(browser.cookie.drop { $0 != "=" }.dropFirst()), browser.formToken]
    let answer = await browser.post("/setup/diagnostics")
    let files = try files(answer.body)
    #expect(files.count == 9 && (files["log.txt"]?.count ?? 0) > 1_000)
    for (name, text) in files {
      for secret in forbidden where text.contains(secret) { Issue.record("\(name): \(secret)") }
    }
    try await stage.end()
  }

  @Test func `the command writes them to a new file, also where there is no database`()
    async throws
  {
    let stage = try Stage()
    let path = stage.folder + "-diagnostics.zip"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let diagnostics = Diagnostics(
      configuration: stage.portal.configuration, outside: stage.portal.outside)
    #expect(try await diagnostics.write(to: path) == nil)
    #expect(try stage.auditTypes().last == "diagnostics.exported")
    let bytes = [UInt8](try #require(FileManager.default.contents(atPath: path)))
    #expect(try files(bytes)["log.txt"]?.contains("The running portal alone knows") == true)
    await #expect(throws: OwnBackupProblem.self) { _ = try await diagnostics.write(to: path) }
    try await stage.end()
    try FileManager.default.removeItem(atPath: path)
    #expect(try await diagnostics.write(to: path) == "There is no database of this version.")
  }

  @Test func `the last lines of the log are kept, and no more`() {
    let log = RecentLog()
    for number in 0..<(RecentLog.linesMax + 5) { log.add("\(number)") }
    #expect(log.lines.count == RecentLog.linesMax)
    #expect(log.lines.first == "5" && log.lines.last == "\(RecentLog.linesMax + 4)")
    log.add(String(repeating: "x", count: 2 * RecentLog.lengthMax))
    #expect(log.lines.last?.count == RecentLog.lengthMax)
  }
}

extension Stage {
  /// Puts what the database may never hand on into it, and gives that: hashes, sealed secrets,
  /// addresses for mail, keys.
  fileprivate func fillWithSecrets() async throws -> [String] {
    let person = try person("operator").id
    try portal.storage.writeNow { [now = clock.now] db in
      try db.execute(
        sql: "INSERT INTO people_addresses (person_id, address) VALUES (?, 'kept@post.example')",
        arguments: [person])
      try FactorStore.insert(
        secret: Array("sealed-totp-secret-0123456789-0123456789-0123456".utf8), of: person,
        step: 1, at: now, in: db)
    }
    let hashes = try portal.storage.readNow {
      try String.fetchAll($0, sql: "SELECT password_hash FROM people")
    }
    let keys = ["audit.key", "factor.key"].compactMap {
      FileManager.default.contents(atPath: "\(folder)/\($0)")
    }.map { String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .newlines) }
    return hashes + keys + ["sealed-totp-secret", "kept@post.example"]
  }
}
