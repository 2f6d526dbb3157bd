import Rules
import Testing

@Suite struct EligibilityTests {
  private func obstacle(
    to person: Person, policy: Policy = .standard, editors: Set<Int64> = [],
    people: [Person] = Samples.team
  ) -> Ineligible? {
    let people = people.map { $0.id == person.id ? person : $0 }
    return Samples.change(editors: editors).obstacle(
      to: person, in: Samples.house(people: people, policy: policy))
  }

  private func ben(
    roleSince: Moment = Moment(ms: 0), identities: Set<String> = [], ties: [Int64: Moment] = [:]
  ) -> Person {
    Person(
      id: 2, login: "ben", name: "Ben", role: .approver, roleSince: roleSince,
      identities: identities, ties: ties)
  }

  @Test func `an approver counts, the requester and everybody who edited do not`() {
    #expect(obstacle(to: Samples.ben) == nil)
    #expect(obstacle(to: Samples.ana) == .requester)
    #expect(obstacle(to: Samples.cleo, editors: [3]) == .editor)
  }

  @Test func `two accounts of one human are one person`() {
    let ana = Person(
      id: 1, login: "ana", name: "Ana", role: .operator_, identities: ["github:octo"])
    let ben = ben(identities: ["github:octo", "aws:x"])
    #expect(obstacle(to: ben, people: [ana, ben]) == .samePerson)
    #expect(obstacle(to: self.ben(identities: ["github:other"]), people: [ana]) == nil)
  }

  @Test func `a role counts from its age on, to the millisecond`() {
    let age = Policy.standard.roleAgeMs
    let since = Samples.noon.adding(ms: -age)
    #expect(obstacle(to: ben(roleSince: since)) == nil)
    let young = ben(roleSince: since.adding(ms: 1))
    #expect(obstacle(to: young) == .newRole(until: Samples.noon.adding(ms: 1)))
  }

  @Test func `whom the requester added, promoted or gave a password counts only later`() {
    let days = Policy.standard.tieMs
    let at = Samples.noon.adding(ms: -days)
    #expect(obstacle(to: ben(ties: [1: at])) == nil)
    let tied = ben(ties: [1: at.adding(ms: 1)])
    #expect(obstacle(to: tied) == .tied(until: Samples.noon.adding(ms: 1)))
    // Somebody else's doing is no tie to this requester, but one to an editor.
    #expect(obstacle(to: ben(ties: [3: Samples.noon])) == nil)
    #expect(
      obstacle(to: ben(ties: [3: Samples.noon]), editors: [3])
        == .tied(until: Samples.noon.adding(ms: days)))
  }

  @Test func `two accounts of one approver are one approval`() {
    let ben = ben(identities: ["github:ben"])
    let twin = Person(
      id: 7, login: "benny", name: "Benny", role: .approver, identities: ["github:ben"])
    let plan = Samples.plan(guarding: .irreversible, terms: Samples.terms(approvals: 2))
    let change = Samples.change(
      votes: [Samples.approval(by: ben), Samples.approval(by: twin)], plan: plan)
    #expect(change.approvers(in: Samples.house(people: [Samples.ana, ben, twin])).count == 1)
  }

  /// They may become one human's only after both have approved.
  @Test(arguments: [2, 7])
  func `of two accounts of one approver the approval of one stays when the other's is taken back`(
    first: Int64
  ) throws {
    let ben = ben(identities: ["github:ben"])
    let twin = Person(
      id: 7, login: "benny", name: "Benny", role: .approver, identities: ["github:ben"])
    let change = Samples.change(
      state: .approved, votes: [ben, twin].map { Samples.approval(by: $0) })
    let voter = try #require([ben, twin].first { $0.id == first })
    let house = Samples.house(people: [Samples.ana, ben, twin])
    let state = try change.decide(
      .withdraw, by: voter, seeing: Samples.digest, note: "", in: house)
    #expect(state == .approved)
  }

  @Test func `quorum says for everybody who proposes who could approve, and why others can't`() {
    let ben = ben(roleSince: Samples.noon)
    let house = Samples.house(people: [Samples.ana, ben, Samples.vera])
    #expect(house.quorum.map(\.requester.id) == [1, 2])
    #expect(house.quorum[0].approvers.isEmpty)
    #expect(house.quorum[0].others.map(\.person.id) == [2])
    let refusal = #expect(throws: Refusal.self) {
      try Change.checkProposal(of: Samples.plan(), by: Samples.ana, reason: "why", in: house)
    }
    #expect(refusal?.sentence.contains("Ben has the role only recently") == true)
  }
}

@Suite struct PolicyTests {
  @Test func `a policy without a setting, or with one out of bounds, is none`() {
    let good = Policy.standard.settings
    #expect(Policy(settings: good) == .standard)
    for setting in Policy.settings {
      var settings = good
      settings[setting.name] = nil
      #expect(Policy(settings: settings) == nil, "\(setting.name) missing")
      for value in [setting.range.lowerBound - 1, setting.range.upperBound + 1] {
        settings[setting.name] = value
        #expect(Policy(settings: settings) == nil, "\(setting.name) \(value)")
      }
    }
    var nobody = good
    nobody["guarded_approvals"] = 0
    #expect(Policy(settings: nobody) == nil)
  }

  @Test func `what can't be put back needs two others, or one and a day where there is only one`() {
    let policy = Policy.standard
    #expect(
      policy.requirement(for: .irreversible, others: 2)
        == Requirement(approvals: 2, coolingOffMs: 0))
    #expect(
      policy.requirement(for: .irreversible, others: 1)
        == Requirement(approvals: 1, coolingOffMs: 24 * Span.hour))
    #expect(policy.requirement(for: .guarded, others: 9).approvals == 1)
    #expect(policy.requirement(for: .logged, others: 0).approvals == 0)
  }

  @Test func `a policy that grew stricter counts for what was approved before`() throws {
    var stricter = Policy.standard
    stricter.guardedApprovals = 2
    let house = Samples.house(policy: stricter)
    #expect(throws: Refusal.approvalNoLongerCounts([])) {
      try Samples.approved().checkRun(
        by: .person(Samples.ana), preflight: Samples.preflight(), in: house)
    }
  }

  @Test func `a policy that grew laxer does not count for what was proposed before`() {
    let plan = Samples.plan(terms: Samples.terms(approvals: 2))
    #expect(throws: Refusal.approvalNoLongerCounts([])) {
      try Samples.approved(plan).checkRun(
        by: .person(Samples.ana), preflight: Samples.preflight(), in: Samples.house())
    }
  }
}

@Suite struct MomentTests {
  @Test(arguments: [
    (0, "1 January 1970, 00:00 UTC"), (951_782_400_000, "29 February 2000, 00:00 UTC"),
    (1_795_348_800_000, "22 November 2026, 12:00 UTC"),
    (4_107_542_399_999, "28 February 2100, 23:59 UTC"), (-1, "31 December 1969, 23:59 UTC"),
  ])
  func `a moment in words is the date in UTC`(ms: Int64, words: String) {
    #expect(Moment(ms: ms).words == words)
  }

  @Test func `a length of time is said in the largest unit that divides it`() {
    #expect(Span.words(ms: 24 * Span.hour) == "1 day")
    #expect(Span.words(ms: 90 * Span.minute) == "90 minutes")
    #expect(Span.words(ms: 0) == "no time")
  }
}
