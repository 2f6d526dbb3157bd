import Foundation
import Rules

/// How many requests each signed-in person may make: many at once, and then so many a second, so
/// that one account can't keep the portal from the others.
///
/// `@unchecked Sendable`: `lock` guards `buckets`, the one thing that changes.
final class PageLimit: @unchecked Sendable {
  /// For how many seconds' pages at once a rest is good.
  static let restSeconds: Int64 = 12
  /// After how many people those who rest are forgotten.
  private static let peopleMax = 1_000

  /// How many at once, after a rest.
  let burst: Int64
  /// How long until one more is allowed.
  let refillMs: Int64

  /// Pages that somebody has used up, and when that was so.
  private struct Bucket {
    var used: Int64
    var at: Moment
  }
  private let lock = NSLock()
  private var buckets: [Int64: Bucket] = [:]

  /// - Parameter perSecond: how many in the long run.
  init(perSecond: Int) {
    burst = Int64(perSecond) * Self.restSeconds
    refillMs = max(1, Span.second / Int64(perSecond))
  }

  /// Counts a request of a signed-in person.
  /// - Returns: how long to wait, in milliseconds, where it is one too many; nil where it may go
  ///   on, and for visitors, who have limits of their own where they act.
  func wait(of visit: Visit) -> Int64? {
    guard let person = visit.caller?.person.id else { return nil }
    return lock.withLock {
      if buckets.count >= Self.peopleMax {
        buckets = buckets.filter { refilled($0.value, at: visit.now).used > 0 }
      }
      var bucket =
        buckets[person].map { refilled($0, at: visit.now) } ?? Bucket(used: 0, at: visit.now)
      defer { buckets[person] = bucket }
      guard bucket.used < burst else { return refillMs }
      bucket.used += 1
      return nil
    }
  }

  /// A bucket as it is now. A refill that has only begun goes on; where the clock was set back, one
  /// begins.
  private func refilled(_ bucket: Bucket, at now: Moment) -> Bucket {
    let begun = min(bucket.at, now)
    let refills = now.since(begun) / refillMs
    guard refills < bucket.used else { return Bucket(used: 0, at: now) }
    return Bucket(used: bucket.used - refills, at: begun.adding(ms: refills * refillMs))
  }
}
