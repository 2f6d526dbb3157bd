import Foundation

/// Threads for work that blocks: SQLite, argon2. Never Swift's cooperative pool, which has two
/// threads on a small machine, and never an event loop.
///
/// `@unchecked Sendable`: `condition` guards `waiting` and `isClosed`; nothing else changes.
final class BlockingPool: @unchecked Sendable {
  /// Jobs that may wait for a thread. Past it callers are told at once that the portal is busy.
  private let waitingMax: Int
  /// How much later than others threads that give way get a core (nice(2)).
  private static let giveWay: Int32 = 2

  private let condition = NSCondition()
  private var waiting: [@Sendable () -> Void] = []
  private var head = 0
  private var isClosed = false

  /// - Parameters:
  ///   - width: how many threads, which is how many jobs run at once.
  ///   - waitingMax: how many jobs may wait for a thread.
  ///   - givesWay: whether other threads come first where cores are short.
  init(name: String, width: Int, waitingMax: Int = 1_024, givesWay: Bool = false) {
    self.waitingMax = waitingMax
    for index in 0..<max(1, width) {
      let thread = Thread { [self] in
        // On Linux this is the thread's own (setpriority(2), “C library/kernel differences”).
        if givesWay { setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Self.giveWay) }
        work()
      }
      thread.name = "\(name)-\(index)"
      thread.start()
    }
  }

  /// Runs blocking work on one of the threads and gives its result.
  /// - Throws: what the work throws, or `Busy` when too many jobs wait.
  func run<Result: Sendable>(
    _ job: @escaping @Sendable () throws -> Result
  ) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      let accepted = add { continuation.resume(with: Swift.Result { try job() }) }
      if !accepted { continuation.resume(throwing: Busy()) }
    }
  }

  /// How many jobs wait for a thread now.
  var waitingCount: Int {
    condition.lock()
    defer { condition.unlock() }
    return waiting.count - head
  }

  /// Lets waiting jobs finish and ends the threads.
  func close() {
    condition.lock()
    isClosed = true
    condition.broadcast()
    condition.unlock()
  }

  /// Has a job done on one of the threads; false when too many wait, which it is not then.
  func add(_ job: @escaping @Sendable () -> Void) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    guard !isClosed, waiting.count - head < waitingMax else { return false }
    waiting.append(job)
    condition.signal()
    return true
  }

  private func work() {
    while let job = next() { job() }
  }

  private func next() -> (@Sendable () -> Void)? {
    condition.lock()
    defer { condition.unlock() }
    while head == waiting.count {
      if isClosed { return nil }
      condition.wait()
    }
    let job = waiting[head]
    head += 1
    // What has been taken goes also where something always waits, half of them at a time.
    if head * 2 >= waiting.count {
      waiting.removeFirst(head)
      head = 0
    }
    return job
  }
}

/// Too much blocking work waits already.
struct Busy: Error {}
