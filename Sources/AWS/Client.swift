internal import Foundation

/// Calls AWS in one region with one set of credentials: signs, sends, retries, and turns whatever
/// goes wrong into an `AWSError`. The structs named after services speak through it.
///
/// Reads are retried within a budget and a deadline; writes are sent once, unless AWS refused
/// them for being one too many.
public struct Client: Sendable {
  /// Sends one request; `Transport.send` outside tests.
  typealias Send = @Sendable (HTTPCall) async throws(TransportProblem) -> HTTPAnswer

  /// Milliseconds one attempt may take.
  static let attemptTimeoutMs: Int64 = 15_000
  /// Milliseconds a call may take with its retries and the waits between them.
  static let deadlineMs: Int64 = 30_000

  private let region: String
  private let credentials: any CredentialsSource
  private let endpoint: String?
  private let time: Time
  private let random: @Sendable () -> Double
  private let send: Send
  private let budget = RetryBudget()
  private let pace = Pace()
  private let lead = Locked<Int64?>(nil)
  private let tally = Locked<[CallTally: Int]>([:])
  private let clean: @Sendable (String) -> String
  private var writer = Writer.own
  /// Why nothing may be written now; nil when it may.
  private var obstacle: @Sendable () -> String? = { nil }

  /// Whose credentials sign what changes something.
  private enum Writer: Sendable {
    /// Those that sign the reads.
    case own
    /// Those of a session that was begun for it.
    case session(CredentialsCache)
    /// Nobody's: it is refused here, and the words say why.
    case nobody(String)
  }

  /// A client. Keep it: copies share one budget of retries, other clients have their own.
  /// - Parameters:
  ///   - region: `us-west-2`.
  ///   - endpoint: One URL in place of every service's own, `http://127.0.0.1:5000`; nil for AWS.
  ///   - clean: Takes out of AWS's own words of refusal what is not to be shown or kept.
  ///   - random: A number from 0 up to 1, which spreads the waits between attempts.
  public init(
    region: String, credentials: CredentialsChain, transport: Transport, endpoint: String?,
    time: Time,
    clean: @escaping @Sendable (String) -> String = { $0 },
    random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
  ) {
    self.init(
      region: region, credentials: credentials, endpoint: endpoint, time: time,
      clean: clean, random: random
    ) { call throws(TransportProblem) in
      try await transport.send(call)
    }
  }

  init(
    region: String, credentials: any CredentialsSource, endpoint: String?, time: Time,
    clean: @escaping @Sendable (String) -> String = { $0 },
    random: @escaping @Sendable () -> Double, send: @escaping Send
  ) {
    self.region = region
    self.credentials = credentials
    self.endpoint = endpoint
    self.time = time
    self.clean = clean
    self.random = random
    self.send = send
  }

  /// How many milliseconds AWS's clock was ahead of this one's when it last answered, to the
  /// second; nil before its first answer.
  public var clockLeadMs: Int64? { lead.withLock { $0 } }

  /// How many attempts there were since the start, of all copies of this client.
  public var calls: [CallTally: Int] { tally.withLock { $0 } }

  /// Makes a call.
  /// - Returns: an answer of status 200 to 299.
  func answer(to request: Request) async throws(AWSError) -> HTTPAnswer {
    let deadline = time.nowMs() + Self.deadlineMs + request.moreMs
    var skewMs: Int64 = 0
    var taken: Int?
    var failures = 0
    while true {
      try await keepPace(request, until: deadline)
      let attempt = await attempt(request, skewMs: skewMs, until: deadline)
      pace.note(attempt.error, of: request.operation.api, atMs: time.nowMs())
      tally.withLock { $0[CallTally(request.operation, attempt.error), default: 0] += 1 }
      guard let error = attempt.error else {
        budget.give(taken)
        return attempt.answer
      }
      failures += 1
      if skewMs == 0, let skew = skew(error, attempt.answer) {
        skewMs = skew
        continue
      }
      let delayMs = RetryRules.delayMs(
        failures: failures, random: random(), retryAfter: attempt.answer.header("Retry-After"))
      guard failures < RetryRules.attemptsMax, RetryRules.mayRetry(error),
        time.nowMs() + delayMs < deadline,
        let cost = budget.take(isTimeout: error.isTimeout)
      else { throw error }
      taken = cost
      do { try await time.sleep(delayMs) } catch { throw cancelled(request) }
    }
  }

  /// Waits for the service's turn.
  private func keepPace(_ request: Request, until deadline: Int64) async throws(AWSError) {
    switch pace.admit(request.operation, atMs: time.nowMs()) {
    case .go: return
    case .leave(let ms):
      let after = pace.lastFailure(of: request.operation.api)
      throw failure(.leftAlone(ms: ms, after: after), request.operation)
    case .wait(let ms):
      guard time.nowMs() + ms < deadline else {
        throw failure(.leftAlone(ms: ms, after: ""), request.operation)
      }
      do { try await time.sleep(ms) } catch { throw cancelled(request) }
    }
  }

  /// A failed attempt keeps the answer too, for its `Date` and `Retry-After`.
  private struct Attempt {
    var answer = HTTPAnswer(status: 0)
    var error: AWSError?
  }

  private func attempt(_ request: Request, skewMs: Int64, until deadline: Int64) async -> Attempt {
    do throws(AWSError) {
      let call = try await signed(request, skewMs: skewMs, until: deadline)
      do throws(TransportProblem) {
        let answer = try await send(call)
        noteClock(of: answer)
        let failure =
          200..<300 ~= answer.status
          ? nil : self.failure(.of(answer, clean: clean), request.operation)
        return Attempt(answer: answer, error: failure)
      } catch {
        return Attempt(error: failure(.transport(error), request.operation))
      }
    } catch {
      return Attempt(error: error)
    }
  }

  private func signed(
    _ request: Request, skewMs: Int64, until deadline: Int64
  ) async throws(AWSError) -> HTTPCall {
    let api = request.operation.api
    let region = region(of: request.operation)
    let endpoint = try Endpoint.of(request.operation, region: region, override: endpoint)
    let credentials = try await credentials(for: request.operation)
    let signer = Signer(service: api.signingName, region: region, pathRule: api.pathRule)
    let path = endpoint.path + request.path
    let headers = signer.sign(
      method: request.method, path: path, query: request.query,
      headers: [HTTPHeader("Host", endpoint.host)] + request.headers, body: request.body,
      with: credentials, at: time.nowMs() + skewMs)
    let url = endpoint.origin + path + (request.query.isEmpty ? "" : "?" + request.query)
    let left = max(1, deadline - time.nowMs())
    return HTTPCall(
      method: request.method, url: url, headers: headers, body: request.body,
      timeoutMs: min(Self.attemptTimeoutMs + request.moreMs, left),
      answerBytesMax: request.answerBytesMax,
      isRepeatable: request.operation.isRead)
  }

  private func credentials(for operation: Operation) async throws(AWSError) -> Credentials {
    if !operation.isRead, let words = obstacle() { throw failure(.noCredentials(words), operation) }
    do throws(CredentialsProblem) {
      switch operation.isRead ? .own : writer {
      case .own: return try await credentials.credentials(region: region, endpoint: endpoint)
      case .session(let session):
        return try await session.credentials(region: region, endpoint: endpoint)
      case .nobody(let words): throw CredentialsProblem(sentence: words)
      }
    } catch {
      throw failure(.noCredentials(error.sentence), operation)
    }
  }

  /// The same client, but for what changes something: that is refused before it is sent.
  /// - Parameter words: What the refusal says.
  public func reading(saying words: String) -> Client {
    var copy = self
    copy.writer = .nobody(words)
    return copy
  }

  /// The same client, which asks before each call that changes something.
  /// - Parameter obstacle: Why it may not be made now; nil when it may.
  public func asking(_ obstacle: @escaping @Sendable () -> String?) -> Client {
    var copy = self
    copy.obstacle = obstacle
    return copy
  }

  /// The same client, which writes with its own credentials.
  public func writing() -> Client {
    var copy = self
    copy.writer = .own
    return copy
  }

  /// The same client, which writes with a session's credentials alone. The session is begun here
  /// and, where a run takes longer, begun anew before it ends.
  public func writing(as role: RoleRequest) async throws(AWSError) -> Client {
    let reader = self
    let session = CredentialsCache(time: time) { _, _ in
      do throws(AWSError) {
        return .success(try await STS(reader).assumeRole(role))
      } catch {
        return .failure(
          CredentialsProblem(
            sentence: "The role “\(role.arn)” could not be assumed. \(error.sentence)"))
      }
    }
    do throws(CredentialsProblem) {
      _ = try await session.credentials(region: region, endpoint: endpoint)
    } catch {
      throw failure(.noCredentials(error.sentence), .read(.sts, "AssumeRole"))
    }
    var copy = self
    copy.writer = .session(session)
    return copy
  }

  private func region(of operation: Operation) -> String { operation.api.onlyRegion ?? region }

  /// How far AWS's clock is ahead of this one's, when a read was refused for it.
  private func skew(_ error: AWSError, _ answer: HTTPAnswer) -> Int64? {
    guard error.operation.isRead, error.isClockSkew, let skew = leadMs(by: answer) else {
      return nil
    }
    return skew == 0 ? nil : skew
  }

  private func leadMs(by answer: HTTPAnswer) -> Int64? {
    answer.header("Date").flatMap(Timestamp.ms(httpDate:)).map { $0 - time.nowMs() }
  }

  private func noteClock(of answer: HTTPAnswer) {
    guard let ms = leadMs(by: answer) else { return }
    lead.withLock { $0 = ms }
  }

  func failure(_ reason: AWSError.Reason, _ operation: Operation) -> AWSError {
    AWSError(reason, operation, region: region(of: operation))
  }

  private func cancelled(_ request: Request) -> AWSError {
    failure(.transport(TransportProblem(.cancelled, wasSent: false)), request.operation)
  }
}

/// A call before it is signed.
struct Request: Sendable {
  var operation: Operation
  var method = "POST"
  /// Percent-encoded, from `/`.
  var path = "/"
  /// What follows `?`; empty for none.
  var query = ""
  var headers: [HTTPHeader] = []
  var body: [UInt8] = []
  /// The longest answer, in bytes.
  var answerBytesMax = HTTPCall.answerBytesMaxDefault
  /// Milliseconds that each attempt may take beyond the usual, to move much.
  var moreMs: Int64 = 0

  /// What it takes to move so many bytes on a slow line, half a megabyte a second.
  static func timeToMove(_ bytes: Int) -> Int64 { Int64(bytes) / 512 }
}

extension AWSError {
  fileprivate var isTimeout: Bool {
    if case .transport(let problem) = reason { problem.kind == .timedOut } else { false }
  }
}
