import AWS
import GRDB
import HTTP
import HTTPTypes
import Rules

extension Portal {
  /// Runs an approved change: reads the live state and the prices, decides, and hands the plan to
  /// the executor. The page that follows shows how it goes.
  func runChange(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let number = try visit.number("number")
    return try await auditingRefusal(of: "run", number, by: person, visit) {
      let change = try await self.storage.read { try ChangeStore.find(number, in: $0) }
      let state = change.state(at: visit.now)
      guard state.isBeforeRun else { throw Refusal.wrongState(state) }
      let proof = try await self.proof(for: change, by: person, visit)
      try await self.run(
        number, by: .person(person), confirmedBy: proof, typed: visit.field("typed"),
        at: visit.now)
      return .seeOther("/changes/\(number)", saying: .running)
    }
  }

  /// Makes the calls that an unknown run has not made, where making one twice does no harm.
  func resumeChange(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let number = try visit.number("number")
    return try await auditingRefusal(of: "go on with", number, by: person, visit) {
      let change = try await self.storage.read { try ChangeStore.find(number, in: $0) }
      guard change.storedState == .unknown else {
        throw Refusal.wrongState(change.state(at: visit.now))
      }
      let proof = try await self.proof(for: change, by: person, visit)
      let means = try self.means(for: change.plan)
      let preflight = try await self.preflight(of: change.plan, with: means, at: visit.now)
      let obstacle = try await self.obstacle(with: means.cloud)
      let (boot, lease, now) = (self.boot, self.lease, self.outside.now())
      try await self.storage.write { db in
        let change = try ChangeStore.find(number, in: db)
        let house = try HouseStore.house(
          at: now, obstacle: obstacle ?? self.logObstacle(to: change.plan, at: now, in: db), in: db)
        let emergency = try change.checkResumption(
          by: person, typed: visit.field("typed"),
          steps: ExecutionStore.left(of: change, in: db), preflight: preflight, in: house)
        try ExecutionStore.begin(
          change, by: person, as: .person(person), approvers: change.approvers(in: house),
          emergency: emergency, confirmedBy: proof, boot: boot, under: lease, at: now, in: db)
      }
      try self.follow(number, change.plan)
      return .seeOther("/changes/\(number)", saying: .running)
    }
  }

  /// What a person confirms a run with; nil where nothing is asked for. What a passkey has signed
  /// for is the plan that was on the page.
  private func proof(
    for change: Change, by person: Person, _ visit: Visit
  ) async throws -> Proof? {
    guard visit.form["digest"] ?? change.digest == change.digest else { throw Refusal.planMoved }
    return change.plan.guarding == .logged ? nil : try await confirm(person, visit)
  }

  /// Runs a change for a person or for the clock.
  func run(
    _ number: Int64, by runner: Change.Runner, confirmedBy proof: Proof? = nil, typed: String,
    at now: Moment
  ) async throws {
    let change = try await storage.read { try ChangeStore.find(number, in: $0) }
    let state = change.state(at: now)
    guard state.isBeforeRun else { throw Refusal.wrongState(state) }
    let means = try means(for: change.plan)
    let preflight = try await preflight(of: change.plan, with: means, at: now)
    let obstacle = try await obstacle(with: means.cloud)
    try await begin(
      number, by: runner, confirmedBy: proof, typed: typed, preflight, obstacle)
    try follow(number, change.plan)
  }

  /// What a run is decided on. That it can't be read is a refusal, so that the change's page says
  /// why, and not only the page of whoever pressed Run.
  private func preflight(
    of plan: Plan, with means: Means, at now: Moment
  ) async throws -> Preflight {
    do {
      return try await ChangeKind.of(plan).preflight(of: plan, with: means, at: now)
    } catch let error as any CallError {
      throw Refusal.notRead(error.sentence)
    }
  }

  /// Decides and begins the run in one transaction. A change the world has moved away from is
  /// closed as stale instead, and one whose price has risen waits for approval again.
  private func begin(
    _ number: Int64, by runner: Change.Runner, confirmedBy proof: Proof?, typed: String,
    _ preflight: Preflight, _ obstacle: Refusal?
  ) async throws {
    let refusal = try await storage.write { [boot, lease, now = outside.now()] db -> Refusal? in
      let change = try ChangeStore.find(number, in: db)
      let house = try HouseStore.house(
        at: now, obstacle: obstacle ?? self.logObstacle(to: change.plan, at: now, in: db), in: db)
      let emergency: Emergency?
      do throws(Refusal) {
        emergency = try change.checkRun(
          by: runner, typed: typed, preflight: preflight, in: house)
      } catch {
        guard try ChangeStore.overtake(change, after: error, preflight, in: house, db) else {
          throw error
        }
        return error
      }
      try ExecutionStore.begin(
        change, by: runner.person ?? change.requester,
        as: runner.person.map(AuditLog.Actor.person) ?? .portal,
        approvers: change.approvers(in: house), emergency: emergency, confirmedBy: proof,
        boot: boot, under: lease, at: now, in: db)
      return nil
    }
    if let refusal { throw refusal }
  }

  private func follow(_ number: Int64, _ plan: Plan) throws {
    let means = try means(for: plan)
    executions.start {
      if let why = await self.signIntent(of: plan) {
        await self.executor.stop(number, why: why)
      } else {
        await self.executor.run(number, with: means)
      }
      await self.signLog()
    }
  }
}

extension Change.Runner {
  /// The person; nil for the clock.
  var person: Person? { if case .person(let person) = self { person } else { nil } }
}
