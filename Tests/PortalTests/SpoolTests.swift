import Foundation
import Testing

@testable import Portal

@Suite struct SpoolTests {
  private let folder = NSTemporaryDirectory() + "caretaker-spool-\(UUID().uuidString)"
  private let outcome = SpooledOutcome(
    change: 12, boot: "b", step: 2, outcome: "done", detail: "“done”, said\nAWS",
    at: 1_795_348_800_000)

  init() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  @Test func `an outcome is kept in every file that takes it, and read back once`() throws {
    let paths = [folder + "/a", folder + "/b", "/dev/full", "/no/such/folder/spool"]
    let spool = Spool(paths)
    #expect(!spool.isWaiting)
    spool.keep(outcome)
    #expect(spool.isWaiting)
    #expect(Spool(paths).leftovers() == [outcome])
    #expect(Spool([folder + "/b"]).leftovers() == [outcome])
    spool.settle(outcome)
    #expect(!spool.isWaiting)
    #expect(Spool(paths).leftovers().isEmpty)
    #expect(FileManager.default.fileExists(atPath: "/dev/full"))
    try FileManager.default.removeItem(atPath: folder)
  }

  @Test func `files stay while one of two outcomes waits`() throws {
    let other = SpooledOutcome(change: 13, boot: "b", step: 1, outcome: "failed", detail: "", at: 0)
    let spool = Spool([folder + "/a"])
    spool.keep(outcome)
    spool.keep(other)
    spool.settle(outcome)
    #expect(spool.isWaiting)
    #expect(spool.leftovers() == [outcome, other])
    try FileManager.default.removeItem(atPath: folder)
  }

  @Test func `a line cut short does not spoil the next`() throws {
    try Data("{\"at\":1,\"chan".utf8).write(to: URL(fileURLWithPath: folder + "/a"))
    let spool = Spool([folder + "/a"])
    spool.keep(outcome)
    #expect(spool.leftovers() == [nil, outcome])
    try FileManager.default.removeItem(atPath: folder)
  }
}
