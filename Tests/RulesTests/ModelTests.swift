import ChangeModel
import Foundation
import Testing

@Suite struct ModelTests {
  /// How many sequences, unless `CARETAKER_SEQUENCES` says otherwise.
  static let sequences = 50_000

  @Test
  func `the rules agree with the oracle on every random sequence, and nothing runs unapproved`()
    async throws
  {
    let environment = ProcessInfo.processInfo.environment
    let count = environment["CARETAKER_SEQUENCES"].flatMap(Int.init) ?? Self.sequences
    let seed =
      environment["CARETAKER_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 0..<1 << 53)
    let shares = ProcessInfo.processInfo.activeProcessorCount
    let tally = try await withThrowingTaskGroup(of: Trial.Tally.self) { group in
      for share in 0..<shares {
        let numbers = count * share / shares..<count * (share + 1) / shares
        group.addTask { try Trial(seed: seed).run(numbers, on: RulesSystem.init) }
      }
      return try await group.reduce(into: Trial.Tally()) { $0.add($1) }
    }
    FileHandle.standardOutput.write(
      Data(tally.report("rules", seed: seed, wanted: count).utf8))
    for failure in tally.failures { Issue.record("\(failure)") }
    #expect(tally.unapprovedRuns == 0)
    #expect(tally.sequences == count)
    // A generator that never gets as far as a run would agree with anything.
    #expect(tally.runs > count / 20)
    #expect(tally.emergencyRuns > 0 && tally.resumptions > 0 && tally.findings > 0)
  }
}
