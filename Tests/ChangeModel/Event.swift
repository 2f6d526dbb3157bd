/// One thing that happens to a team and its changes, and how long after the thing before.
///
/// People are numbered from 0, changes by their slot from 0. The words are those of the design
/// text, not of the code under test: nothing here imports it.
package struct Event: Sendable, CustomStringConvertible {
  /// How long after the event before, in milliseconds.
  package let afterMs: Int64
  /// What happens.
  package let act: Act

  /// An event.
  package init(afterMs: Int64, act: Act) {
    self.afterMs = afterMs
    self.act = act
  }

  package var description: String { "+\(afterMs) ms  \(act)" }
}

/// What can happen.
package enum Act: Sendable {
  case propose(Int, by: Int, Draft)
  case revise(Int, by: Int, Draft)
  /// A vote on the plan as it stands, or on one that has been replaced.
  case vote(Int, by: Int, Ballot, onOldPlan: Bool)
  case withdraw(Int, by: Int)
  case stop(Int, by: Int)
  /// A person presses Run, and has typed the name of what is lost or nothing.
  case run(Int, by: Int, Recheck, typesName: Bool)
  /// The clock looks whether the change is due.
  case clock(Int, Recheck)
  /// The call that is under way is answered.
  case answer(Int, Answer)
  /// The live state is read after the calls, before or after the deadline.
  case look(Int, Sight, isLate: Bool)
  /// A person goes on with an unknown run, and has typed the name of what is lost or nothing.
  case resume(Int, by: Int, Recheck, typesName: Bool)
  case find(Int, by: Int, Standing)

  case setRole(Int, Rank, by: Int?)
  case disable(Int)
  case link(Int, account: Int)
  case unlink(Int, account: Int)
  case set(Setting, Int64)
  /// A freeze from so long after now to so long after now; it may spare the kind of slot 0.
  case freeze(fromMs: Int64, toMs: Int64, spares: Bool)
  case lift(Int)
  case declare(by: Int)
  case review(Int, by: Int)
  /// The log, the disk or the clock is ill, or well again.
  case obstruct(Bool)
  /// What has run out of time is tidied away.
  case sweep
  /// The server stops at once and starts again; with a slot, in the middle of a call of its.
  case restart(during: Int?)
}

/// What a plan says, as far as anybody's decision depends on it.
package struct Draft: Sendable, CustomStringConvertible {
  package var weight = Weight.guarded
  package var restoresService = false
  package var isOwn = false
  package var lock = 0
  /// Whether each of its calls may be made again.
  package var repeatable = [true]
  package var namesLoss = false
  package var needsBackup = false
  package var isPriced = true
  /// Whether the price of `Recheck.Price.overLimit` is what it was proposed with.
  package var isDear = false
  package var hasReason = true
  /// When the clock runs it.
  package var runsAt: Int64?
  package var approvals: Int64 = 1
  package var coolingOffMs: Int64 = 0

  package init() {}

  package var description: String {
    let traits = [
      (restoresService, "restores the service"), (isOwn, "own"), (namesLoss, "names the loss"),
      (needsBackup, "needs a backup"), (!isPriced, "not priced"), (!hasReason, "no reason"),
    ]
    return "\(weight), \(approvals) approvals, rests \(coolingOffMs) ms, lock \(lock), calls "
      + repeatable.map { $0 ? "repeatable" : "once" }.joined(separator: " ")
      + (runsAt.map { ", at \($0)" } ?? "")
      + traits.filter(\.0).map { ", " + $0.1 }.joined()
  }
}

package enum Weight: String, CaseIterable, Sendable { case logged, guarded, irreversible }
package enum Ballot: String, Sendable { case approve, reject, withdraw }
package enum Answer: String, Sendable { case done, failed, unclear }
package enum Sight: String, Sendable { case expected, failure, asBefore, unreadable }
package enum Rank: String, CaseIterable, Sendable {
  case viewer, `operator`, approver, administrator, auditor
}
package enum Setting: String, CaseIterable, Sendable {
  case guardedApprovals, irreversibleApprovals, coolingOff, reviewWithin, runWithin
  case runIrreversibleWithin, roleAge, tie
}
package enum Standing: String, CaseIterable, Sendable {
  case pending, approved, executing, verifying, unknown
  case succeeded, failedNoEffect = "failed_no_effect", failedPartial = "failed_partial"
  case rejected, withdrawn, revoked, expired, stale

  package var isFinal: Bool {
    ![.pending, .approved, .executing, .verifying, .unknown].contains(self)
  }
  package var isRunning: Bool { [.executing, .verifying, .unknown].contains(self) }
}

/// What is read just before a run.
package struct Recheck: Sendable, CustomStringConvertible {
  package enum State: String, Sendable { case same, moved, unreadable }
  package enum Price: String, Sendable { case same, atLimit, overLimit, unknown }

  package var state = State.same
  package var price = Price.same
  /// How old the reading is; negative when it claims to be of the future.
  package var ageMs: Int64 = 0
  /// How old the newest backup is; nil when there is none.
  package var backupAgeMs: Int64? = 0

  package init() {}

  package var description: String {
    "\(state), price \(price), \(ageMs) ms old, backup \(backupAgeMs.map(String.init) ?? "none")"
  }
}

/// The team every sequence starts with; some may be disabled by its first events.
package enum Team {
  package static let ranks: [Rank] = [
    .operator, .approver, .approver, .administrator, .viewer, .operator,
  ]
  /// How long before the first event they have had their roles.
  package static let rolesForMs: Int64 = 30 * 86_400_000
  /// When a sequence begins, in milliseconds since 1970.
  package static let startMs: Int64 = 1_795_348_800_000
  package static let slots = 3
}

/// What takes events one after another: the oracle, or what is tested against it.
package protocol System {
  /// - Returns: whether the act was accepted.
  mutating func take(_ act: Act, at now: Int64) throws -> Bool
  /// Where each change stands; nil before it is proposed.
  func standings(at now: Int64) throws -> [Standing?]
  /// Until when a change that waits can be approved, or one that is approved can be run.
  func deadline(of change: Int) throws -> Int64?
  /// How many approvals of the plan as it stands count now.
  func approvals(of change: Int, at now: Int64) throws -> Int
}
