import AWS
import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// What proposing, the clock, the executor and the reconciler make of what goes wrong.
@Suite struct ExecutorTests {
  /// A plan of a kind that nothing more has to be seen of.
  private func plan(
    _ kind: String, _ service: String = Step.ownService, hasStep: Bool = true
  ) -> Plan {
    Plan(
      change: UUID().uuidString.lowercased().filter(\.isHexDigit), kind: kind, site: "blog",
      title: "Set it", guarding: .logged, parameters: [:], locks: [], preconditions: [],
      steps: hasStep
        ? [
          Step(
            service: service, operation: "Do", words: "Do it", parameters: [:], recovery: .setTo)
        ] : [],
      expected: [], failure: [], verifyWithinMs: Span.minute, effects: [], cost: .none)
  }

  /// A kind whose calls end with an error.
  private func kind(throwing error: any Error) -> ChangeKind {
    ChangeKind(
      id: "test", label: "", plan: { _, _ in throw error }, read: { _, _ in [:] },
      perform: { _, _, _, _ in throw error })
  }

  private func means(_ stage: Stage) -> Means {
    stage.portal.means(at: stage.portal.configuration.sites[0])
  }

  /// Stores a change as one whose outcome nobody knows.
  private func unknown(_ plan: Plan, on stage: Stage) throws -> Int64 {
    let person = try stage.person("operator")
    return try stage.portal.storage.writeNow { [now = stage.clock.now] db in
      let number = try ChangeStore.insert(
        plan, bytes: plan.bytes, as: .approved, by: person, reason: "It has to be",
        in: HouseStore.house(at: now, in: db), db)
      try ChangeStore.setState(
        of: ChangeStore.find(number, in: db), to: .unknown, window: nil, in: db)
      return number
    }
  }

  @Test(arguments: [
    (Step.ownService, "failed"), ("ecs", "unknown"),
  ])
  func `what Caretaker's own rows refuse was not done, and is told in words`(
    service: String, code: String
  ) async throws {
    let stage = try Stage()
    let plan = plan(ChangeKind.policy.id, service)
    let change = try stage.change(try unknown(plan, on: stage))
    let outcome = await stage.portal.executor.attempt(
      plan.steps[0], of: change, kind(throwing: PlanProblem("It is gone.")), with: means(stage),
      after: [])
    #expect(outcome.code == code)
    #expect(outcome.detail == "It is gone.")
    try await stage.end()
  }

  @Test func `a change that can't be looked at does not keep the others from it`() async throws {
    let stage = try Stage()
    let first = try unknown(plan("kind.of-tomorrow"), on: stage)
    let second = try unknown(plan(ChangeKind.policy.id), on: stage)
    let reconciler = Reconciler(
      storage: stage.portal.storage, outside: stage.portal.outside, log: Stage.silence)
    try await reconciler.settle(with: means(stage))
    #expect(try stage.change(first).storedState == .unknown)
    #expect(try stage.change(second).storedState == .succeeded)
    try await stage.end()
  }

  @Test func `a run that can't look at the live state says why, meanwhile and in the end`()
    async throws
  {
    let stage = try Stage()
    let number = try unknown(plan(ChangeKind.serviceCount.id, hasStep: false), on: stage)
    let person = try stage.person("operator")
    try stage.portal.storage.writeNow { [now = stage.clock.now] db in
      try ExecutionStore.begin(
        ChangeStore.find(number, in: db), by: person, as: .person(person), approvers: [],
        emergency: nil, boot: stage.portal.boot, under: .notNeeded, at: now, in: db)
    }
    let run = Task { await stage.portal.executor.run(number, with: means(stage)) }
    let browser = try await stage.browser(as: "viewer")
    let why = "ECS DescribeServices: no connection to AWS"
    try await wait {
      let page = await browser.get("/changes/\(number)").text
      return page.contains("is read again by itself. \(why)")
    }
    stage.clock.advance(ms: Span.day)
    await run.value
    #expect(try stage.change(number).storedState == .unknown)
    let page = await (try stage.browser(as: "viewer")).get("/changes/\(number)").text
    #expect(page.contains("could not be read in time. \(why)"))
    #expect(!page.contains("is read again by itself"))
    try await stage.end()
  }

  @Test func `a run that is refused because nothing can be read says which call failed, and how`()
    async throws
  {
    let stage = try Stage()
    let number = try await Proposals.propose(on: stage)
    try await Proposals.approve(number, on: stage)
    let browser = try await stage.browser(as: "operator")
    let why = "so nothing was run. ECS DescribeServices: no connection to AWS"
    let answer = await browser.run(number)
    #expect(answer.status == .conflict && answer.text.contains(why))
    #expect(await browser.get("/changes/\(number)").text.contains(why))
    #expect(try stage.change(number).storedState == .approved)
    try await stage.end()
  }

  @Test func `a poll that is cut off keeps nothing of what it could not read`() async throws {
    let stage = try Stage()
    let poller = Poller(
      cloud: means(stage).cloud, storage: stage.portal.storage, outside: stage.portal.outside,
      log: Stage.silence)
    let poll = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      try await poller.poll()
    }
    await #expect(throws: CancellationError.self) { try await poll.value }
    let kept = try stage.portal.storage.readNow { try ObservationStore.all(site: "blog", in: $0) }
    #expect(kept.isEmpty)
    try await stage.end()
  }

  @Test func `what is wrong with the database's file is said in words, anything else in the log`() {
    let full = Failure.words(of: DatabaseError(resultCode: .SQLITE_FULL))
    #expect(full.hasPrefix("The disk is full."))
    #expect(Failure.words(of: DatabaseError(resultCode: .SQLITE_BUSY)).hasPrefix("Another program"))
    let other = Failure.words(of: DatabaseError(resultCode: .SQLITE_ERROR))
    #expect(other == "It failed in Caretaker itself; its log says how.")
  }

  @Test func `a refusal that can't be written does not keep the clock from the next change`()
    async throws
  {
    let stage = try Stage()
    let runAt = stage.clock.now.adding(ms: Span.minute)
    for _ in 0..<2 {
      var plan = try Proposals.plan()
      plan.terms.runAt = runAt
      try await Proposals.approve(try await Proposals.propose(plan, on: stage), on: stage)
    }
    try stage.portal.storage.writeNow { db in
      try db.execute(
        sql: """
          CREATE TRIGGER no_refusal BEFORE INSERT ON audit
          WHEN NEW.type = 'change.refused' AND NEW.change = 1
          BEGIN SELECT RAISE(ABORT, 'no'); END
          """)
    }
    stage.clock.advance(ms: Span.minute)
    try await stage.portal.runWhatIsDue()
    let refused = try stage.portal.storage.readNow { db in
      try AuditStore.entries(of: 2, in: db).contains { $0.type == "change.refused" }
    }
    #expect(refused)
    try await stage.end()
  }

  @Test func `what was asked for is that of the newest revision, whatever is sent again`()
    async throws
  {
    let stage = try Stage()
    let browser = try await stage.browser(as: "operator")
    var plan = try Proposals.plan()
    func send(_ revision: Int64, _ asked: String) async throws -> [String: String] {
      plan.terms.revision = revision
      let form = try Proposals.form(plan, by: "operator", on: stage)
      let response = await browser.post("/changes", form.merging(["asked": asked]) { $1 })
      #expect(response.status == .seeOther)
      return try stage.portal.storage.readNow { try AskedStore.find(plan.change, in: $0) }
    }
    #expect(try await send(1, "count=2") == ["count": "2"])
    #expect(try await send(2, "count=3") == ["count": "3"])
    #expect(try await send(1, "count=2") == ["count": "3"])
    let long = "count=" + String(repeating: "3", count: AskedStore.bytesMax)
    #expect(try await send(3, long).isEmpty)
    try await stage.end()
  }

  @Test func `a key's file that can't be read stops a call before it is sent`() async throws {
    let stage = try Stage { $0.ghostKeyFile = "/nowhere/ghost.key" }
    do {
      _ = try await means(stage).cloud.ghost.activateTheme("source")
      Issue.record("it was sent")
    } catch let error as any CallError {
      #expect(error.effect == .none)
      #expect(error.sentence.contains("/nowhere/ghost.key"))
    }
    try await stage.end()
  }

  @Test func `a bucket is blamed for silence alone`() {
    #expect(Anchoring.why(Overdue()) == "The bucket did not answer in time.")
    #expect(!Anchoring.why(StorageProblem("x")).contains("bucket"))
  }
}
