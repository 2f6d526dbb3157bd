internal import Foundation

/// Time, passed in so that tests need not wait.
public struct Time: Sendable {
  /// Milliseconds since 1970.
  var nowMs: @Sendable () -> Int64
  /// Waits that many milliseconds; throws when the task is cancelled.
  public var sleep: @Sendable (_ ms: Int64) async throws -> Void

  /// Time as others tell it, waiting for real unless they say how.
  public init(
    nowMs: @escaping @Sendable () -> Int64,
    sleep: @escaping @Sendable (_ ms: Int64) async throws -> Void = {
      try await Task.sleep(for: .milliseconds($0))
    }
  ) {
    self.nowMs = nowMs
    self.sleep = sleep
  }
}

extension Time {
  /// The time of a clock, waiting for real.
  init(_ now: @escaping @Sendable () -> Date) {
    self.init(nowMs: { Int64(now().timeIntervalSince1970 * 1_000) })
  }
}
