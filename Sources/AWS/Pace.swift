/// How fast each service is called, and when it is left alone: a bucket of tokens and a circuit
/// breaker for each, shared by all calls of a client.
///
/// A write is never held back by the breaker: somebody decided on it, and its answer, whatever it
/// is, is news.
final class Pace: Sendable {
  /// How many calls of a service may be made.
  struct Limit: Sendable {
    /// The most at once.
    let burst: Double
    /// How many more each second.
    let perSecond: Double

    /// What is well below AWS's own limits for an account.
    static let usual = Limit(burst: 40, perSecond: 20)

    static func of(_ api: API) -> Limit {
      switch api.actionPrefix {
      // Five requests a second for the whole account ("Quotas", Amazon Route 53).
      case "route53": Limit(burst: 5, perSecond: 4)
      // Two lookups a second for an account and region ("LookupEvents", CloudTrail).
      case "cloudtrail": Limit(burst: 2, perSecond: 1)
      // All the prices of a site are asked for at once, and then not for a day.
      case "pricing": Limit(burst: 30, perSecond: 2)
      case "ce": Limit(burst: 10, perSecond: 2)
      case "cloudformation", "acm", "elasticloadbalancing": Limit(burst: 20, perSecond: 5)
      default: usual
      }
    }
  }

  /// So many failures in a row open the breaker.
  static let failuresMax = 5
  /// How long it stays open at first; twice as long each further time.
  static let restMs: Int64 = 30_000
  /// The longest it stays open.
  static let restMsMax: Int64 = 300_000

  fileprivate struct Standing {
    var tokens: Double
    var filledAtMs: Int64
    var failures = 0
    var openUntilMs: Int64?
    var restMs = Pace.restMs
    /// The sentence of the last failure that counted.
    var lastFailure = ""
  }

  private let standings = Locked<[String: Standing]>([:])

  /// What is to happen to a call that wants to be made now.
  enum Admission: Equatable {
    case go
    /// Its token comes after so many milliseconds.
    case wait(ms: Int64)
    /// The service is left alone for so many milliseconds more.
    case leave(ms: Int64)
  }

  /// Asks for a token.
  func admit(_ operation: Operation, atMs now: Int64) -> Admission {
    let limit = Limit.of(operation.api)
    return standings.withLock { standings in
      var standing =
        standings[operation.api.name] ?? Standing(tokens: limit.burst, filledAtMs: now)
      defer { standings[operation.api.name] = standing }
      if operation.isRead, let until = standing.openUntilMs {
        guard now >= until else { return .leave(ms: until - now) }
        // One call goes to see; the others wait for what it finds.
        standing.openUntilMs = now + standing.restMs
      }
      let passedMs = Double(max(now - standing.filledAtMs, 0))
      standing.tokens = min(limit.burst, standing.tokens + passedMs / 1_000 * limit.perSecond)
      standing.filledAtMs = now
      standing.tokens -= 1
      if standing.tokens >= 0 { return .go }
      return .wait(ms: Int64((-standing.tokens / limit.perSecond * 1_000).rounded(.up)))
    }
  }

  /// What went wrong last with a service that is left alone, in a sentence.
  func lastFailure(of api: API) -> String {
    standings.withLock { $0[api.name]?.lastFailure ?? "" }
  }

  /// Notes how a call went. What AWS refused with a reason is an answer, and the service is well;
  /// what was never sent says nothing of it.
  func note(_ error: AWSError?, of api: API, atMs now: Int64) {
    standings.withLock { standings in
      guard var standing = standings[api.name] else { return }
      defer { standings[api.name] = standing }
      switch error.map(\.showing) ?? .well {
      case .well: standing.rise()
      case .ill: standing.fail(error?.sentence ?? "", atMs: now)
      // A reading ends all its calls when one is left alone, also the one that went to see. The
      // next ones are all let go, or no reading of several calls would ever see; one failure is
      // enough to leave the service alone again.
      case .givenUp: standing.openUntilMs = nil
      case .nothing: break
      }
    }
  }
}

extension Pace.Standing {
  fileprivate mutating func rise() {
    failures = 0
    openUntilMs = nil
    restMs = Pace.restMs
  }

  fileprivate mutating func fail(_ sentence: String, atMs now: Int64) {
    failures += 1
    lastFailure = sentence
    guard failures >= Pace.failuresMax else { return }
    if failures > Pace.failuresMax { restMs = min(restMs * 2, Pace.restMsMax) }
    openUntilMs = now + restMs
  }
}

extension AWSError {
  /// What a call says of its service.
  fileprivate enum Showing {
    /// It answers, or does not as a service that works does.
    case well, ill
    /// Nobody waited for what it said.
    case givenUp
    /// Nothing was asked of it.
    case nothing
  }

  fileprivate var showing: Showing {
    switch reason {
    case .service(_, _, let status, _): status >= 500 || isThrottle ? .ill : .well
    case .transport(let problem): problem.kind == .cancelled ? .givenUp : .ill
    case .unreadable: .ill
    case .notFound: .well
    case .noCredentials, .misconfigured, .leftAlone: .nothing
    }
  }
}
