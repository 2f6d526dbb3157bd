import Testing

@testable import AWS

@Suite struct PaceTests {
  private let read = Operation.read(.rds, "DescribeDBInstances")
  private let write = Operation.write(.rds, "ModifyDBInstance")
  private var outage: AWSError {
    AWSError(
      .service(code: "ServiceUnavailable", message: "", status: 503, requestID: ""), read,
      region: "us-west-2")
  }

  private func failed(_ count: Int, atMs now: Int64 = 0) -> Pace {
    let pace = Pace()
    for _ in 0..<count {
      _ = pace.admit(read, atMs: now)
      pace.note(outage, of: .rds, atMs: now)
    }
    return pace
  }

  @Test func `a burst goes at once, what is more waits its turn`() {
    let pace = Pace()
    let burst = Int(Pace.Limit.usual.burst)
    for _ in 0..<burst { #expect(pace.admit(read, atMs: 0) == .go) }
    #expect(pace.admit(read, atMs: 0) == .wait(ms: 50))
    #expect(pace.admit(read, atMs: 0) == .wait(ms: 100))
    #expect(pace.admit(read, atMs: 150) == .go)
  }

  @Test func `one service's calls do not slow another's`() {
    let pace = Pace()
    for _ in 0..<100 { _ = pace.admit(read, atMs: 0) }
    #expect(pace.admit(.read(.s3, "GetBucketVersioning"), atMs: 0) == .go)
  }

  @Test func `a service that fails on end is left alone, then tried with one call`() {
    #expect(failed(Pace.failuresMax - 1).admit(read, atMs: 1) == .go)
    let pace = failed(Pace.failuresMax)
    #expect(pace.admit(read, atMs: 1_000) == .leave(ms: Pace.restMs - 1_000))
    #expect(pace.admit(read, atMs: Pace.restMs) == .go)
    #expect(pace.admit(read, atMs: Pace.restMs) == .leave(ms: Pace.restMs))
  }

  @Test func `each failed trial doubles the rest, up to a limit, and one success ends it`() {
    let pace = failed(Pace.failuresMax)
    var now: Int64 = 0
    var restMs = Pace.restMs
    for _ in 0..<8 {
      now += restMs
      #expect(pace.admit(read, atMs: now) == .go)
      pace.note(outage, of: .rds, atMs: now)
      restMs = min(restMs * 2, Pace.restMsMax)
      #expect(pace.admit(read, atMs: now) == .leave(ms: restMs))
    }
    pace.note(nil, of: .rds, atMs: now)
    #expect(pace.admit(read, atMs: now) == .go)
  }

  @Test func `a write is never held back by the breaker`() {
    #expect(failed(Pace.failuresMax).admit(write, atMs: 1) == .go)
  }

  @Test func `a refusal with a reason is an answer, not an outage`() {
    let pace = failed(Pace.failuresMax - 1)
    let denied = AWSError(
      .service(code: "AccessDenied", message: "", status: 403, requestID: ""), read, region: "r")
    pace.note(denied, of: .rds, atMs: 0)
    pace.note(outage, of: .rds, atMs: 0)
    #expect(pace.admit(read, atMs: 1) == .go)
  }

  @Test(arguments: [AWSError.Reason.noCredentials("None."), .misconfigured("No.")])
  func `what was never sent does not end a rest`(reason: AWSError.Reason) {
    let pace = failed(Pace.failuresMax)
    #expect(pace.admit(read, atMs: Pace.restMs) == .go)
    pace.note(AWSError(reason, read, region: "r"), of: .rds, atMs: Pace.restMs)
    #expect(pace.admit(read, atMs: Pace.restMs) == .leave(ms: Pace.restMs))
  }

  @Test func `when the look is given up all look, and one failure is a longer rest`() {
    let pace = failed(Pace.failuresMax)
    let cancelled = AWSError.Reason.transport(TransportProblem(.cancelled, wasSent: true))
    #expect(pace.admit(read, atMs: Pace.restMs) == .go)
    #expect(pace.admit(read, atMs: Pace.restMs) == .leave(ms: Pace.restMs))
    pace.note(AWSError(cancelled, read, region: "r"), of: .rds, atMs: Pace.restMs)
    for _ in 0..<3 { #expect(pace.admit(read, atMs: Pace.restMs) == .go) }
    let failure = AWSError.Reason.transport(TransportProblem(.timedOut, wasSent: true))
    pace.note(AWSError(failure, read, region: "r"), of: .rds, atMs: Pace.restMs)
    #expect(pace.admit(read, atMs: Pace.restMs) == .leave(ms: 2 * Pace.restMs))
  }
}
