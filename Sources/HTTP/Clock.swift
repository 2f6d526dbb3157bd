import Glibc

/// The two times a server needs.
struct Clock: Sendable {
  /// Seconds since 1970, for Date fields.
  var unixSeconds: @Sendable () -> Int
  /// Milliseconds that never go back, for timeouts.
  var monotonicMs: @Sendable () -> Int

  static let system = Clock(
    unixSeconds: { time(nil) },
    monotonicMs: {
      var now = timespec()
      clock_gettime(CLOCK_MONOTONIC, &now)
      return now.tv_sec * 1_000 + now.tv_nsec / 1_000_000
    })
}
