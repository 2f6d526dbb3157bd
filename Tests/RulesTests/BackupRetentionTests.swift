import Rules
import Testing

/// Which backups of the portal itself are kept, and how well it is backed up.
@Suite struct BackupRetentionTests {
  private let now = Moment(ms: 100 * Span.day)

  private func taken(_ daysAgo: [Int64]) -> [Moment] {
    daysAgo.map { now.adding(ms: -$0 * Span.day) }
  }

  @Test func `what is older than its time goes, but never one of the newest`() {
    let retention = BackupRetention(keepMs: 30 * Span.day, least: 2)
    #expect(retention.superfluous(taken([1, 30, 31, 40]), at: now) == taken([31, 40]))
    #expect(retention.superfluous(taken([31, 40, 50]), at: now) == taken([50]))
    #expect(retention.superfluous([], at: now).isEmpty)
  }

  @Test func `the last backup is kept whatever is asked for`() {
    let retention = BackupRetention(keepMs: 0, least: 0)
    #expect(retention.superfluous(taken([90, 99]), at: now) == taken([99]))
  }

  @Test func `a backup is late after twice the time between two`() {
    func standing(_ ageMs: Int64?, problem: String? = nil) -> OwnBackupStanding {
      OwnBackupStanding(
        everyMs: Span.day, made: ageMs.map { now.adding(ms: -$0) }, problem: problem, at: now)
    }
    #expect(standing(2 * Span.day) == .fresh(ageMs: 2 * Span.day))
    #expect(standing(2 * Span.day + 1) == .late(ageMs: 2 * Span.day + 1))
    #expect(standing(nil) == .none)
    #expect(standing(1, problem: "No room.") == .failing(ageMs: 1, why: "No room."))
  }

  @Test func `backups that somebody makes by hand are held to a day`() {
    func standing(_ ageMs: Int64?) -> OwnBackupStanding {
      OwnBackupStanding(
        everyMs: nil, made: ageMs.map { now.adding(ms: -$0) }, problem: nil, at: now)
    }
    #expect(standing(nil) == .notSetUp)
    #expect(standing(Span.day) == .fresh(ageMs: Span.day))
    #expect(standing(3 * Span.day) == .late(ageMs: 3 * Span.day))
  }
}
