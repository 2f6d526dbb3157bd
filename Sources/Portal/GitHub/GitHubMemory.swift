import AWS
import Foundation
import Rules

/// What GitHub has told of its limits and of the token.
struct GitHubStanding: Sendable, Equatable {
  /// How many calls are left of the hour, and of how many; nil before the first answer.
  var remaining: Int64?
  var limit: Int64?
  /// When the hour begins anew.
  var resetsAt: Moment?
  /// Until when the token is valid; nil where GitHub does not say.
  var tokenUntil: Moment?
  /// Until when GitHub wants to be left alone.
  var restsUntil: Moment?
  /// What calls were refused for want of, as GitHub writes it: `actions=write`. What a later call
  /// of the same sort may do is taken off.
  var missing: [String] = []
}

/// The ETags of answers and the standing with GitHub, kept in memory: a start begins anew.
///
/// `@unchecked Sendable`: `lock` guards everything that changes.
final class GitHubMemory: @unchecked Sendable {
  /// An answer and the tag under which GitHub tells whether it is still so.
  struct Kept: Sendable {
    let tag: String
    let answer: HTTPAnswer
    /// When GitHub last said that it is so.
    let at: Moment
    /// For how long it wants not to be asked again, `x-poll-interval`; 0 where it does not say.
    let pollMs: Int64
  }

  /// Between two calls that change something ("Best practices for using the REST API").
  static let betweenWritesMs: Int64 = 1_000
  /// How long GitHub is left alone where it says no time; twice as long each time it says so again.
  static let restMs: Int64 = 60_000
  /// The longest, whatever it says: its hour.
  static let restMsMax: Int64 = 3_600_000
  /// The most answers that are kept, and the most bytes of one.
  static let answersMax = 200
  static let answerBytesMax = 256 << 10

  private let lock = NSLock()
  private var answers: [String: Kept] = [:]
  private var order: [String] = []
  private var current = GitHubStanding()
  private var nextWrite: Moment?
  private var versionIndex = 0
  /// How many times in a row GitHub asked to be left alone and said no time.
  private var strikes: Int64 = 0
  /// The permissions GitHub named when it refused a sort of call, `POST /actions`.
  private var refused: [String: String] = [:]

  var standing: GitHubStanding { lock.withLock { current } }

  /// The version of the API to ask for.
  var version: String { lock.withLock { GitHub.versions[versionIndex] } }

  /// For how long GitHub is left alone; nil where it is not.
  func rest(at now: Moment) -> Int64? {
    lock.withLock { current.restsUntil.flatMap { $0 > now ? $0.since(now) : nil } }
  }

  /// How long a write waits until it is its turn, which it takes by asking.
  func turn(at now: Moment) -> Int64 {
    lock.withLock {
      let turn = max(nextWrite ?? now, now)
      nextWrite = turn.adding(ms: Self.betweenWritesMs)
      return turn.since(now)
    }
  }

  func kept(_ url: String) -> Kept? { lock.withLock { answers[url] } }

  func keep(_ answer: HTTPAnswer, of url: String, at now: Moment) {
    guard let tag = answer.header("ETag"), answer.body.count <= Self.answerBytesMax else { return }
    lock.withLock {
      let seconds = min(max(answer.number("x-poll-interval") ?? 0, 0), Self.restMsMax / 1_000)
      let kept = Kept(tag: tag, answer: answer, at: now, pollMs: seconds * 1_000)
      if answers.updateValue(kept, forKey: url) == nil { order.append(url) }
      while order.count > Self.answersMax { answers[order.removeFirst()] = nil }
    }
  }

  /// Goes to the next older version where GitHub does not know the one that was asked for.
  /// - Returns: whether there is one to try.
  func speaksOlder(than version: String, after answer: HTTPAnswer) -> Bool {
    let message = String(decoding: answer.body.prefix(1_024), as: UTF8.self)
    guard message.contains("supported version") else { return false }
    return lock.withLock {
      guard GitHub.versions[versionIndex] == version else { return true }
      guard versionIndex + 1 < GitHub.versions.count else { return false }
      versionIndex += 1
      return true
    }
  }

  /// Notes what an answer tells of limits and the token ("Rate limits for the REST API").
  /// - Parameter call: the call, `GET /actions/runs`.
  func note(_ answer: HTTPAnswer, to call: String, at now: Moment) {
    lock.withLock {
      if let left = answer.number("x-ratelimit-remaining") { current.remaining = left }
      if let limit = answer.number("x-ratelimit-limit") { current.limit = limit }
      if let seconds = answer.number("x-ratelimit-reset") {
        current.resetsAt = Moment(seconds: seconds)
      }
      let until = answer.header("github-authentication-token-expiration")
      // Another token may be one that never expires; an answer without a body need not tell.
      if until != nil || answer.status == 200 {
        current.tokenUntil = until.flatMap(Moment.init(github:))
      }
      notePermission(answer, to: call)
      noteRest(answer, at: now)
    }
  }

  private func notePermission(_ answer: HTTPAnswer, to call: String) {
    let sort = call.split(separator: "/").prefix(2).joined(separator: "/")
    if answer.status < 400 {
      refused[sort] = nil
    } else if answer.status == 403, !GitHubError.Reason.of(answer).isLimit,
      let needs = answer.header("X-Accepted-GitHub-Permissions")
    {
      refused[sort] = needs
    }
    current.missing = Set(refused.values).sorted()
  }

  private func noteRest(_ answer: HTTPAnswer, at now: Moment) {
    guard answer.status == 403 || answer.status == 429 else {
      strikes = 0
      return
    }
    let asked = answer.number("retry-after").map { $0.multipliedReportingOverflow(by: 1_000) }
    if let asked, !asked.overflow {
      current.restsUntil = now.adding(ms: min(max(asked.partialValue, 0), Self.restMsMax))
    } else if answer.number("x-ratelimit-remaining") == 0, let reset = current.resetsAt {
      current.restsUntil = now.adding(ms: min(max(reset.since(now), 0), Self.restMsMax))
    } else if GitHubError.Reason.of(answer).isLimit {
      current.restsUntil = now.adding(ms: min(Self.restMs << min(strikes, 6), Self.restMsMax))
      strikes += 1
    }
  }
}

extension HTTPAnswer {
  fileprivate func number(_ name: String) -> Int64? { header(name).flatMap { Int64($0) } }
}

extension Moment {
  fileprivate init?(seconds: Int64) {
    let (ms, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
    guard !overflow else { return nil }
    self.init(ms: ms)
  }

  /// GitHub's `2027-01-24 01:27:00 UTC`, or the same with an offset, `… +0000`.
  fileprivate init?(github text: String) {
    let parts = text.split(separator: " ")
    guard parts.count == 3, ["UTC", "+0000"].contains(parts[2]),
      let date = try? Date("\(parts[0])T\(parts[1])Z", strategy: .iso8601)
    else { return nil }
    self.init(ms: Int64(date.timeIntervalSince1970) * 1_000)
  }
}
