import Rules
import Testing

@Suite struct RunTests {
  private func run(
    _ change: Change = Samples.approved(), by person: Person = Samples.ana,
    people: [Person] = Samples.team, preflight: Preflight = Samples.preflight(),
    at now: Moment = Samples.noon
  ) throws(Refusal) {
    try change.checkRun(
      by: .person(person), preflight: preflight, in: Samples.house(people: people, at: now))
  }

  @Test func `an approved change runs, the requester may press Run`() throws {
    try run()
  }

  @Test func `a pending change does not run`() {
    #expect(throws: Refusal.wrongState(.pending)) { try run(Samples.change()) }
  }

  @Test func `an approval of another plan does not count`() {
    let other = Samples.approval(by: Samples.ben, of: String(repeating: "e", count: 64))
    let change = Samples.change(
      state: .approved, votes: [other], runBy: Samples.noon.adding(ms: 1_000))
    #expect(throws: Refusal.approvalNoLongerCounts([])) { try run(change) }
  }

  @Test func `a vote of the requester never counts, even if it got into the list`() {
    let requester = Person(id: 1, login: "ana", name: "Ana", role: .administrator)
    let change = Samples.change(
      state: .approved, votes: [Samples.approval(by: requester)],
      runBy: Samples.noon.adding(ms: 1_000))
    #expect(throws: Refusal.approvalNoLongerCounts(["Ana proposed it"])) {
      try run(change, people: [requester, Samples.ben])
    }
  }

  @Test func `an approver who lost the role or left does not count any more`() {
    let demoted = Person(id: 2, login: "ben", name: "Ben", role: .viewer)
    let disabled = Person(id: 2, login: "ben", name: "Ben", role: .approver, isDisabled: true)
    for (ben, why) in [
      (demoted, "Ben has a role that does not approve"), (disabled, "Ben is disabled"),
    ] {
      #expect(throws: Refusal.approvalNoLongerCounts([why])) {
        try run(people: [Samples.ana, ben])
      }
    }
    #expect(throws: Refusal.approvalNoLongerCounts([])) { try run(people: [Samples.ana]) }
  }

  @Test func `a requester who was disabled stops the change`() {
    let gone = Person(id: 1, login: "ana", name: "Ana", role: .operator_, isDisabled: true)
    #expect(throws: Refusal.requesterGone) {
      try run(by: Samples.cleo, people: [gone, Samples.ben, Samples.cleo])
    }
  }

  @Test func `the run clock ends an approval`() throws {
    let last = Samples.noon.adding(ms: Policy.standard.runWithinMs)
    #expect(throws: Refusal.wrongState(.expired)) { try run(at: last.adding(ms: 1)) }
    let fresh = Preflight(
      readings: ["service.desired": "1"], cost: Samples.cost(), readAt: last)
    try run(preflight: fresh, at: last)
  }

  @Test func `a reading older than a minute, or from the future, decides nothing`() throws {
    try run(at: Samples.noon.adding(ms: Preflight.ageMsMax))
    #expect(throws: Refusal.readingTooOld) {
      try run(at: Samples.noon.adding(ms: Preflight.ageMsMax + 1))
    }
    let later = Preflight(
      readings: ["service.desired": "1"], cost: Samples.cost(),
      readAt: Samples.noon.adding(ms: 1))
    #expect(throws: Refusal.readingTooOld) { try run(preflight: later) }
  }

  @Test func `drift is refused field by field, and closes the change`() {
    let drift = Drift(required: Reading("service.desired", "Desired tasks", "1"), seen: "3")
    #expect(throws: Refusal.drifted([drift])) {
      try run(preflight: Samples.preflight(["service.desired": "3", "noise": "x"]))
    }
    #expect(Refusal.drifted([drift]).makesStale)
    #expect(Refusal.drifted([drift]).sentence.contains("Desired tasks was 1, is 3 now"))
  }

  @Test func `a field that can't be read refuses the run but does not close the change`() {
    let unread = Drift(required: Reading("service.desired", "Desired tasks", "1"), seen: nil)
    #expect(throws: Refusal.drifted([unread])) { try run(preflight: Samples.preflight([:])) }
    #expect(!Refusal.drifted([unread]).makesStale)
  }

  @Test func `a price that rose too far or is not known any more stops the run`() throws {
    func refusal(_ cost: Cost?) -> Refusal? {
      #expect(throws: Refusal.self) { try run(preflight: Samples.preflight(cost: cost)) }
    }
    try run(preflight: Samples.preflight(cost: Samples.cost(afterNano: 41_000_000)))
    #expect(
      refusal(Samples.cost(afterNano: 80_000_000))?.sentence
        == "A month was to cost $14.78 and would cost $29.20 now. Nothing was changed: it needs "
        + "another approval, with the new price.")
    for unknown in [Samples.cost(afterNano: nil), nil] {
      #expect(refusal(unknown)?.sentence.hasPrefix("The price is not known now") == true)
    }
  }

  @Test func `a price that rose makes the next revision, with that price and what it needs now`()
    throws
  {
    let dear = Samples.preflight(cost: Samples.cost(afterNano: 80_000_000))
    let runAt = Samples.noon
    let change = Samples.approved(Samples.plan(terms: Samples.terms(runAt: runAt)))
    var policy = Policy.standard
    policy.guardedApprovals = 2
    let house = Samples.house(policy: policy)
    let refusal = Refusal.priceMoved(approved: .zero, now: .zero)
    let plan = try #require(change.repriced(after: refusal, dear, in: house))
    #expect(plan.cost == dear.cost)
    #expect(plan.steps == change.plan.steps && plan.change == change.plan.change)
    #expect(plan.terms == Samples.terms(revision: 2, approvals: 2))
    // What nobody can price, or nobody has approved, is only refused.
    let unknown = Samples.preflight(cost: Samples.cost(afterNano: nil))
    #expect(change.repriced(after: refusal, unknown, in: house) == nil)
    #expect(Samples.change().repriced(after: refusal, dear, in: house) == nil)
    #expect(change.repriced(after: .readingTooOld, dear, in: house) == nil)
  }

  @Test func `nobody who ran a change, first or last, says what became of it`() throws {
    let change = Samples.change(state: .unknown)
    let (ana, ben, cleo) = (Samples.ana, Samples.ben, Samples.cleo)
    for executor in [ana, ben] {
      #expect(throws: Refusal.executorCannotFind) {
        try change.checkFinding(by: executor, executors: [ana.id, ben.id], in: Samples.house())
      }
    }
    try change.checkFinding(by: cleo, executors: [ana.id, ben.id], in: Samples.house())
    #expect(throws: Refusal.executorCannotFind) {
      try change.checkFinding(by: cleo, executors: [], in: Samples.house())
    }
    #expect(throws: Refusal.wrongState(.approved)) {
      try Samples.approved().checkFinding(by: ben, executors: [ana.id], in: Samples.house())
    }
  }
}

@Suite struct RunningOutTests {
  @Test func `the last quarter of the time to approve, or to run, is said`() {
    let change = Samples.change()
    let quarter = Policy.standard.reviewWithinMs / 4
    for (left, isShort) in [(quarter, false), (quarter - 1, true), (0, true), (-1, false)] {
      let house = Samples.house(at: change.reviewBy.adding(ms: -left))
      #expect(change.isRunningOut(in: house) == isShort, "\(left)")
    }
    let approved = Samples.approved()
    let hour = Policy.standard.runWithinMs / 4
    for (passed, isShort) in [(0, false), (3 * hour, false), (3 * hour + 1, true)] {
      let house = Samples.house(at: Samples.noon.adding(ms: passed))
      #expect(approved.isRunningOut(in: house) == isShort, "\(passed)")
    }
    #expect(!Samples.change(state: .unknown).isRunningOut(in: Samples.house(at: change.reviewBy)))
  }
}

@Suite struct VerdictTests {
  private let plan = Samples.plan()

  @Test func `everything as planned is success, early or late`() {
    for isLate in [false, true] {
      let verdict = Verdict(of: plan, from: ["service.desired": "2"], isLate: isLate)
      #expect(verdict?.state == .succeeded)
    }
  }

  @Test func `a failure that AWS reports ends the waiting`() {
    let readings = ["service.desired": "1", "service.rollout": "FAILED"]
    #expect(Verdict(of: plan, from: readings, isLate: false)?.state == .failedPartial)
  }

  @Test func `not there yet is no verdict until the time is up`() {
    #expect(Verdict(of: plan, from: ["service.desired": "1"], isLate: false) == nil)
    let late = Verdict(of: plan, from: ["service.desired": "1"], isLate: true)
    #expect(late?.state == .failedPartial)
    #expect(late?.why == "Desired tasks is 1 instead of 2.")
  }

  @Test func `what can't be read stays unknown, never failed`() {
    #expect(Verdict(of: plan, from: nil, isLate: false) == nil)
    #expect(Verdict(of: plan, from: nil, isLate: true)?.state == .unknown)
  }

  @Test func `the state as before a call proves nothing about the call`() {
    #expect(Verdict.decisive(of: plan, from: ["service.desired": "1"]) == nil)
  }

  @Test func `a failure that says why is told with it`() {
    let verdict = Verdict(
      of: Samples.plan(),
      from: ["service.rollout": "FAILED", "service.rollout.why": "No capacity."], isLate: false)
    #expect(verdict?.state == .failedPartial)
    #expect(verdict?.why == "Deployment is FAILED. No capacity.")
  }
}
