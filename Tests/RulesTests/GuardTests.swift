import Rules
import Testing

@Suite struct RevisionTests {
  private func revise(
    _ change: Change = Samples.change(), to plan: Plan? = nil, by editor: Person = Samples.cleo,
    at now: Moment = Samples.noon
  ) throws(Refusal) -> ChangeState {
    try change.checkRevision(
      to: plan ?? Samples.plan(terms: Samples.terms(revision: 2)), by: editor, reason: "why",
      in: Samples.house(at: now))
  }

  @Test func `a revision waits for approval again, also of an approved change`() throws {
    #expect(try revise() == .pending)
    #expect(try revise(Samples.approved()) == .pending)
  }

  @Test func `only the next revision of the same change is taken`() {
    for terms in [Samples.terms(), Samples.terms(revision: 3)] {
      #expect(throws: Refusal.planMoved) { try revise(to: Samples.plan(terms: terms)) }
    }
  }

  @Test(arguments: ChangeState.allCases.filter { !$0.isBeforeRun })
  func `nothing is edited once it runs or is over`(state: ChangeState) {
    #expect(throws: Refusal.wrongState(state)) { try revise(Samples.change(state: state)) }
  }

  @Test func `votes for an earlier revision count for nothing`() {
    let old = Samples.approval(by: Samples.ben, of: String(repeating: "e", count: 64))
    #expect(Samples.change(votes: [old]).approvers(in: Samples.house()).isEmpty)
  }

  @Test func `a plan that asks for less than the policy is not taken`() {
    let lax = Samples.plan(terms: Samples.terms(approvals: 0))
    #expect(throws: Refusal.policyMoved) {
      try Change.checkProposal(of: lax, by: Samples.ana, reason: "why", in: Samples.house())
    }
  }
}

@Suite struct VoteTests {
  @Test func `an approval taken back counts no more, and can be given again`() throws {
    let change = Samples.approved()
    func decide(_ decision: Vote.Decision, on change: Change, by voter: Person = Samples.ben)
      throws(Refusal) -> ChangeState
    {
      try change.decide(
        decision, by: voter, seeing: Samples.digest, note: "", in: Samples.house())
    }
    #expect(try decide(.withdraw, on: change) == .pending)
    #expect(throws: Refusal.notYourVote) { try decide(.withdraw, on: change, by: Samples.cleo) }
    let back = Vote(
      personID: 2, digest: Samples.digest, decision: .withdraw, at: Samples.noon)
    let again = Samples.change(votes: [Samples.approval(by: Samples.ben), back])
    #expect(again.approvers(in: Samples.house()).isEmpty)
    #expect(try decide(.approve, on: again) == .approved)
  }

  @Test func `what can't be put back waits for the second other person`() throws {
    let plan = Samples.plan(guarding: .irreversible, terms: Samples.terms(approvals: 2))
    func approve(_ change: Change, by voter: Person) throws -> ChangeState {
      try change.decide(
        .approve, by: voter, seeing: Samples.digest, note: "", in: Samples.house())
    }
    #expect(try approve(Samples.change(plan: plan), by: Samples.ben) == .pending)
    let once = Samples.change(votes: [Samples.approval(by: Samples.ben)], plan: plan)
    #expect(try approve(once, by: Samples.cleo) == .approved)
  }

  @Test func `in a team of two it rests for a day, in which anybody can stop it`() throws {
    let terms = Samples.terms(approvals: 1, coolingOffMs: 24 * Span.hour)
    let plan = Samples.plan(guarding: .irreversible, terms: terms)
    let people = [Samples.ana, Samples.ben, Samples.vera]
    let pending = Samples.change(plan: plan)
    let house = Samples.house(people: people)
    let window = try #require(pending.runWindow(after: .approve, to: .approved, in: house))
    #expect(window.from == Samples.noon.adding(ms: 24 * Span.hour))
    #expect(window.by == window.from.adding(ms: Span.hour))
    let change = Samples.approved(plan, runFrom: window.from)
    #expect(throws: Refusal.tooEarly(window.from)) {
      try change.checkRun(
        by: .person(Samples.ana), preflight: Samples.preflight(),
        in: house)
    }
    try change.checkRevocation(by: Samples.vera, note: "stop", in: house)
    let rested = Samples.house(people: people, at: window.from)
    for (change, house) in [(change, rested), (Samples.approved(), house)] {
      #expect(throws: Refusal.notPermitted(.approve)) {
        try change.checkRevocation(by: Samples.vera, note: "stop", in: house)
      }
    }
  }
}

@Suite struct FreezeTests {
  private let freeze = Freeze(
    number: 1, from: Samples.noon, to: Samples.noon.adding(ms: Span.hour), reason: "Election",
    exceptions: [])

  private func run(_ freeze: Freeze, at now: Moment = Samples.noon) throws(Refusal) {
    try Samples.approved().checkRun(
      by: .person(Samples.ana),
      preflight: Preflight(
        readings: ["service.desired": "1"], cost: Samples.cost(), readAt: now),
      in: Samples.house(freezes: [freeze], at: now))
  }

  @Test func `a freeze holds from its beginning until just before its end`() throws {
    let frozen = Refusal.frozen(until: freeze.to, reason: "Election")
    #expect(throws: frozen) { try run(freeze) }
    #expect(throws: frozen) { try run(freeze, at: freeze.to.adding(ms: -1)) }
    try run(freeze, at: freeze.to)
    let later = Freeze(
      number: 1, from: Samples.noon.adding(ms: 1), to: freeze.to, reason: "", exceptions: [])
    try run(later)
  }

  @Test func `a named exception and a lifted freeze let it run`() throws {
    let exception = Freeze(
      number: 1, from: freeze.from, to: freeze.to, reason: "", exceptions: ["ecs.count"])
    try run(exception)
    let lifted = Freeze(
      number: 1, from: freeze.from, to: freeze.to, reason: "", exceptions: [],
      liftedAt: Samples.noon)
    try run(lifted)
  }
}

@Suite struct EmergencyTests {
  private let emergency = Emergency(
    number: 1, personID: 1, reason: "down", openedAt: Samples.noon)

  private func run(
    _ plan: Plan = Samples.plan(restoresService: true), by person: Person = Samples.ana,
    at now: Moment = Samples.noon
  ) throws(Refusal) -> Emergency? {
    try Samples.change(plan: plan).checkRun(
      by: .person(person),
      preflight: Preflight(readings: ["service.desired": "1"], cost: Samples.cost(), readAt: now),
      in: Samples.house(emergencies: [emergency], at: now))
  }

  @Test func `who declared it runs what restores the service, for half an hour`() throws {
    #expect(try run() == emergency)
    #expect(try run(at: emergency.endsAt.adding(ms: -1)) == emergency)
    #expect(throws: Refusal.wrongState(.pending)) { try run(at: emergency.endsAt) }
    #expect(throws: Refusal.wrongState(.pending)) { try run(by: Samples.ben) }
    #expect(throws: Refusal.wrongState(.pending)) { try run(Samples.plan()) }
    let gone = Samples.plan(
      guarding: .irreversible, restoresService: true, terms: Samples.terms(approvals: 2))
    #expect(throws: Refusal.wrongState(.pending)) { try run(gone) }
  }

  @Test func `it is reviewed by somebody else, and late it locks the next`() throws {
    let ana = Person(id: 1, login: "ana", name: "Ana", role: .approver)
    let house = Samples.house(people: [ana, Samples.ben], emergencies: [emergency])
    #expect(throws: Refusal.ownEmergency) { try house.checkReview(of: emergency, by: ana) }
    try house.checkReview(of: emergency, by: Samples.ben)
    let late = Samples.house(
      emergencies: [emergency], at: emergency.reviewBy.adding(ms: 1))
    #expect(throws: Refusal.emergencyLocked(number: 1)) {
      try late.checkEmergency(by: Samples.ben, reason: "again")
    }
    let reviewed = Emergency(
      number: 1, personID: 1, reason: "down", openedAt: Samples.noon, reviewerID: 2)
    try Samples.house(emergencies: [reviewed], at: emergency.reviewBy.adding(ms: 1))
      .checkEmergency(by: Samples.ben, reason: "again")
  }

  @Test func `nobody declares two at once, and a viewer none`() {
    let house = Samples.house(emergencies: [emergency])
    #expect(throws: Refusal.emergencyOpen(until: emergency.endsAt)) {
      try house.checkEmergency(by: Samples.ana, reason: "again")
    }
    #expect(throws: Refusal.notPermitted(.run)) {
      try house.checkEmergency(by: Samples.vera, reason: "x")
    }
    #expect(throws: Refusal.reasonMissing) { try house.checkEmergency(by: Samples.ben, reason: "") }
  }
}

@Suite struct ScheduleTests {
  private let at = Samples.noon.adding(ms: Span.hour)

  private func change() -> Change {
    Samples.approved(Samples.plan(terms: Samples.terms(runAt: at)), runFrom: at)
  }

  @Test func `the clock runs a change at its time, not before and not much later`() {
    #expect(!change().isDue(at: at.adding(ms: -1), runningSince: Samples.noon))
    #expect(change().isDue(at: at, runningSince: Samples.noon))
    let late = at.adding(ms: Change.lateMsMax)
    #expect(change().isDue(at: late, runningSince: Samples.noon))
    #expect(!change().isDue(at: late.adding(ms: 1), runningSince: Samples.noon))
  }

  @Test func `a start after the time runs nothing`() {
    #expect(!change().isDue(at: at.adding(ms: 2), runningSince: at.adding(ms: 1)))
  }

  @Test func `an approval that comes after the time does not start it, a person does`() throws {
    let late = at.adding(ms: 1)
    let plan = Samples.plan(terms: Samples.terms(runAt: at))
    let change = Samples.approved(plan, runFrom: late)
    #expect(!change.isDue(at: late, runningSince: Samples.noon))
    #expect(change.clockTime(at: late) == nil)
    #expect(Samples.change(plan: plan).clockTime(at: at) == at)
    #expect(Samples.change(plan: plan).clockTime(at: late) == nil)
    try change.checkRun(
      by: .person(Samples.ana),
      preflight: Preflight(
        readings: ["service.desired": "1"], cost: Samples.cost(), readAt: late),
      in: Samples.house(at: late))
  }

  @Test func `what has to be named by hand is not left to the clock`() {
    let plan = Samples.plan(typedName: "ghost-db", terms: Samples.terms(runAt: at))
    #expect(throws: Refusal.clockTypesNoName) {
      try Change.checkProposal(of: plan, by: Samples.ana, reason: "why", in: Samples.house())
    }
    #expect(throws: Refusal.nameNotTyped("ghost-db")) {
      try Samples.approved(plan).checkRun(
        by: .schedule, preflight: Samples.preflight(), in: Samples.house())
    }
  }

  @Test func `a time that is past can't be proposed`() {
    let plan = Samples.plan(terms: Samples.terms(runAt: Samples.noon))
    #expect(throws: Refusal.timeHasPassed(Samples.noon)) {
      try Change.checkProposal(of: plan, by: Samples.ana, reason: "why", in: Samples.house())
    }
  }
}

@Suite struct ResumptionTests {
  private func resume(
    _ recovery: Step.Recovery = .setTo, readings: [String: String] = ["service.desired": "1"],
    votes: [Vote] = [Samples.approval(by: Samples.ben)], at now: Moment = Samples.noon
  ) throws(Refusal) {
    let plan = Samples.plan(recovery: recovery)
    _ = try resume(
      plan, votes: votes,
      preflight: Preflight(readings: readings, cost: Samples.cost(), readAt: now),
      in: Samples.house(at: now))
  }

  private func resume(
    _ plan: Plan, typed: String = "", votes: [Vote] = [Samples.approval(by: Samples.ben)],
    runBy: Moment? = Samples.noon.adding(ms: Span.hour),
    preflight: Preflight = Samples.preflight(), in house: House
  ) throws(Refusal) -> Emergency? {
    try Samples.change(state: .unknown, votes: votes, runBy: runBy, plan: plan).checkResumption(
      by: Samples.cleo, typed: typed, steps: plan.steps, preflight: preflight, in: house)
  }

  @Test(arguments: [
    Step.Recovery.setTo, .namedCreate, .token, .compareAndSwap, .marker, .oneShot,
  ])
  func `only calls that do no harm twice are made again`(recovery: Step.Recovery) {
    let isHarmless = ![.marker, .oneShot].contains(recovery)
    #expect(recovery.isRepeatable == isHarmless)
    if isHarmless {
      #expect(throws: Never.self) { try resume(recovery) }
    } else {
      #expect(throws: Refusal.self) { try resume(recovery) }
    }
  }

  @Test
  func `a freeze, a requester who left, an obstacle and a risen price stop it as they stop a run`()
  {
    let freeze = Freeze(
      number: 1, from: Samples.noon, to: Samples.noon.adding(ms: Span.hour), reason: "Election",
      exceptions: [])
    let gone = Person(id: 1, login: "ana", name: "Ana", role: .operator_, isDisabled: true)
    let houses: [(House, Refusal)] = [
      (Samples.house(freezes: [freeze]), .frozen(until: freeze.to, reason: "Election")),
      (Samples.house(people: [gone, Samples.ben, Samples.cleo]), .requesterGone),
      (Samples.house(obstacle: .readingTooOld), .readingTooOld),
    ]
    for (house, refusal) in houses {
      #expect(throws: refusal) { try resume(Samples.plan(), in: house) }
    }
    let dear = Samples.preflight(cost: Samples.cost(afterNano: 80_000_000))
    #expect(throws: Refusal.self) {
      try resume(Samples.plan(), preflight: dear, in: Samples.house())
    }
    #expect(throws: Never.self) { try resume(Samples.plan(), in: Samples.house()) }
  }

  @Test func `what is lost is named by hand once more`() throws {
    let plan = Samples.plan(typedName: "ghost-db")
    #expect(throws: Refusal.nameNotTyped("ghost-db")) { try resume(plan, in: Samples.house()) }
    _ = try resume(plan, typed: "ghost-db", in: Samples.house())
  }

  @Test func `what an emergency ran is gone on with in an emergency of one's own only`() throws {
    let plan = Samples.plan(restoresService: true)
    func resume(_ emergencies: [Emergency]) throws(Refusal) -> Emergency? {
      try self.resume(
        plan, votes: [], runBy: nil, in: Samples.house(emergencies: emergencies))
    }
    let own = Emergency(number: 2, personID: 3, reason: "down", openedAt: Samples.noon)
    let other = Emergency(number: 1, personID: 1, reason: "down", openedAt: Samples.noon)
    #expect(try resume([own]) == own)
    for emergencies in [[], [other]] {
      #expect(
        throws: Refusal.notResumable("the emergency that it was run in is over, or not yours")
      ) { try resume(emergencies) }
    }
  }

  @Test func `everything must be as before, and the approval must stand`() {
    #expect(throws: Refusal.self) { try resume(readings: ["service.desired": "2"]) }
    #expect(throws: Refusal.approvalNoLongerCounts([])) { try resume(votes: []) }
    #expect(throws: Refusal.notResumable("the time to run it is over")) {
      try resume(at: Samples.noon.adding(ms: Span.hour + 1))
    }
  }
}

@Suite struct DataGuardTests {
  private func run(_ plan: Plan, typed: String = "", restorableTo: Moment?) throws(Refusal) {
    try Samples.approved(plan).checkRun(
      by: .person(Samples.ana), typed: typed,
      preflight: Preflight(
        readings: ["service.desired": "1"], cost: Samples.cost(), restorableTo: restorableTo,
        readAt: Samples.noon), in: Samples.house())
  }

  @Test func `where data is at stake the backup is read again, and must be fresh`() throws {
    let plan = Samples.plan(backup: Backup(words: "the database", ageMsMax: Span.hour))
    let limit = Samples.noon.adding(ms: -Span.hour)
    try run(plan, restorableTo: limit)
    let old = limit.adding(ms: -1)
    #expect(throws: Refusal.backupTooOld("the database", newest: old)) {
      try run(plan, restorableTo: old)
    }
    #expect(throws: Refusal.backupTooOld("the database", newest: nil)) {
      try run(plan, restorableTo: nil)
    }
  }

  @Test func `what is lost is named by hand`() throws {
    let plan = Samples.plan(typedName: "ghost-db")
    try run(plan, typed: "ghost-db", restorableTo: nil)
    #expect(throws: Refusal.nameNotTyped("ghost-db")) { try run(plan, restorableTo: nil) }
    #expect(throws: Refusal.nameNotTyped("ghost-db")) {
      try run(plan, typed: "Ghost-db", restorableTo: nil)
    }
  }

  @Test func `an obstacle stops guarded runs, and not what one person may do alone`() throws {
    let house = Samples.house(obstacle: .readingTooOld)
    func run(_ plan: Plan) throws {
      try Samples.approved(plan).checkRun(
        by: .person(Samples.ana), preflight: Samples.preflight(), in: house)
    }
    #expect(throws: Refusal.readingTooOld) { try run(Samples.plan()) }
    try run(Samples.plan(guarding: .logged, terms: Samples.terms(approvals: 0)))
  }
}
