internal import Foundation

/// Time, passed in so that tests need not wait.
struct Time: Sendable {
  /// Milliseconds since 1970.
  var nowMs: @Sendable () -> Int64
  /// Waits that many milliseconds; throws when the task is cancelled.
  var sleep: @Sendable (_ ms: Int64) async throws -> Void
}

extension Time {
  /// The time of a clock, waiting for real.
  init(_ now: @escaping @Sendable () -> Date) {
    self.init(
      nowMs: { Int64(now().timeIntervalSince1970 * 1_000) },
      sleep: { try await Task.sleep(for: .milliseconds($0)) })
  }
}
