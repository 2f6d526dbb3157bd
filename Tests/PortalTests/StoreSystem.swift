import AWS
import ChangeModel
import Cryptography
import Foundation
import GRDB
import Rules

@testable import Portal

/// The stores under test, on a real file: each act is one write transaction, made as the handlers
/// of `Portal/Changes` make it. People are looked up as a session finds them.
final class StoreSystem: System {
  private static let file = "/caretaker.sqlite"

  private let folder: String
  private var storage: Storage
  private var boot: Boot
  private var obstacle: Refusal?
  private var last = Team.startMs

  /// - Parameter folder: of its own, as `makeTemplate` leaves one.
  init(folder: String) throws {
    self.folder = folder
    storage = try Storage(path: folder + Self.file)
    boot = try Self.boot(storage, at: Team.startMs)
  }

  /// Makes a folder with a database that has the team and the policy in it.
  static func makeTemplate(in folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let storage = try Storage(path: folder + file)
    let then = Moment(ms: Team.startMs - Team.rolesForMs)
    try storage.writeNow { db in
      for (index, rank) in Team.ranks.enumerated() {
        let id = try PersonStore.insert(
          login: "p\(index)", name: "P\(index)", role: rank.role, passwordHash: "-", at: then,
          in: db)
        try AuditLog.append(
          .personAdded(person: id, role: rank.role), by: .command, at: then, in: db)
      }
      try HouseStore.set(.standard, by: .command, at: then, in: db)
    }
    try storage.close()
  }

  /// Closes the database and removes its folder.
  func end() throws {
    try storage.close()
    try FileManager.default.removeItem(atPath: folder)
  }

  private static let transport = Transport()

  private static func boot(_ storage: Storage, at now: Int64) throws -> Boot {
    let cloud: @Sendable (Site) -> Cloud = {
      Cloud(site: $0, transport: transport, environment: [:], now: { Moment(ms: now) })
    }
    return try Boot.begin(
      in: storage,
      outside: Outside(
        now: { Moment(ms: now) }, randomBytes: { try RandomBytes.generate($0) }, cloud: cloud),
      under: .notNeeded)
  }

  // MARK: What is seen

  func standings(at now: Int64) throws -> [Standing?] {
    try storage.readNow { db in
      try (0..<Team.slots).map { slot in
        try find(slot, db).flatMap { Standing(rawValue: $0.state(at: Moment(ms: now)).rawValue) }
      }
    }
  }

  func deadline(of slot: Int) throws -> Int64? {
    try storage.readNow { try find(slot, $0)?.deadline }
  }

  func approvals(of slot: Int, at now: Int64) throws -> Int {
    try storage.readNow { db in
      try find(slot, db)?.approvers(in: HouseStore.house(at: Moment(ms: now), in: db)).count ?? 0
    }
  }

  /// The rule that the log tells of having been broken; nil when none was.
  func brokenRule() throws -> String? {
    try storage.readNow { db in
      var replay = AuditReplay()
      let rows = try Row.fetchCursor(
        db, sql: "SELECT type, person_id, at, bytes FROM audit ORDER BY seq")
      while let row = try rows.next() {
        let entry = Canonical(canonical: [UInt8](row["bytes"] as Data))
        let broken = replay.apply(
          type: row["type"], person: row["person_id"], at: row["at"],
          data: entry?["data"] ?? .object([:]))
        if let broken { return broken }
      }
      return nil
    }
  }

  /// Writes runs that nobody decided about, of every change that too few have approved.
  /// - Returns: how many.
  func runBehindTheRules() throws -> Int {
    let now = Moment(ms: last)
    return try storage.writeNow { db in
      let house = try HouseStore.house(at: now, in: db)
      let lacking = try ChangeStore.all([.pending, .approved], in: db).sound.filter {
        $0.approvers(in: house).count < $0.plan.terms.requirement.approvals
      }
      for change in lacking {
        try db.execute(sql: "DELETE FROM locks")
        try ExecutionStore.begin(
          change, by: change.requester, as: .person(change.requester), approvers: [],
          emergency: nil, boot: boot, under: .notNeeded, at: now, in: db)
      }
      return lacking.count
    }
  }

  private func find(_ slot: Int, _ db: Database) throws -> Change? {
    try ChangeStore.find(id: Draft().plan(slot, revision: 1).change, in: db)
  }

  private func person(_ index: Int, _ db: Database) throws -> Person {
    guard let person = try PersonStore.find(Int64(index + 1), in: db) else {
      throw StorageProblem("nobody has the number \(index + 1)")
    }
    return person
  }

  // MARK: What happens

  func take(_ act: Act, at now: Int64) throws -> Bool {
    last = now
    if case .restart(let slot) = act {
      if let slot { try intend(slot, Moment(ms: now)) }
      try storage.close()
      storage = try Storage(path: folder + Self.file)
      boot = try Self.boot(storage, at: now)
      return true
    }
    if case .obstruct(let isIll) = act {
      obstacle = isIll ? .wrongPassword : nil
      return true
    }
    do {
      return try storage.writeNow { try attempt(act, Moment(ms: now), $0) }
    } catch is Refusal {
      return false
    } catch let end as Overtaken {
      try storage.writeNow { db in
        guard let slot = act.change, let change = try find(slot, db) else { return }
        let house = try HouseStore.house(at: Moment(ms: now), obstacle: obstacle, in: db)
        _ = try ChangeStore.overtake(change, after: end.why, end.preflight, in: house, db)
      }
      return false
    }
  }

  /// The run is refused; what that means for the change is written.
  private struct Overtaken: Error {
    let why: Refusal
    let preflight: Preflight
  }

  private func attempt(_ act: Act, _ now: Moment, _ db: Database) throws -> Bool {
    let house = try HouseStore.house(at: now, obstacle: obstacle, in: db)
    switch act {
    case .propose(let slot, let by, let draft):
      guard try find(slot, db) == nil else { return false }
      let (plan, by) = (draft.plan(slot, revision: 1), try person(by, db))
      let reason = draft.hasReason ? "why" : ""
      let state = try Change.checkProposal(of: plan, by: by, reason: reason, in: house)
      _ = try ChangeStore.insert(
        plan, bytes: plan.bytes, as: state, by: by, reason: reason, in: house, db)
      return true
    case .declare(let by):
      let by = try person(by, db)
      try house.checkEmergency(by: by, reason: "why")
      try HouseStore.declareEmergency(by: by, reason: "why", at: now, in: db)
      return true
    case .review(let number, let by):
      let all = try HouseStore.emergencies(in: db)
      guard all.indices.contains(number) else { return false }
      let by = try person(by, db)
      try house.checkReview(of: all[number], by: by)
      try HouseStore.review(all[number], by: by, note: "seen", at: now, in: db)
      return true
    case .sweep:
      for change in try ChangeStore.all([.pending, .approved], in: db).sound
      where change.state(at: now) == .expired {
        try ChangeStore.move(change, to: .expired, why: "late", by: .portal, at: now, in: db)
      }
      return true
    default:
      guard let slot = act.change else { return try set(act, now, db) }
      guard let change = try find(slot, db) else { return false }
      return try attempt(act, on: change, in: house, db)
    }
  }

  private func attempt(
    _ act: Act, on change: Change, in house: House, _ db: Database
  ) throws -> Bool {
    let now = house.now
    switch act {
    case .revise(let slot, let by, let draft):
      let plan = draft.plan(slot, revision: change.plan.terms.revision + 1)
      let (by, reason) = (try person(by, db), draft.hasReason ? "why" : "")
      let state = try change.checkRevision(to: plan, by: by, reason: reason, in: house)
      try ChangeStore.revise(
        change, to: plan, bytes: plan.bytes, as: state, by: by, reason: reason, in: house, db)
    case .vote(_, let by, let ballot, let onOldPlan):
      guard let decision = Vote.Decision(rawValue: ballot.rawValue) else { return false }
      let (by, seen) = (try person(by, db), onOldPlan ? "old" : change.digest)
      let state = try change.decide(decision, by: by, seeing: seen, note: "no", in: house)
      try ChangeStore.cast(
        Vote(personID: by.id, digest: seen, decision: decision, at: now), note: "no", by: by,
        on: change, to: state, in: house, db)
    case .withdraw(_, let by):
      let by = try person(by, db)
      try change.checkWithdrawal(by: by, in: house)
      try ChangeStore.setState(of: change, to: .withdrawn, window: change.window, in: db)
      try AuditLog.append(
        .changeWithdrawn(number: change.number), by: .person(by), at: now, in: db)
    case .stop(_, let by):
      let by = try person(by, db)
      try change.checkRevocation(by: by, note: "no", in: house)
      try ChangeStore.setState(of: change, to: .revoked, window: change.window, in: db)
      try AuditLog.append(
        .changeRevoked(number: change.number, note: "no"), by: .person(by), at: now, in: db)
    case .run(_, let by, let check, let typesName):
      try run(
        change, .person(person(by, db)), typed: typesName ? "ghost-db" : "", check, in: house, db)
    case .clock(_, let check):
      guard change.isDue(at: now, runningSince: boot.startedAt),
        try ChangeStore.noteTry(change, at: now, in: db)
      else { return false }
      return try runOnTime(change, check, in: house, db)
    case .resume(_, let by, let check, let typesName):
      let by = try person(by, db)
      let left = Array(change.plan.steps.dropFirst(try done(change, db)))
      let emergency = try change.checkResumption(
        by: by, typed: typesName ? "ghost-db" : "", steps: left, preflight: check.preflight(now),
        in: house)
      try ExecutionStore.begin(
        change, by: by, as: .person(by), approvers: change.approvers(in: house),
        emergency: emergency, boot: boot, under: .notNeeded, at: now, in: db)
    case .find(_, let by, let standing):
      return try find(standing, of: change, by: person(by, db), in: house, db)
    case .answer(_, let answer): return try self.answer(change, answer, now, db)
    case .look(_, let sight, let isLate):
      let verdict: Verdict? =
        switch change.storedState {
        case .verifying: Verdict(of: change.plan, from: sight.readings, isLate: isLate)
        case .unknown: sight.readings.flatMap { Verdict.decisive(of: change.plan, from: $0) }
        default: nil
        }
      guard let verdict else { return false }
      try ChangeStore.move(
        change, to: verdict.state, why: verdict.why, by: .portal, at: now, in: db)
    default: return false
    }
    return true
  }

  // MARK: Runs

  private func run(
    _ change: Change, _ runner: Change.Runner, typed: String, _ check: Recheck, in house: House,
    _ db: Database
  ) throws {
    let emergency: Emergency?
    let preflight = check.preflight(house.now)
    do throws(Refusal) {
      emergency = try change.checkRun(by: runner, typed: typed, preflight: preflight, in: house)
    } catch {
      throw Overtaken(why: error, preflight: preflight)
    }
    try ExecutionStore.begin(
      change, by: runner.person ?? change.requester,
      as: runner.person.map(AuditLog.Actor.person) ?? .portal,
      approvers: change.approvers(in: house), emergency: emergency, boot: boot, under: .notNeeded,
      at: house.now, in: db)
  }

  /// The try is noted whether or not the run is refused.
  private func runOnTime(
    _ change: Change, _ check: Recheck, in house: House, _ db: Database
  ) throws -> Bool {
    var isRefused = false
    do {
      try db.inSavepoint {
        try run(change, .schedule, typed: "", check, in: house, db)
        return .commit
      }
    } catch is Refusal {
      isRefused = true
    } catch let end as Overtaken {
      isRefused = true
      _ = try ChangeStore.overtake(change, after: end.why, end.preflight, in: house, db)
    }
    return !isRefused
  }

  private func find(
    _ standing: Standing, of change: Change, by person: Person, in house: House, _ db: Database
  ) throws -> Bool {
    guard let state = ChangeState(rawValue: standing.rawValue) else { return false }
    let executors = try ExecutionStore.executors(of: change.id, in: db)
    try change.checkFinding(by: person, executors: executors, in: house)
    let actor = AuditLog.Actor.person(person)
    try AuditLog.append(
      .changeFound(number: change.number, state: state, note: "seen"), by: actor, at: house.now,
      in: db)
    try ChangeStore.move(change, to: state, why: "seen", by: actor, at: house.now, in: db)
    return true
  }

  private func done(_ change: Change, _ db: Database) throws -> Int {
    try ExecutionStore.steps(of: change.id, in: db).prefix(while: \.isDone).count
  }

  private func intend(_ slot: Int, _ now: Moment) throws {
    try storage.writeNow { db in
      guard let change = try find(slot, db), change.storedState == .executing else { return }
      try ExecutionStore.intend(
        Int64(try done(change, db) + 1), call: "ecs:Do", of: change, boot: boot, at: now, in: db)
    }
  }

  private func answer(
    _ change: Change, _ answer: Answer, _ now: Moment, _ db: Database
  ) throws -> Bool {
    guard change.storedState == .executing else { return false }
    let step = Int64(try done(change, db) + 1)
    let wasTried = try ExecutionStore.steps(of: change.id, in: db).contains { $0.step == step }
    try ExecutionStore.intend(step, call: "ecs:Do", of: change, boot: boot, at: now, in: db)
    let outcome: StepOutcome =
      switch answer {
      case .done: .done("")
      case .failed: .failed("")
      case .unclear: .unknown("")
      }
    try ExecutionStore.finish(step, of: change, outcome: outcome, at: now, in: db)
    let isLast = Int(step) == change.plan.steps.count
    let failure = ChangeState.failure(isFirst: step == 1, wasTried: wasTried)
    let next = outcome.state(or: failure) ?? (isLast ? .verifying : nil)
    if let next {
      try ChangeStore.move(change, to: next, why: "answered", by: .portal, at: now, in: db)
    }
    return true
  }

  // MARK: The team and the house

  private func set(_ act: Act, _ now: Moment, _ db: Database) throws -> Bool {
    switch act {
    case .setRole(let index, let rank, let by):
      let person = try person(index, db)
      let by = try by.map { try self.person($0, db) }
      try PersonStore.setRole(person.id, to: rank.role, by: by?.id, at: now, in: db)
      try AuditLog.append(
        .roleChanged(person: person.id, from: person.role, to: rank.role),
        by: by.map(AuditLog.Actor.person) ?? .command, at: now, in: db)
    case .disable(let index):
      let person = try person(index, db)
      try PersonStore.disable(person.id, at: now, in: db)
      try AuditLog.append(.personDisabled(person: person.id), by: .command, at: now, in: db)
    case .link(let index, let account):
      let id = Int64(index + 1)
      try PersonStore.link(id, account: "github:\(account)", at: now, in: db)
      try AuditLog.append(
        .personLinked(person: id, sameAs: PersonStore.others(sharingWith: id, in: db)),
        by: .command, at: now, in: db)
    case .unlink(let index, let account):
      let id = Int64(index + 1)
      try PersonStore.unlink(id, account: "github:\(account)", in: db)
      try AuditLog.append(
        .personUnlinked(person: id, sameAs: PersonStore.others(sharingWith: id, in: db)),
        by: .command, at: now, in: db)
    case .set(let setting, let value):
      var policy = try HouseStore.policy(in: db)
      policy[keyPath: setting.path] = value
      try HouseStore.set(policy, by: .command, at: now, in: db)
    case .freeze(let from, let to, let spares):
      try HouseStore.insert(
        Freeze(
          number: 0, from: now.adding(ms: from), to: now.adding(ms: to), reason: "why",
          exceptions: spares ? ["kind.0"] : []),
        by: person(0, db), at: now, in: db)
    case .lift(let number):
      guard number < (try HouseStore.freezes(in: db)).count else { return false }
      try HouseStore.lift(Int64(number + 1), at: now, in: db)
    default: return false
    }
    return true
  }
}
