import Rules
import Testing

/// One portal's view of the lease: what it may write, and how long it acts.
@Suite struct LeaseTests {
  private let times = LeaseTimes.usual

  private func lease(_ name: String, after predecessor: String? = nil) -> Lease {
    Lease(holder: name, host: name, process: 1, times: times, predecessor: predecessor)
  }

  /// A lease that was taken at a moment, where there was none.
  private func held(at nowMs: Int64) throws -> Lease {
    var lease = lease("a")
    lease.see(nil, at: nowMs - times.waitMs)
    let first = try lease.begun(at: nowMs - times.waitMs)
    lease.wrote(first, etag: "0", at: nowMs - times.waitMs)
    let write = try lease.begun(at: nowMs)
    #expect(write.replacing == "0" && !write.record.isOpen)
    lease.wrote(write, etag: "1", at: nowMs + 1_000)
    return lease
  }

  private func other(
    _ number: Int64 = 1, isReleased: Bool = false, last: LeaseRecord.Work? = nil
  ) -> Lease.Seen {
    Lease.Seen(
      etag: "b\(number)",
      record: LeaseRecord(
        holder: "b", host: "b", process: 2, number: number, waitMs: times.waitMs,
        isReleased: isReleased, last: last))
  }

  @Test func `what is not there is written at once, and taken after the whole wait`() throws {
    var lease = lease("a")
    #expect(lease.mustRead && lease.next(at: 0) == nil)
    lease.see(nil, at: 0)
    let first = try lease.begun(at: 0)
    #expect(first.replacing == nil && first.record.isOpen)
    lease.wrote(first, etag: "0", at: 100)
    #expect(!lease.acts(at: 100) && !lease.isNamed)
    #expect(lease.next(at: times.waitMs + 99) == nil)
    let write = try lease.begun(at: times.waitMs + 100)
    #expect(write.replacing == "0" && !write.record.isOpen)
  }

  @Test func `the holder acts for forty seconds from the start of its last write`() throws {
    var lease = try held(at: 100_000)
    #expect(lease.acts(at: 100_000) && lease.acts(at: 139_999) && !lease.acts(at: 140_000))
    // A clock that went back is no clock to act by.
    #expect(!lease.acts(at: 99_999))
    let write = try lease.begun(at: 110_000)
    #expect(write.replacing == "1")
    lease.wrote(write, etag: "2", at: 114_000)
    #expect(lease.acts(at: 149_999) && !lease.acts(at: 150_000))
    // Too late is not lost: nobody else has written, so it may go on.
    let late = try lease.begun(at: 500_000)
    lease.wrote(late, etag: "3", at: 500_001)
    #expect(lease.acts(at: 500_002))
  }

  @Test func `another waits until it has seen the same object for a minute`() {
    var lease = lease("a")
    lease.see(other(1), at: 0)
    lease.see(other(1), at: 59_999)
    #expect(lease.next(at: 59_999) == nil)
    lease.see(other(2), at: 60_000)
    #expect(lease.next(at: 119_999) == nil)
    #expect(lease.next(at: 120_000)?.replacing == "b2")
  }

  @Test func `what was given back is taken at once, and what it says of the work is kept`() {
    let work = LeaseRecord.Work(holder: "b", host: "b", entries: 7)
    var lease = lease("a")
    lease.see(other(isReleased: true, last: work), at: 0)
    let write = lease.write(at: 0)
    #expect(write?.replacing == "b1" && write?.record.last == work)
  }

  @Test func `what a predecessor holds is taken at once`() {
    var lease = lease("a", after: "b")
    lease.see(other(), at: 0)
    #expect(lease.next(at: 0)?.replacing == "b1")
  }

  @Test func `a write whose answer was lost counts from its start, once it is seen`() throws {
    var lease = try held(at: 100_000)
    let lost = try lease.begun(at: 110_000)
    #expect(lease.acts(at: 139_999) && !lease.acts(at: 140_000))
    // The next one is refused, because the lost one stands.
    let second = try lease.begun(at: 120_000)
    #expect(second.replacing == "1")
    lease.wasOvertaken()
    #expect(lease.mustRead)
    #expect(lease.next(at: 121_000) == nil)
    lease.see(Lease.Seen(etag: "2", record: lost.record), at: 122_000)
    #expect(lease.acts(at: 149_999) && !lease.acts(at: 150_000))
    #expect(lease.next(at: 123_000)?.replacing == "2")
  }

  @Test func `whoever sees another in its place never acts again`() throws {
    var lease = try held(at: 100_000)
    lease.wasOvertaken()
    lease.see(other(), at: 101_000)
    #expect(!lease.acts(at: 101_000) && lease.successor?.host == "b")
    #expect(lease.next(at: 900_000) == nil)
    #expect(lease.standing(at: 101_000, why: "") == .lost(host: "b"))
  }

  @Test func `after somebody removed it the holder acts to the end of its time, then waits too`()
    throws
  {
    var lease = try held(at: 100_000)
    lease.wasOvertaken()
    lease.see(nil, at: 110_000)
    #expect(lease.acts(at: 139_999) && lease.successor == nil)
    let first = try lease.begun(at: 110_000)
    lease.wrote(first, etag: "9", at: 111_000)
    #expect(lease.acts(at: 139_999) && !lease.acts(at: 140_000))
    #expect(lease.next(at: 170_999) == nil)
    #expect(lease.next(at: 171_000)?.replacing == "9")
  }

  @Test func `whoever gives it back acts no more, whatever becomes of the write`() throws {
    var lease = try held(at: 100_000)
    lease.work()
    let given = lease.release(entries: 9, at: 105_000)
    let write = try #require(given)
    #expect(write.record.isReleased && write.record.last?.entries == 9)
    #expect(!lease.acts(at: 105_000))
    lease.wrote(write, etag: "2", at: 106_000)
    #expect(!lease.acts(at: 106_000))
    var waiting = self.lease("a")
    waiting.see(other(), at: 0)
    let nothing = waiting.release(entries: nil, at: 1)
    #expect(nothing == nil)
  }

  @Test func `each standing says what follows`() throws {
    let lease = try held(at: 100_000)
    #expect(lease.standing(at: 100_000, why: "").refusal == nil)
    let overdue = lease.standing(at: 150_000, why: "The bucket did not answer in time.")
    #expect(overdue == .overdue(ms: 50_000, why: "The bucket did not answer in time."))
    #expect(overdue.refusal?.sentence.contains("for 50 seconds") == true)
    #expect(SelfCheck.lease(overdue)?.standing == .unsafe)
    #expect(SelfCheck.lease(.notNeeded) == nil)
    #expect(SelfCheck.lease(found: other().record).standing == .good)
    #expect(SelfCheck.lease(found: nil).standing == .advised)
    var waiting = self.lease("c")
    waiting.see(other(), at: 0)
    #expect(waiting.standByWords(at: 0, why: "").contains("Changes run at b"))
    #expect(waiting.standByWords(at: 0, why: "No way.").contains("No way."))
  }
}

extension Lease {
  /// The write that would be due, which is not begun.
  fileprivate func next(at nowMs: Int64) -> Write? {
    var copy = self
    return copy.write(at: nowMs)
  }

  /// The write that is due, begun.
  fileprivate mutating func begun(at nowMs: Int64) throws -> Write {
    let write = write(at: nowMs)
    return try #require(write)
  }
}
