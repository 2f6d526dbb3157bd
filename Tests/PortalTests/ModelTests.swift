import ChangeModel
import Foundation
import Testing

@testable import Portal

/// The random sequences of `ChangeModel` on the stores and a real file.
@Suite struct ModelTests {
  /// How many sequences, unless `CARETAKER_STORE_SEQUENCES` says otherwise.
  private static let sequences = 300

  /// A file system in memory where there is one: what a power cut does is not played here, and
  /// waiting for a disk is most of the time it takes.
  private static let base =
    FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm/" : NSTemporaryDirectory()

  @Test
  func
    `the stores agree with the oracle, and the log shows a run nobody agreed to, and no other`()
    throws
  {
    let environment = ProcessInfo.processInfo.environment
    let count = environment["CARETAKER_STORE_SEQUENCES"].flatMap(Int.init) ?? Self.sequences
    let seed =
      environment["CARETAKER_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 0..<1 << 53)
    let folder = Self.base + "caretaker-model-\(UUID().uuidString)"
    let template = folder + "/template"
    try StoreSystem.makeTemplate(in: template)
    defer { try? FileManager.default.removeItem(atPath: folder) }

    var bypassed = 0
    let tally = try Trial(seed: seed).run(0..<count) {
      let own = folder + "/\(UUID().uuidString)"
      try FileManager.default.copyItem(atPath: template, toPath: own)
      return try StoreSystem(folder: own)
    } atEnd: { system in
      defer { try? system.end() }
      if let broken = try system.brokenRule() { return "the log says that \(broken)" }
      // The guards of the stores and the schema do not count votes: the rules do. What goes round
      // them must stand in the log for whoever verifies it.
      let runs = try system.runBehindTheRules()
      bypassed += runs
      if runs > 0, try system.brokenRule() == nil { return "an unapproved run is not found" }
      return nil
    }
    FileHandle.standardOutput.write(
      Data(tally.report("store", seed: seed, wanted: count).utf8))
    for failure in tally.failures { Issue.record("\(failure)") }
    #expect(tally.unapprovedRuns == 0)
    #expect(tally.sequences == count)
    #expect(tally.runs > count / 20 && bypassed > count / 20)
  }
}
