import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// The database can't be written: nothing is changed, everything can be looked at.
@Suite struct FullDiskTests {
  @Test func `on a full disk every act is refused by name, and once there is room it is done`()
    async throws
  {
    let stage = try Stage()
    let number = try await Proposals.propose(on: stage)
    let requester = try await stage.browser(as: "operator")
    let approver = try await stage.browser(as: "approver")
    let proposal = try Proposals.form(try Proposals.plan(), by: "operator", on: stage)
    let vote = ["digest": try stage.change(number).digest, "password": Stage.password, "note": "x"]
    try stage.fillDatabase()
    let acts: [(Browser, String, [String: String])] = [
      (requester, "/changes", proposal), (approver, "/changes/1/approval", vote),
      (approver, "/changes/1/rejection", vote), (requester, "/changes/1/withdrawal", [:]),
      (requester, "/session/end", [:]),
    ]
    for (browser, path, form) in acts {
      let response = await browser.post(path, form)
      #expect(response.status == .serviceUnavailable, "\(path)")
      #expect(response.text.contains("The disk is full."), "\(path)")
      #expect(response.text.contains("Nothing was changed."), "\(path)")
    }
    #expect(try stage.change(number).storedState == .pending)
    try stage.growDatabase()
    #expect(await approver.post("/changes/1/approval", vote).status == .seeOther)
    try await stage.end()
  }

  @Test func `on a full disk every page is still shown, and says so`() async throws {
    let stage = try Stage()
    _ = try await Proposals.propose(on: stage)
    let browser = try await stage.browser(as: "approver")
    try stage.fillDatabase()
    for path in ["/resources", "/scaling", "/changes", "/changes/1", "/audit"] {
      let response = await browser.get(path)
      #expect(response.status == .ok, "\(path)")
      #expect(response.text.contains("The disk is full."), "\(path)")
    }
    try stage.growDatabase()
    #expect(try await stage.portal.storageStanding().refusal == nil)
    #expect(await !browser.get("/resources").text.contains("The disk is full."))
    try await stage.end()
  }

  @Test func `a transaction that changes nothing does not show that one could be written`()
    async throws
  {
    let stage = try Stage()
    try stage.fillDatabase()
    try await stage.portal.storage.write { try $0.execute(sql: "DELETE FROM log WHERE only = 2") }
    let space = Space(freeBytes: 1 << 40, totalBytes: 1 << 40)
    #expect(stage.portal.storage.lastStanding(in: space).problem?.contains("is full") == true)
    try stage.growDatabase()
    try await stage.end()
  }

  @Test func `after a failed write a page is really written before anything guarded begins`()
    async throws
  {
    let stage = try Stage()
    let journal = stage.folder + "/caretaker.sqlite-wal"
    let bytes = { try FileManager.default.attributesOfItem(atPath: journal)[.size] as? Int }
    try stage.fillDatabase()
    let before = try #require(try bytes())
    #expect(try await stage.portal.storageStanding().refusal == nil)
    #expect(try #require(try bytes()) > before)
    try await stage.end()
  }

  @Test func `nobody can sign in on a full disk, and the sign-in page says why`() async throws {
    let stage = try Stage()
    try stage.fillDatabase()
    let form = ["login": "viewer", "password": Stage.password]
    let response = await Browser(stage.portal).post("/session", form)
    #expect(response.status == .serviceUnavailable)
    #expect(response.text.contains("Nobody can sign in now. The disk is full."))
    #expect(response.text.contains("name=\"password\""))
    try stage.growDatabase()
    #expect(await Browser(stage.portal).post("/session", form).status == .seeOther)
    try await stage.end()
  }

  @Test(arguments: [
    (ResultCode.SQLITE_FULL, "is full"), (.SQLITE_READONLY, "read-only"),
    (.SQLITE_IOERR, "can't be written"), (.SQLITE_CANTOPEN, "can't be used"),
  ])
  func `each way of not being writable has its own sentence`(code: ResultCode, words: String) {
    let failure = Failure(DatabaseError(resultCode: code))
    #expect(failure.status == .serviceUnavailable)
    #expect(failure.sentence.contains(words))
    #expect(DatabaseError(resultCode: .SQLITE_CONSTRAINT).unwritable == nil)
  }

  @Test func `a file that can only be read is found out, and its pages are shown`() async throws {
    let stage = try Stage()
    let browser = try await stage.browser(as: "viewer")
    let storage = stage.portal.storage
    // SQLite's own refusal, on the one connection that writes.
    try storage.writeNow { try $0.execute(sql: "PRAGMA query_only = 1") }
    await #expect(throws: DatabaseError.self) {
      try await storage.write { try Retention.sweep(at: stage.clock.now, in: $0) }
    }
    let standing = try await stage.portal.storageStanding()
    #expect(standing.problem?.contains("read-only") == true)
    // Time enough for the session to be noted as in use, which can't be written either.
    stage.clock.advance(ms: 2 * SessionStore.seenGranularityMs)
    let page = await browser.get("/changes")
    #expect(page.status == .ok)
    #expect(page.text.contains("The data folder is read-only."))
    try await stage.end()
  }

  @Test func `the ballast is made at the start, and again when there is room`() async throws {
    let stage = try Stage()
    let ballast = Ballast(path: stage.folder + "/ballast", bytes: 64 << 10)
    #expect(ballast.isThere)
    let allocated = try #require(
      try FileManager.default.attributesOfItem(atPath: ballast.path)[.size] as? Int)
    #expect(allocated == 64 << 10)
    ballast.free()
    stage.disk.leave(freeBytes: 1)
    try await stage.portal.storage.restoreBallast(in: stage.disk.space)
    #expect(!ballast.isThere)
    stage.disk.leave(freeBytes: 1 << 40)
    try await stage.portal.storage.restoreBallast(in: stage.disk.space)
    #expect(ballast.isThere)
    try await stage.end()
  }

  @Test func `a ballast that finds no room leaves nothing behind`() {
    let path = NSTemporaryDirectory() + "caretaker-ballast-\(UUID().uuidString)"
    let ballast = Ballast(path: path, bytes: 1 << 60)
    #expect(!ballast.make())
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func `the kernel is asked for the room of a folder`() throws {
    let space = try #require(Space(of: NSTemporaryDirectory()))
    #expect(space.totalBytes > 0)
    #expect((0...space.totalBytes).contains(space.freeBytes))
    #expect(Space(of: "/no/such/folder") == nil)
  }
}
