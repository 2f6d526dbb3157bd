/// Why a call to AWS did not give what was asked of it.
public struct AWSError: Error, Sendable, Equatable {
  /// What may have happened at AWS.
  public enum Effect: Sendable, Equatable {
    /// Certainly nothing.
    case none
    /// The request may have been acted on: look before you repeat it.
    case unknown
  }

  /// The kinds of failure.
  public enum Reason: Sendable, Equatable {
    /// AWS answered with an error. The code is AWS's own, `Throttling`, or `HTTP 502` when the
    /// answer was not in its form.
    case service(code: String, message: String, status: Int, requestID: String)
    /// No answer came.
    case transport(TransportProblem)
    /// AWS accepted the call, and its answer cannot be understood. The text says what is amiss.
    case unreadable(String)
    /// What was asked for is not there; the text names it.
    case notFound(String)
    /// Nothing to sign with; the text says what was tried and what to do.
    case noCredentials(String)
    /// The service failed so often in a row that it is not asked for a while, in milliseconds.
    case leftAlone(ms: Int64, after: String)
    /// The call cannot be made as configured; the text says what to mend.
    case misconfigured(String)
  }

  /// What went wrong.
  public let reason: Reason
  /// The call.
  public let operation: Operation
  /// The region it was for.
  public let region: String

  /// A failure of one call.
  public init(_ reason: Reason, _ operation: Operation, region: String) {
    self.reason = reason
    self.operation = operation
    self.region = region
  }

  /// What may have happened at AWS. Reads never have an effect.
  public var effect: Effect {
    guard !operation.isRead else { return .none }
    switch reason {
    case .service(_, _, let status, _):
      // 408 means that the server stopped waiting, not that it refused.
      return isThrottle || (300..<500 ~= status && status != 408) ? .none : .unknown
    case .transport(let problem): return problem.wasSent ? .unknown : .none
    case .unreadable: return .unknown
    case .notFound, .noCredentials, .misconfigured, .leftAlone: return .none
    }
  }

  /// AWS's error code; nil when AWS gave none.
  public var code: String? {
    if case .service(let code, _, _, _) = reason { code } else { nil }
  }

  /// Whether AWS refused because of too many calls; it has then done nothing.
  public var isThrottle: Bool {
    code.map(RetryRules.throttlingCodes.contains) ?? false || status == 429
  }

  /// Whether AWS refused because the signature's time is too far from its own. Some services say
  /// so in words only.
  var isClockSkew: Bool {
    guard case .service(let code, let message, _, _) = reason else { return false }
    return RetryRules.skewCodes.contains(code) || message.hasPrefix("Signature expired")
      || message.hasPrefix("Signature not yet current")
  }

  var status: Int? {
    if case .service(_, _, let status, _) = reason { status } else { nil }
  }
}
