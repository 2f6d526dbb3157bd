import Rules
import Testing

@Suite struct StandingTests {
  private let gibibyte: Int64 = 1 << 30

  @Test func `less than 512 MiB or 5 percent is too little room`() {
    func standing(_ free: Int64, of total: Int64) -> StorageStanding {
      StorageStanding(freeBytes: free, totalBytes: total)
    }
    #expect(standing(512 << 20, of: 8 * gibibyte) == .healthy)
    #expect(standing((512 << 20) - 1, of: 8 * gibibyte) == .low(freeBytes: (512 << 20) - 1))
    #expect(standing(49 * gibibyte, of: 1_000 * gibibyte) == .low(freeBytes: 49 * gibibyte))
    #expect(standing(50 * gibibyte, of: 1_000 * gibibyte) == .healthy)
    #expect(standing(.max, of: .max) == .healthy)
  }

  @Test func `only a healthy file lets a run begin, and a refusal names the reason`() throws {
    #expect(StorageStanding.healthy.refusal == nil)
    let low = try #require(StorageStanding.low(freeBytes: 300 << 20).refusal)
    #expect(low.sentence.contains("only 300 MiB left"))
    #expect(
      StorageStanding.cannotWrite("The disk is full.").refusal?.sentence == "The disk is full.")
  }

  @Test(
    arguments: [
      (0, nil, ClockStanding.sound), (2_000, nil, .sound), (2_001, nil, .behind(ms: 2_001)),
      (-600_000, nil, .sound), (0, 30_000, .sound), (0, -30_001, .off(ms: -30_001)),
      (0, 120_000, .off(ms: 120_000)), (0, 120_001, .wrong(ms: 120_001)),
      (0, .min, .wrong(ms: .min)), (600_000, 600_000, .behind(ms: 600_000)),
    ] as [(Int64, Int64?, ClockStanding)])
  func `a clock is held against the log and against AWS`(
    floorAheadMs: Int64, behindMs: Int64?, expected: ClockStanding
  ) {
    let now = Moment(ms: 1_795_348_800_000)
    let standing = ClockStanding(
      now: now, floor: now.adding(ms: floorAheadMs), behindMs: behindMs)
    #expect(standing == expected)
  }

  @Test func `a clock that is off a little is said, one that is wrong is refused`() {
    #expect(ClockStanding.sound.problem == nil)
    #expect(ClockStanding.off(ms: 31_000).refusal == nil)
    #expect(ClockStanding.off(ms: 31_000).problem?.contains("31 seconds behind AWS's") == true)
    #expect(
      ClockStanding.wrong(ms: -600_000).refusal?.sentence.contains("600 seconds ahead") == true)
    #expect(ClockStanding.behind(ms: 60_000).refusal?.sentence.contains("latest entry") == true)
    #expect(ClockStanding.wrong(ms: .min).refusal != nil)
  }
}
