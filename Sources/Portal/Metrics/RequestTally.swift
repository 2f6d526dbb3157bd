import Synchronization

/// How many requests there were and how long they took, since the start.
final class RequestTally: Sendable {
  /// A route and the first digit of the status, 1 to 5.
  struct Key: Hashable {
    /// `GET /changes/:number`; a fixed word where no route fits.
    let route: String
    let statusClass: Int
  }

  /// Requests that took at most so many milliseconds; those that took longer count in the last.
  static let bucketsMs: [Int64] = [1, 2, 5, 10, 20, 50, 100, 250, 500, 1_000, 5_000]

  struct Times {
    var counts = [Int](repeating: 0, count: bucketsMs.count + 1)
    var sumMs: Int64 = 0
  }

  private let handled = Mutex<(requests: [Key: Int], times: Times)>(([:], Times()))
  /// Files are counted without a lock: there are many more of them, and each takes microseconds.
  private let files = Atomic(0)
  /// By status.
  private let refused = Mutex<[Int: Int]>([:])

  /// Counts a request that a handler answered.
  func note(route: String, status: Int, ms: Int64) {
    let key = Key(route: route, statusClass: status / 100)
    let bucket = Self.bucketsMs.firstIndex { ms <= $0 } ?? Self.bucketsMs.count
    handled.withLock {
      $0.requests[key, default: 0] += 1
      $0.times.counts[bucket] += 1
      $0.times.sumMs += max(0, ms)
    }
  }

  /// Counts a request that an event loop answered.
  func noteFile() { files.add(1, ordering: .relaxed) }

  /// Counts a request that the server refused before a handler saw it.
  func noteRefusal(status: Int) { refused.withLock { $0[status, default: 0] += 1 } }

  var refusals: [Int: Int] { refused.withLock { $0 } }
  var requests: [Key: Int] { handled.withLock { $0.requests } }
  var times: Times { handled.withLock { $0.times } }
  var fileCount: Int { files.load(ordering: .relaxed) }
}
