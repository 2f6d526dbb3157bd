import Foundation
import GRDB
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// A data folder whose database is gone, empty, damaged or held.
@Suite struct LostDatabaseTests {
  private func closed() async throws -> (stage: Stage, database: String) {
    let stage = try Stage()
    try await stage.portal.close()
    return (stage, stage.database)
  }

  /// What each way to open the folder says, which changes nothing.
  private func refusals(of stage: Stage) throws -> [String] {
    let before = try stage.files()
    let refusals = [
      #expect(throws: StorageProblem.self) { try Stage(folder: stage.folder) },
      #expect(throws: StorageProblem.self) { try stage.accounts() },
    ]
    let after = try stage.files().filter { !["lock", "ballast"].contains($0.key) }
    #expect(after == before.filter { !["lock", "ballast"].contains($0.key) })
    return refusals.compactMap { $0?.description }
  }

  @Test(arguments: [true, false])
  func `a key without its database is a loss and no new portal`(isEmpty: Bool) async throws {
    let (stage, database) = try await closed()
    try FileManager.default.removeItem(atPath: database)
    if isEmpty { _ = FileManager.default.createFile(atPath: database, contents: nil) }
    for refusal in try refusals(of: stage) {
      #expect(refusal.contains(isEmpty ? "is empty" : "is not there"))
      #expect(refusal.contains("Restore the last backup"))
    }
    try? FileManager.default.removeItem(atPath: stage.folder)
  }

  @Test func `no export makes a database of an empty file`() throws {
    let path = NSTemporaryDirectory() + "caretaker-empty-\(UUID().uuidString).sqlite"
    #expect(FileManager.default.createFile(atPath: path, contents: nil))
    #expect(throws: StorageProblem.self) {
      try AuditExport(database: path, from: 1, to: nil, nowMs: 0)
    }
    #expect(try FileReading.digest(of: path).bytes == 0)
    try? FileManager.default.removeItem(atPath: path)
  }

  @Test func `a damaged database is left as it is`() async throws {
    let (stage, database) = try await closed()
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: database))
    try file.write(contentsOf: Data(repeating: 0x78, count: 100))
    try file.close()
    for refusal in try refusals(of: stage) { #expect(refusal.contains("is damaged")) }
    try? FileManager.default.removeItem(atPath: stage.folder)
  }

  @Test func `the way back names the newest backup and its key`() async throws {
    let folder = NSTemporaryDirectory() + "caretaker-way-back-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for name in ["caretaker-20261128T060000Z.zip", "caretaker-20261129T060000Z.zip", "zzz"] {
      _ = FileManager.default.createFile(atPath: "\(folder)/\(name)", contents: nil)
    }
    var configuration = Samples.configuration(folder: "/data", endpoint: "http://127.0.0.1:1")
    #expect(configuration.wayBack.contains("Restore the last backup; operations.md"))
    configuration.backup = try Samples.backup("to: \(folder)")
    let words = "caretaker restore \(folder)/caretaker-20261129T060000Z.zip --data /data-new;"
    #expect(configuration.wayBack.contains(words))
    try? FileManager.default.removeItem(atPath: folder)
  }

  @Test func `a database that somebody else holds is told with when to try again`() {
    let failure = Failure(DatabaseError(resultCode: .SQLITE_BUSY))
    #expect(failure.status == .serviceUnavailable)
    #expect(failure.retryAfterSeconds == 5)
    #expect(failure.sentence.contains("Another program holds the database"))
    #expect(Failure(DatabaseError(resultCode: .SQLITE_CORRUPT)).title == "The database is damaged")
  }
}
