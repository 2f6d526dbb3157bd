import AWS
import GRDB
import Logging
import Rules
import Synchronization

/// What became of one call.
enum StepOutcome: Sendable {
  /// Answered: it was done.
  case done(String)
  /// Refused, or never sent: nothing was done.
  case failed(String)
  /// Sent, and no clear answer came.
  case unknown(String)

  var code: String {
    switch self {
    case .done: "done"
    case .failed: "failed"
    case .unknown: "unknown"
    }
  }

  var detail: String {
    switch self {
    case .done(let detail), .failed(let detail), .unknown(let detail): detail
    }
  }
}

/// Makes the calls of an approved plan, each with its intent on disk before it and its outcome
/// after it, and then watches for the expected. Never repeats a call.
struct Executor: Sendable {
  let storage: Storage
  let outside: Outside
  let boot: Boot
  let lease: LeaseHold
  let log: Logger
  /// How long to wait between two looks at the live state.
  let lookEveryMs: Int64
  /// Why runs under way can't look at the live state.
  let unread = UnreadStates()

  /// `lookEveryMs` unless told.
  static let usualLookEveryMs = 2 * Span.second
  /// How long a step may wait for what those before it make.
  static let waitMsMax = 6 * Span.hour
  /// How long to wait before what could not be written is tried again.
  static let tryAgainMs = 5 * Span.second

  /// Runs a change that `ExecutionStore.begin` has begun.
  func run(_ number: Int64, with means: Means) async {
    do {
      let change = try await storage.read { try ChangeStore.find(number, in: $0) }
      let kind = try ChangeKind.of(change.plan)
      if try await perform(change, kind, with: means) {
        try await verify(number, kind, with: means)
      }
    } catch is CancellationError {
      log.notice("CR-\(number) is left to the next start.")
    } catch {
      log.error("CR-\(number) stopped: \(error)")
      await abandon(number)
    }
  }

  /// Ends a run that has made no call. One that was to go on with an earlier attempt is as unknown
  /// as it was.
  func stop(_ number: Int64, why: String) async {
    await end(number, why: why) { change, db in
      try ExecutionStore.steps(of: change.id, in: db).isEmpty ? .failedNoEffect : .unknown
    }
  }

  /// Nobody follows the change any more: it is unknown.
  private func abandon(_ number: Int64) async {
    await end(number, why: "Caretaker could not write what it saw.") { _, _ in .unknown }
  }

  /// Moves a running change to the state where it stays. Where that can't be written, the disk
  /// being full, say, it is tried again until it can. A damaged one stays as it is, with its locks.
  private func end(
    _ number: Int64, why: String,
    in state: @escaping @Sendable (Change, Database) throws -> ChangeState
  ) async {
    while !Task.isCancelled {
      do {
        return try await storage.write { [now = outside.now()] db in
          let change = try ChangeStore.find(number, in: db)
          guard change.storedState.isRunning else { return }
          try ChangeStore.move(
            change, to: state(change, db), why: why, by: .portal, at: now, in: db)
        }
      } catch let damage as Damage {
        return log.error("\(damage)")
      } catch {
        try? await Task.sleep(for: .milliseconds(Self.tryAgainMs))
      }
    }
  }

  /// Makes every call.
  /// - Returns: whether all were answered.
  private func perform(
    _ change: Change, _ kind: ChangeKind, with means: Means
  ) async throws -> Bool {
    // Steps that an earlier attempt is known to have done are not done again.
    let begun = try await storage.read { try ExecutionStore.steps(of: change.id, in: $0) }
    var results = begun.prefix(while: \.isDone).map { $0.detail ?? "" }
    let acting: Means
    do {
      acting = try await means.acting(for: change)
    } catch let error as any SpokenError {
      await stop(change.number, why: error.sentence)
      return false
    }
    for (index, step) in change.plan.steps.enumerated().dropFirst(results.count) {
      try Task.checkCancellation()
      let failure = ChangeState.failure(isFirst: index == 0, wasTried: index < begun.count)
      if let why = try await obstacle(to: step, of: change, kind, with: means) {
        try await storage.write { [now = outside.now()] db in
          try ChangeStore.move(change, to: failure, why: why, by: .portal, at: now, in: db)
        }
        return false
      }
      let position = Int64(index + 1)
      try await storage.write { [boot, now = outside.now()] db in
        try ExecutionStore.intend(
          position, call: "\(step.service):\(step.operation)", of: change, boot: boot, at: now,
          in: db)
      }
      let outcome = await attempt(step, of: change, kind, with: acting, after: results)
      let now = outside.now()
      let spooled = SpooledOutcome(
        change: change.number, boot: boot.id, step: position, outcome: outcome.code,
        detail: outcome.detail, at: now.ms)
      try await storage.write(spooled) { db in
        try ExecutionStore.finish(position, of: change, outcome: outcome, at: now, in: db)
        guard let state = outcome.state(or: failure) else { return }
        try ChangeStore.move(
          change, to: state, why: outcome.detail, by: .portal, at: now, in: db)
      }
      guard case .done(let result) = outcome else { return false }
      results.append(result)
    }
    try await storage.write { [now = outside.now()] db in
      try ChangeStore.move(
        change, to: .verifying, why: "Every call was answered; the live state is read.",
        by: .portal, at: now, in: db)
    }
    return true
  }

  /// Waits for what a step needs of those before it, and while another portal may work.
  /// - Returns: why it can't be made; nil when it can.
  private func obstacle(
    to step: Step, of change: Change, _ kind: ChangeKind, with means: Means
  ) async throws -> String? {
    let deadline = outside.now().adding(ms: Self.waitMsMax)
    defer { unread.set(nil, of: change.number) }
    while true {
      do {
        if lease.isHeld, try await kind.isReady(means, change.plan, step) { return nil }
        unread.set(nil, of: change.number)
      } catch let problem as PlanProblem {
        return problem.sentence
      } catch let error as any CallError {
        noteUnread(error, of: change)
      }
      if outside.now() > deadline {
        let late = "“\(step.words)” could not be done within \(Span.words(ms: Self.waitMsMax))."
        return unread.why(change.number).map { "\(late) \($0)" } ?? late
      }
      try await Task.sleep(for: .milliseconds(lookEveryMs))
    }
  }

  /// Makes the call of a step, once.
  func attempt(
    _ step: Step, of change: Change, _ kind: ChangeKind, with means: Means, after results: [String]
  ) async -> StepOutcome {
    do {
      try lease.check()
    } catch {
      return .failed("Nothing was sent. " + error.sentence)
    }
    do {
      // A task of its own: when the portal stops, a call that is under way is still answered.
      let plan = change.plan
      return .done(try await Task { try await kind.perform(means, plan, step, results) }.value)
    } catch let error as any CallError {
      return error.effect == .none ? .failed(error.sentence) : .unknown(error.sentence)
    } catch let error as any SpokenError {
      // What Caretaker writes itself is written whole or not at all.
      return step.service == Step.ownService ? .failed(error.sentence) : .unknown(error.sentence)
    } catch {
      return .unknown("\(error)")
    }
  }

  /// Looks at the live state until it is as expected, has failed, or the deadline has passed.
  private func verify(_ number: Int64, _ kind: ChangeKind, with means: Means) async throws {
    let change = try await storage.read { try ChangeStore.find(number, in: $0) }
    let deadline = outside.now().adding(ms: change.plan.verifyWithinMs)
    defer { unread.set(nil, of: number) }
    while true {
      let readings = await look(at: change, kind, with: means)
      let now = outside.now()
      let verdict = Verdict(
        of: change.plan, from: readings, unread: unread.why(number) ?? "", isLate: now > deadline)
      if let verdict {
        try await storage.write { db in
          if let readings {
            try EvidenceStore.set(readings, of: change, at: now, in: db)
          }
          try ChangeStore.move(
            change, to: verdict.state, why: verdict.why, by: .portal, at: now, in: db)
        }
        return
      }
      try await Task.sleep(for: .milliseconds(lookEveryMs))
    }
  }
}

extension Executor {
  /// One look at the live state; nil where it can't be read, which is said once for each reason.
  private func look(
    at change: Change, _ kind: ChangeKind, with means: Means
  ) async -> [String: String]? {
    do {
      let readings = try await kind.read(means, change.plan)
      unread.set(nil, of: change.number)
      return readings
    } catch {
      guard !Task.isCancelled else { return nil }
      noteUnread(error, of: change)
      return nil
    }
  }

  private func noteUnread(_ error: any Error, of change: Change) {
    let why = Failure.words(of: error)
    guard unread.why(change.number) != why else { return }
    unread.set(why, of: change.number)
    log.warning("CR-\(change.number) waits and can't look: \(why)")
  }
}

/// Why runs under way can't look at the live state, as of their last look.
final class UnreadStates: Sendable {
  private let whys = Mutex<[Int64: String]>([:])

  /// Why it can't be read for a change; nil where it could be.
  func why(_ number: Int64) -> String? { whys.withLock { $0[number] } }

  func set(_ why: String?, of number: Int64) { whys.withLock { $0[number] = why } }
}

extension StepOutcome {
  /// The state that ends the run here; nil to go on.
  /// - Parameter failure: the state where nothing was done.
  func state(or failure: ChangeState) -> ChangeState? {
    switch self {
    case .done: nil
    case .failed: failure
    case .unknown: .unknown
    }
  }
}

extension ChangeState {
  /// Where a run ends with a step that is not done.
  /// - Parameter wasTried: whether an earlier attempt has made the call as well. Nobody knows what
  ///   became of that one, whatever is said of this.
  static func failure(isFirst: Bool, wasTried: Bool) -> ChangeState {
    wasTried ? .unknown : isFirst ? .failedNoEffect : .failedPartial
  }
}
