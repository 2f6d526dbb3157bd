import Testing

@testable import AWS

struct RetryTests {
  private func read(_ script: Script, random: Double = 0.5) async throws(AWSError) {
    _ = try await STS(script.client(random: random)).getCallerIdentity()
  }

  private func write(_ script: Script) async throws(AWSError) {
    _ = try await RDS(script.client()).modifyDBInstance(
      id: "db", changes: RDS.InstanceChanges(instanceClass: "db.t3.small"), applyImmediately: true)
  }

  private func problem(_ body: () async throws(AWSError) -> Void) async -> AWSError? {
    do {
      try await body()
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: [
    Script.Line.error(500, "InternalFailure"), .text(502, "<html>Bad gateway"),
    .text(503, ""), .error(400, "ThrottlingException"), .error(429, "TooManyRequestsException"),
    .problem(TransportProblem(.reset, wasSent: true)),
    .problem(TransportProblem(.timedOut, wasSent: true)),
    .problem(TransportProblem(.couldNotConnect, wasSent: false)),
  ])
  func `a read is made up to three times, with longer waits`(line: Script.Line) async throws {
    let passing = Script([line, line, .identity])
    try await read(passing)
    #expect(passing.waits == [500, 1_000])
    let lasting = Script([line])
    let problem = await problem { () throws(AWSError) in try await read(lasting) }
    #expect(problem?.effect == AWSError.Effect.none)
    #expect(lasting.calls.count == RetryRules.attemptsMax)
  }

  @Test(arguments: [
    Script.Line.error(400, "ValidationError"), .error(403, "AccessDenied"), .text(404, "none"),
    .text(301, ""), .text(200, "<html></html>"), .text(200, "<GetCallerIdentityResponse><Get"),
    .problem(TransportProblem(.tls, wasSent: false)),
    .problem(TransportProblem(.tooLarge, wasSent: true)),
    .problem(TransportProblem(.cancelled, wasSent: true)),
  ])
  func `what will not pass by itself is not tried again`(line: Script.Line) async {
    let script = Script([line])
    #expect(await problem { () throws(AWSError) in try await read(script) } != nil)
    #expect(script.calls.count == 1)
  }

  @Test func `waits are as long as chance says, up to their cap`() async throws {
    #expect(RetryRules.delayMs(failures: 1, random: 0, retryAfter: nil) == 0)
    #expect(RetryRules.delayMs(failures: 2, random: 0.999, retryAfter: nil) == 1_998)
    #expect(RetryRules.delayMs(failures: 60, random: 1, retryAfter: nil) == 20_000)
    #expect(RetryRules.delayMs(failures: 0, random: 1, retryAfter: nil) == 1_000)
  }

  @Test func `AWS's own wait is kept to`() async throws {
    let script = Script([
      .error(429, "TooManyRequestsException", [HTTPHeader("Retry-After", "7")]), .identity,
    ])
    try await read(script)
    #expect(script.waits == [7_000])
  }

  @Test(arguments: ["-1", "soon", "99999999999999999999", "86400"])
  func `a wait that makes no sense is passed over`(value: String) async throws {
    #expect(RetryRules.delayMs(failures: 1, random: 0.5, retryAfter: value) == 500)
  }

  @Test func `no attempt begins after the deadline`() async {
    let script = Script([.error(503, "SlowDown", [HTTPHeader("Retry-After", "20")])])
    _ = await problem { () throws(AWSError) in try await read(script) }
    #expect(script.waits == [20_000])
    #expect(script.calls.map(\.timeoutMs) == [15_000, 10_000])
  }

  @Test func `a budget ends retries when everything fails`() async {
    // Writes, which the breaker does not hold back.
    let script = Script([.error(400, "Throttling")])
    let rds = RDS(script.client())
    for _ in 0..<60 { _ = try? await rds.deleteDBInstance(id: "db", finalSnapshot: "last") }
    // 500 tokens at 5 each are 100 retries.
    #expect(script.calls.count == 60 + 100)
  }

  @Test func `a service that fails on end is not asked again for a while, and says so`() async {
    let script = Script([.error(500, "InternalFailure")])
    let sts = STS(script.client())
    for _ in 0..<9 { _ = try? await sts.getCallerIdentity() }
    #expect(script.calls.count == Pace.failuresMax)
    let error = await problem { () throws(AWSError) in _ = try await sts.getCallerIdentity() }
    #expect(error?.sentence.contains("STS has failed 5 times or more in a row.") == true)
  }

  @Test func `a success gives back what its last retry took, and no more than there was`() {
    let budget = RetryBudget()
    budget.give(nil)
    var taken = 0
    while budget.take(isTimeout: true) != nil { taken += 1 }
    #expect(taken == 50)
    budget.give(RetryBudget.timeoutCost)
    #expect(budget.take(isTimeout: false) == 5)
    #expect(budget.take(isTimeout: false) == 5)
    #expect(budget.take(isTimeout: false) == nil)
  }

  @Test(arguments: [
    Script.Line.error(500, "InternalFailure"), .text(503, ""),
    .problem(TransportProblem(.reset, wasSent: true)),
    .problem(TransportProblem(.timedOut, wasSent: true)), .text(200, "<html>"),
    .text(408, ""),
  ])
  func `a write without a clear answer is made once, and its effect is unknown`(
    line: Script.Line
  ) async {
    let script = Script([line])
    let problem = await problem { () throws(AWSError) in try await write(script) }
    #expect(problem?.effect == .unknown)
    #expect(problem?.sentence.contains("It may have been done") == true)
    #expect(script.calls.count == 1)
    #expect(script.calls.first?.isRepeatable == false)
  }

  @Test(arguments: [
    Script.Line.error(400, "InvalidParameterCombination"), .error(403, "AccessDenied"),
    .problem(TransportProblem(.couldNotConnect, wasSent: false)),
    .problem(TransportProblem(.tls, wasSent: false)), .text(302, ""),
  ])
  func `a write that was refused or never sent had no effect, and is made once`(
    line: Script.Line
  ) async {
    let script = Script([line])
    let problem = await problem { () throws(AWSError) in try await write(script) }
    #expect(problem?.effect == AWSError.Effect.none)
    #expect(script.calls.count == 1)
  }

  @Test func `a write that came too often is made again`() async {
    let script = Script([.error(400, "Throttling"), .error(503, "SlowDown"), .text(500, "")])
    #expect(await problem { () throws(AWSError) in try await write(script) }?.effect == .unknown)
    #expect(script.calls.count == 3)
  }

  @Test func `every attempt is signed anew`() async throws {
    let script = Script([.text(500, ""), .identity])
    try await read(script, random: 1)
    let dates = script.calls.map { call in
      call.headers.first { $0.name == "X-Amz-Date" }?.value
    }
    #expect(dates == ["20010909T014640Z", "20010909T014641Z"])
  }

  @Test func `a read refused for the clock is made once more by AWS's clock`() async throws {
    let skewed = Script.Line.error(
      403, "RequestTimeTooSkewed", [HTTPHeader("Date", "Sun, 09 Sep 2001 02:46:40 GMT")])
    let script = Script([skewed, .identity])
    try await read(script)
    #expect(
      script.calls.last?.headers.contains(HTTPHeader("X-Amz-Date", "20010909T024640Z")) == true)
    let lasting = Script([skewed])
    let problem = await problem { () throws(AWSError) in try await read(lasting) }
    #expect(problem?.sentence.contains("clock") == true)
    #expect(lasting.calls.count == 2)
  }

  @Test func `a write refused for the clock is not made again`() async {
    let script = Script([
      .error(403, "RequestTimeTooSkewed", [HTTPHeader("Date", "Sun, 09 Sep 2001 02:46:40 GMT")])
    ])
    let problem = await problem { () throws(AWSError) in try await write(script) }
    #expect(problem?.effect == AWSError.Effect.none)
    #expect(script.calls.count == 1)
  }
}
