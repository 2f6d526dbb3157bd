import Rules
import Testing

/// What is said of an installation, and what of it is unsafe.
@Suite struct SelfCheckTests {
  private let now = Moment(ms: 1_000 * Span.day)

  @Test func `files open to others are named with what closes them, each by whom it is for`() {
    func standings(_ audience: FileAccess.Audience, _ mode: UInt32?) -> [SelfCheck] {
      SelfCheck.files([FileAccess("/d/f", "the file", for: audience, mode: mode)])
    }
    #expect(standings(.account, 0o600).map(\.standing) == [.good])
    #expect(standings(.account, 0o640).map(\.standing) == [.unsafe])
    #expect(standings(.account, 0o640)[0].remedy == "Run: chmod go-rwx /d/f")
    #expect(standings(.group, 0o440).map(\.standing) == [.good])
    #expect(standings(.group, 0o444)[0].remedy == "Run: chmod g-w,o-rwx /d/f")
    #expect(standings(.readers, 0o644).map(\.standing) == [.good])
    #expect(standings(.readers, 0o664)[0].remedy == "Run: chmod go-w /d/f")
    #expect(standings(.account, nil).map(\.standing) == [.unknown])
    #expect(SelfCheck.files([]).map(\.standing) == [.good])
  }

  @Test(arguments: [
    ("127.0.0.1", false, 0, SelfCheck.Standing.good), ("::1", false, 0, .good),
    ("0.0.0.0", false, 0, .unsafe), ("192.0.2.1", false, 0, .unsafe),
    ("0.0.0.0", false, 1, .advised), ("0.0.0.0", true, 0, .good),
  ])
  func `only this machine may be served in the clear, or proxies that are named`(
    address: String, hasTLS: Bool, proxies: Int, expected: SelfCheck.Standing
  ) {
    let check = SelfCheck.listening(on: address, port: 80, hasTLS: hasTLS, proxies: proxies)
    #expect(check.standing == expected)
    #expect(check.remedy.isEmpty == (expected == .good))
  }

  @Test func `a certificate is unsafe in its last fourteen days`() {
    func standing(_ leftMs: Int64) -> SelfCheck.Standing {
      SelfCheck.certificate(endsAt: now.adding(ms: leftMs), at: now).standing
    }
    #expect(standing(14 * Span.day) == .good)
    #expect(standing(14 * Span.day - 1) == .unsafe)
    #expect(standing(-1) == .unsafe)
  }

  @Test func `backups that are late or fail are unsafe, open ones could be safer`() {
    func standings(_ standing: OwnBackupStanding, isSealed: Bool = true) -> [SelfCheck.Standing] {
      SelfCheck.backups(standing, isScheduled: true, isSealed: isSealed).map(\.standing)
    }
    #expect(standings(.fresh(ageMs: 1)) == [.good])
    #expect(standings(.fresh(ageMs: 1), isSealed: false) == [.good, .advised])
    #expect(standings(.none) == [.advised])
    #expect(standings(.late(ageMs: 1)) == [.unsafe])
    #expect(standings(.failing(ageMs: nil, why: "No room.")) == [.unsafe])
    let none = SelfCheck.backups(.notSetUp, isScheduled: false, isSealed: false)
    #expect(none.map(\.standing) == [.absent])
  }

  @Test func `anchors that are late or ahead of the log are unsafe`() {
    func standing(_ standing: LogStanding) -> SelfCheck.Standing {
      SelfCheck.anchors(standing, through: 7, ageMs: 1).standing
    }
    #expect(standing(.healthy) == .good)
    #expect(standing(.unanchored) == .absent)
    #expect(standing(.unchecked) == .unknown)
    #expect(standing(.late(sinceMs: 1, entries: 1)) == .unsafe)
    #expect(standing(.behind(anchored: 9, local: 7)) == .unsafe)
  }

  @Test func `somebody has to look after people, best two, and who acts has a second factor`() {
    func people(_ roles: [Role], withFactor: Set<Int64> = [], requiresFactor: Bool = false)
      -> [SelfCheck.Standing]
    {
      let people = roles.enumerated().map { number, role in
        Person(id: Int64(number), login: "p\(number)", name: "P", role: role)
      }
      return SelfCheck.people(
        Staffing(people, withFactor: withFactor, requiresFactor: requiresFactor)
      ).map(\.standing)
    }
    #expect(people([]) == [.unsafe])
    #expect(people([.approver]) == [.unsafe, .advised])
    #expect(people([.administrator]) == [.advised, .advised])
    #expect(people([.administrator, .administrator], withFactor: [0, 1]) == [.good, .good])
    #expect(people([.administrator, .administrator], requiresFactor: true) == [.good, .good])
    // Who only looks needs none.
    #expect(
      people([.administrator, .administrator, .viewer], withFactor: [0, 1]) == [.good, .good])
  }

  @Test func `a clock is unsafe once nothing guarded is begun`() {
    #expect(SelfCheck.clock(.sound).standing == .good)
    #expect(SelfCheck.clock(.off(ms: 40_000)).standing == .advised)
    #expect(SelfCheck.clock(.wrong(ms: 400_000)).standing == .unsafe)
    #expect(SelfCheck.clock(.behind(ms: 3_000)).standing == .unsafe)
  }

  @Test func `the schema is this version's, an older one's or one nobody here knows`() {
    #expect(SelfCheck.schema("0035-b", known: "0035-b").standing == .good)
    #expect(SelfCheck.schema("0034-a", known: "0035-b").standing == .advised)
    #expect(SelfCheck.schema("0036-c", known: "0035-b").standing == .failed)
    #expect(SelfCheck.schema(nil, known: "0035-b").standing == .unknown)
    #expect(SelfCheck.integrity(nil).standing == .good)
    #expect(SelfCheck.integrity("row 3 missing").standing == .unsafe)
  }

  @Test func `what is proven, measured or free says so in figures`() {
    #expect(SelfCheck.logProof(ageMs: 7 * Span.day, through: 3).standing == .good)
    #expect(SelfCheck.logProof(ageMs: 7 * Span.day + 1, through: 3).standing == .advised)
    #expect(SelfCheck.logProof(ageMs: nil, through: 0).standing == .advised)
    let room = SelfCheck.disk(.healthy, freeBytes: 1 << 30, totalBytes: 4 << 30)
    #expect(room.state == "1024 MiB are free, 25 % of it.")
    #expect(
      SelfCheck.disk(.low(freeBytes: 1 << 20), freeBytes: 1 << 20, totalBytes: 4 << 30).standing
        == .unsafe)
    #expect(SelfCheck.metrics(on: "127.0.0.1", port: 1, problem: nil).standing == .good)
    #expect(SelfCheck.metrics(on: "0.0.0.0", port: 1, problem: nil).standing == .advised)
    #expect(SelfCheck.metrics(on: "127.0.0.1", port: 1, problem: "No token.").standing == .unsafe)
  }

  @Test func `a drill is due when there was none, when it is old and when it failed`() {
    func standing(_ ageMs: Int64?, _ problem: String? = nil) -> RestoreDrillStanding {
      RestoreDrillStanding(last: ageMs.map { (now.adding(ms: -$0), problem) }, at: now)
    }
    let due = Day(number: Day(now).number + RestoreDrillStanding.dueDays)
    #expect(standing(nil).turn(isOpen: nil, at: now) == .open(due: due))
    #expect(standing(nil).turn(isOpen: true, at: now) == nil)
    #expect(standing(90 * Span.day).turn(isOpen: nil, at: now) == nil)
    #expect(standing(90 * Span.day + 1).turn(isOpen: false, at: now) == .reopen(due: due))
    #expect(standing(1, "Damaged.").turn(isOpen: false, at: now) == .reopen(due: due))
    #expect(
      standing(Span.hour).turn(isOpen: true, at: now)
        == .close(note: "A restore drill worked 1 hour ago."))
    #expect(SelfCheck.restoreDrill(standing(nil)).standing == .advised)
    #expect(SelfCheck.restoreDrill(standing(1, "Damaged.")).standing == .unsafe)
  }
}
