import Rules
import Testing

/// Two persons are two humans, whatever accounts they have and whatever a session remembers.
@Suite struct HumanTests {
  private func person(
    _ id: Int64, _ role: Role = .approver, _ identities: Set<String> = [],
    ties: [Int64: Moment] = [:]
  ) -> Person {
    Person(
      id: id, login: "p\(id)", name: "P\(id)", role: role, identities: identities, ties: ties)
  }

  private func approve(_ change: Change, by voter: Person, in house: House) throws -> ChangeState {
    try change.decide(.approve, by: voter, seeing: Samples.digest, note: "", in: house)
  }

  @Test func `a chain of shared accounts is one human`() {
    let people = [
      person(1, .operator_, ["github:a"]), person(2, .viewer, ["github:a", "aws:b"]),
      person(3, .approver, ["aws:b"]),
    ]
    let house = Samples.house(people: people)
    #expect(Samples.change().obstacle(to: people[2], in: house) == .samePerson)
  }

  @Test func `whom the author's other account promoted is tied to the author`() {
    let people = [
      person(1, .operator_, ["github:a"]), person(2, .administrator, ["github:a"]),
      person(3, ties: [2: Samples.noon]),
    ]
    let house = Samples.house(people: people)
    let until = Samples.noon.adding(ms: Policy.standard.tieMs)
    #expect(Samples.change().obstacle(to: people[2], in: house) == .tied(until: until))
  }

  @Test func `nobody approves again by another account`() {
    let people = [Samples.ana, person(2, .approver, ["aws:b"]), person(3, .approver, ["aws:b"])]
    let change = Samples.change(
      votes: [Samples.approval(by: people[1])],
      plan: Samples.plan(guarding: .irreversible, terms: Samples.terms(approvals: 2)))
    #expect(throws: Refusal.alreadyVoted) {
      try approve(change, by: people[2], in: Samples.house(people: people))
    }
  }

  @Test func `what a session remembers of a person gives them no right they have lost`() {
    let remembered = person(2, .administrator)
    let house = Samples.house(people: [Samples.ana, person(2, .viewer)])
    #expect(throws: Refusal.notPermitted(.approve)) {
      try approve(Samples.change(), by: remembered, in: house)
    }
    #expect(throws: Refusal.notPermitted(.run)) {
      try Samples.approved().checkRun(
        by: .person(remembered), preflight: Samples.preflight(), in: house)
    }
    #expect(throws: Refusal.notPermitted(.propose)) {
      try Change.checkProposal(of: Samples.plan(), by: remembered, reason: "why", in: house)
    }
  }

  @Test func `who ran a change does not settle it by another account`() {
    let people = [
      person(1, .operator_, ["github:a"]), person(2, .approver, ["github:a"]), person(3),
    ]
    let remembered = person(2)
    #expect(throws: Refusal.executorCannotFind) {
      try Samples.change(state: .unknown).checkFinding(
        by: remembered, executors: [1], in: Samples.house(people: people))
    }
  }

  @Test func `who declared an emergency does not review it by another account`() {
    let people = [person(1, .operator_, ["github:a"]), person(2, .approver, ["github:a"])]
    let emergency = Emergency(number: 1, personID: 1, reason: "down", openedAt: Samples.noon)
    #expect(throws: Refusal.ownEmergency) {
      try Samples.house(people: people, emergencies: [emergency]).checkReview(
        of: emergency, by: person(2))
    }
  }
}

@Suite struct RunWindowTests {
  @Test func `an approval taken back gains no time`() throws {
    let change = Samples.approved(by: [Samples.ben, Samples.cleo])
    let later = Samples.house(at: Samples.noon.adding(ms: Span.hour))
    #expect(
      try change.decide(
        .withdraw, by: Samples.cleo, seeing: Samples.digest, note: "", in: later) == .approved)
    let window = change.runWindow(after: .withdraw, to: .approved, in: later)
    #expect(window?.by == change.runBy)
    #expect(change.runWindow(after: .withdraw, to: .pending, in: later) == nil)
  }

  @Test func `a cooling-off made longer since the approval counts`() throws {
    var policy = Policy.standard
    policy.coolingOffMs = 25 * Span.hour
    let plan = Samples.plan(
      guarding: .irreversible,
      terms: Samples.terms(approvals: 1, coolingOffMs: Policy.standard.coolingOffMs))
    let rested = Samples.noon.adding(ms: Policy.standard.coolingOffMs)
    let house = Samples.house(
      people: [Samples.ana, Samples.ben, Samples.vera], policy: policy, at: rested)
    #expect(throws: Refusal.tooEarly(Samples.noon.adding(ms: policy.coolingOffMs))) {
      try Samples.approved(plan, runFrom: rested).checkRun(
        by: .person(Samples.ana), preflight: Samples.preflight(), in: house)
    }
  }
}

@Suite struct LinkReplayTests {
  /// Whether the log, with these links, lets a run stand that person 2 approved and 1 proposed.
  private func isBroken(_ links: [AuditEvent]) -> Bool {
    var replay = AuditReplay()
    let plan = Samples.plan()
    let digest = Samples.digest
    let story: [(AuditEvent, Int64?)] =
      [
        (.personAdded(person: 1, role: .operator_), nil),
        (.personAdded(person: 2, role: .approver), nil),
        (.personAdded(person: 3, role: .viewer), nil),
      ] + links.map { ($0, nil) } + [
        (.changeProposed(number: 1, digest: digest, plan: plan, reason: "why"), 1),
        (.changeDecided(number: 1, digest: digest, decision: .approve, note: ""), 2),
        (
          .runStarted(number: 1, digest: digest, approvers: [2], attempt: 1, emergency: nil), 1
        ),
      ]
    return story.contains { event, person in
      replay.apply(type: event.type, person: person, at: 0, data: .object(event.data)) != nil
    }
  }

  @Test
  func `the log knows who is one human, a chain of accounts too, and when they no longer are`() {
    #expect(!isBroken([]))
    #expect(isBroken([.personLinked(person: 2, sameAs: [1])]))
    #expect(
      isBroken([.personLinked(person: 2, sameAs: [3]), .personLinked(person: 1, sameAs: [3])]))
    // The one who is unlinked need not be the one who was linked last.
    #expect(
      !isBroken([
        .personLinked(person: 2, sameAs: [1]), .personUnlinked(person: 1, sameAs: []),
      ]))
    #expect(
      isBroken([
        .personLinked(person: 2, sameAs: [1, 3]), .personUnlinked(person: 2, sameAs: [1]),
      ]))
  }
}
