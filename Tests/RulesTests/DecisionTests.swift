import Rules
import Testing

@Suite struct DecisionTests {
  private func decide(
    _ decision: Vote.Decision = .approve, on change: Change = Samples.change(),
    by voter: Person = Samples.ben, seeing digest: String = Samples.digest, note: String = "",
    people: [Person] = Samples.team, at now: Moment = Samples.noon
  ) throws(Refusal) -> ChangeState {
    try change.decide(
      decision, by: voter, seeing: digest, note: note,
      in: Samples.house(people: people, at: now))
  }

  @Test func `one other person's approval is enough`() throws {
    #expect(try decide() == .approved)
  }

  @Test func `nobody approves their own change, whatever their role`() {
    for role in Role.allCases {
      let self1 = Person(id: Samples.ana.id, login: "ana", name: "Ana", role: role)
      #expect(throws: Refusal.ownChange) { try decide(by: self1) }
      #expect(throws: Refusal.ownChange) { try decide(.reject, by: self1, note: "no") }
    }
  }

  @Test func `a person whose role does not approve is refused`() {
    #expect(throws: Refusal.notPermitted(.approve)) { try decide(by: Samples.vera) }
  }

  @Test func `a disabled approver is refused`() {
    let gone = Person(id: 2, login: "ben", name: "Ben", role: .approver, isDisabled: true)
    let people = [Samples.ana, gone]
    #expect(throws: Refusal.notPermitted(.approve)) { try decide(people: people) }
  }

  @Test func `a vote names the plan that was on the page`() {
    #expect(throws: Refusal.planMoved) { try decide(seeing: String(repeating: "e", count: 64)) }
  }

  @Test func `nobody votes twice`() {
    let change = Samples.change(votes: [Samples.approval(by: Samples.ben)])
    #expect(throws: Refusal.alreadyVoted) { try decide(on: change) }
  }

  @Test func `a rejection needs a reason and ends the change`() throws {
    #expect(throws: Refusal.rejectionNeedsReason) { try decide(.reject) }
    #expect(try decide(.reject, note: "Too dear") == .rejected)
  }

  @Test func `an approved change can still be rejected but not approved again`() throws {
    #expect(try decide(.reject, on: Samples.approved(), by: Samples.cleo, note: "No") == .rejected)
    #expect(throws: Refusal.wrongState(.approved)) {
      try decide(on: Samples.approved(), by: Samples.cleo)
    }
  }

  @Test func `after the review clock nothing is approved, swept up or not`() throws {
    let last = Samples.noon.adding(ms: Policy.standard.reviewWithinMs)
    #expect(try decide(at: last) == .approved)
    #expect(throws: Refusal.wrongState(.expired)) { try decide(at: last.adding(ms: 1)) }
  }

  @Test(arguments: ChangeState.allCases.filter { $0 != .pending && $0 != .approved })
  func `no other state takes a vote`(state: ChangeState) {
    #expect(throws: Refusal.wrongState(state)) { try decide(on: Samples.change(state: state)) }
  }
}

@Suite struct ProposalTests {
  @Test func `a proposal needs a reason, a cost and somebody who can approve`() throws {
    func check(
      plan: Plan = Samples.plan(), reason: String = "why", people: [Person] = Samples.team
    ) throws(Refusal) {
      try Change.checkProposal(
        of: plan, by: Samples.ana, reason: reason, in: Samples.house(people: people))
    }
    try check()
    #expect(throws: Refusal.reasonMissing) { try check(reason: "") }
    #expect(throws: Refusal.costNotKnown) {
      try check(plan: Samples.plan(cost: Samples.cost(afterNano: nil)))
    }
    #expect(throws: Refusal.nobodyCanApprove(needed: 1, missing: [])) {
      try check(people: [Samples.ana, Samples.vera])
    }
  }

  @Test(arguments: Cost.pricedKinds.sorted())
  func `what can raise the price is not proposed without a cost block`(kind: String) {
    #expect(throws: Refusal.costNotKnown) {
      try Change.checkProposal(
        of: Samples.plan(kind: kind, cost: .none), by: Samples.ana, reason: "why",
        in: Samples.house())
    }
    #expect(Refusal.costNotKnown.sentence.contains("nothing is scaled without its cost"))
  }

  @Test func `prices of the book scale for 30 days, those of the list always`() throws {
    func cost(bookDate: String?) -> Cost {
      let cost = Samples.cost()
      return Cost(
        lines: cost.lines, priceDate: cost.priceDate, source: cost.source, bookDate: bookDate,
        leftOut: [])
    }
    let today = Day(Samples.noon).number
    func check(_ plan: Plan, in house: House = Samples.house()) throws {
      try Change.checkProposal(of: plan, by: Samples.ana, reason: "x", in: house)
    }
    func bookOf(_ days: Int64) -> Cost { cost(bookDate: Day(number: today - days).iso) }
    try check(Samples.plan(cost: cost(bookDate: nil)))
    try check(Samples.plan(cost: bookOf(30)))
    #expect(throws: Refusal.pricesTooOld(days: 31)) {
      try check(Samples.plan(cost: bookOf(31)))
    }
    try check(Samples.plan(guarding: .logged, cost: bookOf(31)))
    let emergency = Emergency(
      number: 1, personID: Samples.ana.id, reason: "down", openedAt: Samples.noon)
    try check(
      Samples.plan(cost: bookOf(31), restoresService: true),
      in: Samples.house(emergencies: [emergency]))
    try check(Samples.plan(kind: "rds.restore", cost: bookOf(31)))
    #expect(Plan(bytes: Samples.plan(cost: bookOf(31)).bytes)?.cost == bookOf(31))
  }

  @Test func `what has no price is proposed without one`() throws {
    let plan = Samples.plan(kind: "policy", cost: .none)
    #expect(
      try Change.checkProposal(of: plan, by: Samples.ana, reason: "why", in: Samples.house())
        == .pending)
  }

  @Test func `a viewer and an auditor propose nothing`() {
    for role in [Role.viewer, .auditor] {
      let person = Person(id: 9, login: "x", name: "X", role: role)
      #expect(throws: Refusal.notPermitted(.propose)) {
        try Change.checkProposal(
          of: Samples.plan(), by: person, reason: "why",
          in: Samples.house(people: Samples.team + [person]))
      }
    }
  }

  @Test func `only the requester withdraws`() throws {
    try Samples.change().checkWithdrawal(by: Samples.ana, in: Samples.house())
    #expect(throws: Refusal.notYours) {
      try Samples.change().checkWithdrawal(by: Samples.cleo, in: Samples.house())
    }
    #expect(throws: Refusal.wrongState(.executing)) {
      try Samples.change(state: .executing).checkWithdrawal(by: Samples.ana, in: Samples.house())
    }
  }
}
