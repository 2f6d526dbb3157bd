import Foundation
import Rules

/// The runs under way in this process, so that a stop can wait for them.
///
/// `@unchecked Sendable`: `lock` guards `running` and `next`; nothing else changes.
final class Executions: @unchecked Sendable {
  private let lock = NSLock()
  private var running: [Int: Task<Void, Never>] = [:]
  private var next = 0

  /// Starts a run and keeps it until it ends.
  func start(_ run: @escaping @Sendable () async -> Void) {
    lock.withLock {
      let id = next
      next += 1
      running[id] = Task.detached { [self] in
        await run()
        forget(id)
      }
    }
  }

  /// Asks every run to stop after the call it is making, and waits until they have. What was not
  /// seen to its end is "unknown" at the next start.
  func stop() async {
    let tasks = lock.withLock { Array(running.values) }
    for task in tasks { task.cancel() }
    for task in tasks { await task.value }
  }

  private func forget(_ id: Int) {
    lock.withLock { _ = running.removeValue(forKey: id) }
  }
}
