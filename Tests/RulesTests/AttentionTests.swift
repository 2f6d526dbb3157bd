import Rules
import Testing

/// What the start page puts first.
@Suite struct AttentionTests {
  private let noon = Samples.noon

  private func item(_ rank: AttentionItem.Rank, _ minute: Int64 = 0) -> AttentionItem {
    AttentionItem(
      rank, "\(rank)", at: .resources, moment: noon.adding(ms: minute * Span.minute))
  }

  private func found(
    _ id: String, _ outcome: Finding.Outcome = .fail, _ severity: Health = .attention,
    of subject: Subject = .database, state: String = "It is off.", mend: Mend? = nil,
    isAccepted: Bool = false
  ) -> OpenFinding {
    OpenFinding(
      Finding(
        id: id, subject: subject, outcome: outcome, severity: severity, expectation: "On",
        state: state, why: "w", remedy: "Turn it on.", mend: mend),
      since: noon, isAccepted: isAccepted)
  }

  @Test func `what the person can do comes before what is in danger, unknown, and can wait`() {
    let ranks: [AttentionItem.Rank] = [
      .attention, .noData, .danger, .mend, .outage, .review, .emergency, .run, .approval, .unknown,
    ]
    let ordered = ranks.map { item($0) }.inOrder.map(\.rank)
    #expect(ordered == ranks.reversed())
    #expect(ordered.prefix { $0.isAct }.count == 5)
  }

  @Test func `within a rank the one that ends or began first comes first`() {
    let ordered = [item(.approval, 3), item(.approval, 1), item(.approval, 2)].inOrder
    #expect(ordered.map { $0.moment.since(noon) / Span.minute } == [1, 2, 3])
  }

  @Test func `nothing unknown ever counts as good`() {
    #expect([item(.noData), item(.unknown)].allSatisfy { $0.rank.health == .unknown })
    #expect([found("a", .noData)].sentence == "1 not known.")
    #expect([found("a", .pass)].sentence == "All good.")
    #expect([OpenFinding]().sentence == "Nothing has been read yet.")
    let mixed = [found("a", .fail, .danger), found("b"), found("c", isAccepted: true)]
    #expect(mixed.sentence == "1 in danger, 1 to look after.")
  }

  @Test func `a change is for who can approve it, and for nobody else`() {
    let change = Samples.change()
    let house = Samples.house()
    func rank(_ person: Person) -> AttentionItem.Rank? {
      change.attention(of: person, executors: [], in: house)?.rank
    }
    #expect(rank(Samples.ben) == .approval)
    #expect(rank(Samples.cleo) == .approval)
    #expect(rank(Samples.ana) == nil)
    #expect(rank(Samples.vera) == nil)
  }

  @Test func `whoever has approved it is not asked again`() {
    let change = Samples.change(votes: [Samples.approval(by: Samples.ben)])
    let item = change.attention(of: Samples.ben, executors: [], in: Samples.house())
    #expect(item == nil)
  }

  @Test func `an approved change waits for who runs, not in a rest, a freeze or for the clock`() {
    let house = Samples.house()
    let frozen = Samples.house(freezes: [
      Freeze(
        number: 1, from: noon, to: noon.adding(ms: Span.hour), reason: "Launch", exceptions: [])
    ])
    func rank(_ change: Change, _ person: Person, _ house: House) -> AttentionItem.Rank? {
      change.attention(of: person, executors: [], in: house)?.rank
    }
    #expect(rank(Samples.approved(), Samples.ana, house) == .run)
    #expect(rank(Samples.approved(), Samples.vera, house) == nil)
    #expect(rank(Samples.approved(), Samples.ana, frozen) == nil)
    let resting = Samples.approved(runFrom: noon.adding(ms: Span.hour))
    #expect(rank(resting, Samples.ana, house) == nil)
    let timed = Samples.plan(terms: Samples.terms(runAt: noon.adding(ms: Span.hour)))
    #expect(rank(Samples.approved(timed), Samples.ana, house) == nil)
    #expect(rank(Samples.approved(by: []), Samples.ana, house) == nil)
  }

  @Test func `an unknown outcome is for somebody who did not run it`() {
    let change = Samples.change(state: .unknown)
    func rank(_ person: Person) -> AttentionItem.Rank? {
      change.attention(of: person, executors: [Samples.ana.id], in: Samples.house())?.rank
    }
    #expect(rank(Samples.ben) == .unknown)
    #expect(rank(Samples.ana) == nil)
    #expect(rank(Samples.vera) == nil)
  }

  @Test func `an emergency is for somebody else to review`() {
    let house = Samples.house(emergencies: [
      Emergency(number: 1, personID: Samples.ana.id, reason: "Down", openedAt: noon)
    ])
    #expect(house.attention(of: Samples.ben).map(\.rank) == [.emergency])
    #expect(house.attention(of: Samples.ana).isEmpty)
    #expect(house.attention(of: Samples.vera).isEmpty)
  }

  @Test func `a team in which too few can approve is a danger to everybody`() {
    func danger(_ people: [Person], needed: Int64) -> [String] {
      var policy = Policy.standard
      policy.guardedApprovals = needed
      let house = Samples.house(people: people + [Samples.vera], policy: policy)
      let items = house.attention(of: Samples.vera)
      #expect(items.allSatisfy { $0.rank == .danger })
      return items.map(\.sentence)
    }
    let (ana, ben, cleo) = (Samples.ana, Samples.ben, Samples.cleo)
    #expect(danger([ana], needed: 1) == ["Nobody can approve what Ana Requester proposes."])
    #expect(danger([ana, ben, cleo], needed: 1) == [])
    #expect(
      danger([ana, ben, cleo], needed: 2)
        == ["Fewer than 2 people can approve what Ben Approver or Cleo Admin proposes."])
  }

  @Test func `the review of the log is for reviewers, once it is overdue`() {
    let late = noon.adding(ms: -8 * Span.day)
    func item(_ person: Person, _ oldest: Moment?) -> AttentionItem? {
      ReviewPeriod.attention(of: person, oldest: oldest, at: noon)
    }
    #expect(item(Samples.ben, late)?.rank == .review)
    #expect(item(Samples.ben, noon) == nil)
    #expect(item(Samples.ben, nil) == nil)
    #expect(item(Samples.ana, late) == nil)
  }

  @Test func `a danger names its mend only to who can propose it`() {
    let all = [found("a", .fail, .danger, mend: Mend("rds.retention"))]
    let mine = all.attention { _ in true }
    #expect(mine.map(\.rank) == [.mend])
    #expect(mine[0].act != nil && mine[0].mend != nil)
    let others = all.attention { _ in false }
    #expect(others.map(\.rank) == [.danger])
    #expect(others[0].act == nil && others[0].mend == nil)
  }

  @Test func `what readers see comes before the other dangers, also those that can be mended`() {
    let items = [
      found("a", .fail, .danger, mend: Mend("rds.retention")),
      found("b", .fail, .danger, of: .logs), found("c", .fail, .danger, of: .blog),
    ].attention { _ in true }.inOrder
    #expect(items.map(\.rank) == [.outage, .mend, .danger])
  }

  @Test func `what can wait is counted by resource, what is not known by its cause`() {
    let denied = "AWS denies it."
    let items = [
      found("a"), found("b"), found("c", of: .bucket, state: "Versioning is off."),
      found("d", .noData, of: .mail, state: denied), found("e", .noData, of: .zone, state: denied),
      found("f", .noData, of: .logs, state: "Not there."), found("g", .pass),
    ].attention { _ in true }.inOrder
    let sentences = [
      "DNS zone and Mail", "Log group",
      "Database: 2 things to look after.", "Media bucket: Versioning is off.",
    ]
    #expect(items.map(\.sentence) == sentences)
    #expect(items[0].detail == denied && items[0].place == .resources)
    #expect(items[1].place == .subject(.logs))
    #expect(items[3].place == .finding("c"))
  }
}
