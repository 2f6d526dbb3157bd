/// When a call is made again, and how long after: three attempts, exponential backoff with full
/// jitter, and a budget shared by all calls, so that a failing AWS is not called three times as
/// often ("Retry behavior", AWS SDKs and Tools Reference Guide).
enum RetryRules {
  /// Attempts at one call, the first included.
  static let attemptsMax = 3
  /// The first wait is up to this long; each later one up to twice as long.
  static let backoffBaseMs: Double = 1_000
  /// No wait is longer.
  static let backoffMaxMs: Double = 20_000

  /// Codes by which AWS says that there are too many calls.
  static let throttlingCodes: Set = [
    "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException",
    "TooManyRequestsException", "ProvisionedThroughputExceededException",
    "TransactionInProgressException", "RequestLimitExceeded", "BandwidthLimitExceeded",
    "LimitExceededException", "RequestThrottled", "SlowDown", "PriorRequestNotComplete",
    "EC2ThrottledException",
  ]
  /// Codes of failures that pass.
  private static let transientCodes: Set = ["RequestTimeout", "RequestTimeoutException"]
  /// Codes by which AWS says that the signature's time is too far from its own.
  static let skewCodes: Set = [
    "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture",
  ]
  private static let transientStatuses: Set = [500, 502, 503, 504]

  /// Whether a call that failed so may be made again. A write may only when AWS refused it for
  /// being one too many: then nothing was done, and nothing else needs a decision.
  static func mayRetry(_ error: AWSError) -> Bool {
    if error.isThrottle { return true }
    guard error.operation.isRead else { return false }
    switch error.reason {
    case .service(let code, _, let status, _):
      return transientCodes.contains(code) || transientStatuses.contains(status)
    case .transport(let problem):
      return [TransportProblem.Kind.couldNotConnect, .timedOut, .reset].contains(problem.kind)
    case .unreadable, .notFound, .noCredentials, .misconfigured, .leftAlone: return false
    }
  }

  /// How long to wait before the next attempt, in milliseconds.
  /// - Parameters:
  ///   - failures: Attempts that have failed, from 1.
  ///   - random: From 0 up to 1.
  ///   - retryAfter: The answer's `Retry-After` in seconds, if any (RFC 9110 §10.2.3).
  static func delayMs(failures: Int, random: Double, retryAfter: String?) -> Int64 {
    if let seconds = retryAfter.flatMap({ Int64($0) }), 0...Int64(backoffMaxMs / 1_000) ~= seconds {
      return seconds * 1_000
    }
    let doublings = Double(1 << min(max(failures - 1, 0), 10))
    return Int64(random * min(backoffMaxMs, backoffBaseMs * doublings))
  }
}

/// Tokens that retries cost and successes give back.
final class RetryBudget: Sendable {
  static let capacity = 500
  static let retryCost = 5
  static let timeoutCost = 10
  /// What a call that needed no retry gives back.
  static let refill = 1

  private let tokens = Locked(RetryBudget.capacity)

  /// Takes the price of a retry.
  /// - Returns: what was taken; nil when too little is left.
  func take(isTimeout: Bool) -> Int? {
    let cost = isTimeout ? Self.timeoutCost : Self.retryCost
    return tokens.withLock { tokens in
      guard tokens >= cost else { return nil }
      tokens -= cost
      return cost
    }
  }

  /// Gives back what the last retry of a successful call took.
  func give(_ amount: Int?) {
    tokens.withLock { $0 = min(Self.capacity, $0 + (amount ?? Self.refill)) }
  }
}
