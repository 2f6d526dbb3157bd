import Rules
import Testing

/// Where a command may write, which asks for the lease and does not take it.
@Suite struct LeasedFolderTests {
  private static let here = LeasedFolder(isWorkedOn: true, isNewest: true)
  private static let atRest = LeasedFolder(isWorkedOn: false, isNewest: true)
  private static let behind = LeasedFolder(isWorkedOn: false, isNewest: false)
  private static let all = [here, atRest, behind]

  private func lease(isReleased: Bool = false, isOpen: Bool = false, last: String? = "one")
    -> LeaseRecord
  {
    LeaseRecord(
      holder: "a", host: "two", process: 12, number: 7, waitMs: LeaseTimes.usual.waitMs,
      isOpen: isOpen, isReleased: isReleased, last: last.map { .init(holder: "b", host: $0) })
  }

  @Test func `a lease that is held lets commands write beside its portal alone`() throws {
    #expect(lease().problem(withWritingIn: Self.here) == nil)
    for folder in [Self.atRest, Self.behind] {
      let problem = try #require(lease().problem(withWritingIn: folder))
      #expect(problem.contains("held by process 12 on two"))
      #expect(problem.contains("Run this on two"))
    }
    // Also where the holder has only begun, and nobody has worked before it.
    #expect(lease(last: nil).problem(withWritingIn: Self.behind) != nil)
  }

  @Test func `a lease that was given back lets them write in the newest database alone`() throws {
    let free = lease(isReleased: true)
    #expect(free.problem(withWritingIn: Self.atRest) == nil)
    let problem = try #require(free.problem(withWritingIn: Self.behind))
    #expect(problem.contains("the portal on one last worked"))
  }

  @Test func `before anybody has worked they write anywhere`() {
    for folder in Self.all {
      #expect(lease(isOpen: true, last: nil).problem(withWritingIn: folder) == nil)
      #expect(lease(isReleased: true, last: nil).problem(withWritingIn: folder) == nil)
    }
  }

  @Test func `where it can't be read the sentence says why, and how to go on`() {
    let problem = LeaseRecord.problem(withUnreadable: "S3 says SlowDown.")
    #expect(problem.contains("can't be read: S3 says SlowDown."))
    #expect(problem.contains("nothing was changed"))
    #expect(problem.contains("--lease-unreachable"))
  }
}
