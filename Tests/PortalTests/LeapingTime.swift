import AWS
import Rules

@testable import Portal

extension Time {
  /// Time in which nobody waits: it is ahead of a clock by all that was waited for.
  static func leaping(from now: @escaping @Sendable () -> Moment) -> Time {
    let waited = TestClock()
    let begun = waited.now
    return Time(
      nowMs: { now().adding(ms: waited.now.since(begun)).ms },
      sleep: { waited.advance(ms: $0) })
  }
}
