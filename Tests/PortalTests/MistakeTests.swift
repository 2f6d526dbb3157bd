import HTTP
import Rules
import Testing

@testable import Portal

/// What is not right with a form, all of it at once, and nothing that hangs on what is wrong.
@Suite struct MistakeTests {
  private let now = Moment(ms: 1_700_000_000_000)
  private let long = String(repeating: "a", count: Portal.reasonLengthMax + 1)
  private let secret = "AKIAIOSFODNN7EXAMPLE"

  private func hours(_ count: Int64) -> Moment { now.adding(ms: count * Span.hour) }

  private func fields(_ mistakes: [Mistake]) -> [String?] { mistakes.map(\.field) }

  @Test func `a freeze names its beginning, its end and its reason`() {
    func wrong(_ from: Moment?, _ to: Moment?, _ reason: String = "So") -> [String?] {
      fields(Portal.freezeMistakes(from: from, to: to, reason: reason, at: now))
    }
    #expect(wrong(hours(0), hours(1)) == [])
    #expect(wrong(nil, nil, "") == ["from", "to", "reason"])
    #expect(wrong(nil, hours(1), secret) == ["from", "reason"])
    #expect(wrong(hours(2), hours(1), long) == ["to", "reason"])
    // Whether it has passed hangs on no other field; whether it comes later hangs on the beginning.
    #expect(wrong(nil, hours(-1)) == ["from", "to"])
    #expect(wrong(hours(0), now.adding(ms: Freeze.lengthMsMax + 1)) == ["to"])
  }

  @Test func `a restore test names what, how it went and how that was seen`() {
    func wrong(_ what: String, _ worked: String, _ note: String) -> [String?] {
      fields(Portal.restoreTestMistakes(what: what, worked: worked, note: note))
    }
    #expect(wrong("ghost-1", "yes", "Seen") == [])
    #expect(wrong("", "perhaps", "") == ["what", "worked", "note"])
    #expect(wrong(secret, "no", secret) == ["what", "note"])
    #expect(wrong(String(repeating: "a", count: 256), "no", long) == ["what", "note"])
  }

  @Test func `a letter names whose it is, its day and its text`() {
    func wrong(_ from: String, _ day: Moment?, _ text: String) -> [String?] {
      fields(Portal.letterMistakes(from: from, day: day, text: text, at: now))
    }
    #expect(wrong("us", hours(0), "Dear AWS") == [])
    #expect(wrong("", nil, "") == ["from", "day", "text"])
    #expect(wrong("aws", hours(24), secret) == ["day", "text"])
  }

  @Test func `the first administrator names login, name and password`() {
    func wrong(_ login: String, _ name: String, _ password: String) -> [String?] {
      fields(Portal.setupMistakes(login: Login(login), name: name, password: password))
    }
    #expect(wrong("ana", "Ana", Stage.password) == [])
    #expect(wrong("", "", "short") == ["login", "name", "new_password"])
  }

  @Test func `an invitation names login, name and role`() {
    func wrong(_ login: String, _ name: String, _ role: String) -> [String?] {
      fields(Portal.invitationMistakes(of: .init(login: login, name: name, role: role)))
    }
    #expect(wrong("ana", "Ana", "viewer") == [])
    #expect(wrong("", "", "owner") == ["login", "name", "role"])
    #expect(wrong(secret, secret, "viewer") == ["login", "name"])
  }

  @Test func `what is accepted names who answers for it, its last day and the reason`() {
    func wrong(_ owner: Person?, _ until: Moment?, _ reason: String) -> [String?] {
      fields(Portal.acceptanceMistakes(owner: owner, until: until, reason: reason, at: now))
    }
    #expect(wrong(nil, nil, "") == ["owner", "until", "reason"])
    #expect(wrong(nil, hours(1), "So") == ["owner"])
    #expect(wrong(nil, hours(24 * 367), long) == ["owner", "until", "reason"])
  }

  @Test func `a decision about members names all it lacks, and a change that is none of them`() {
    func wrong(_ change: (typed: String, number: Int64?, isMembers: Bool)) -> [Mistake] {
      Portal.decisionMistakes(choice: nil, owner: nil, reason: "", change: change)
    }
    #expect(fields(wrong(("soon", nil, false))) == ["choice", "owner", "reason", "change"])
    #expect(fields(wrong(("", nil, false))) == ["choice", "owner", "reason"])
    #expect(fields(wrong(("CR-1", 1, true))) == ["choice", "owner", "reason"])
    #expect(wrong(("CR-1", 1, false)).last?.sentence == "CR-1 is no change of members.")
  }

  @Test func `what is snoozed names its day and why it can wait`() {
    let today = Day(now)
    func wrong(_ until: Day?, _ reason: String) -> [String?] {
      fields(Portal.snoozeMistakes(until: until, reason: reason, today: today))
    }
    #expect(wrong(Day(hours(48)), "Later") == [])
    #expect(wrong(nil, "") == ["until", "reason"])
    #expect(wrong(today, secret) == ["until", "reason"])
  }

  @Test func `a filter of the log names all that can't be read, and compares no days it can't`()
    throws
  {
    let typed = ["person": "x", "change": "CR-", "outcome": "odd", "from": "2026-02-02", "to": "x"]
    let form = try Form(query: query(typed))
    let mistakes = try #require(throws: Mistakes.self) { try AuditFilter(form) }
    #expect(fields(mistakes.all) == ["person", "change", "to", "outcome"])
  }

  @Test func `storage names its size and its type, and no size that would be refused`() {
    let facts = DatabaseFacts(
      id: "db", instanceClass: "db.t3.micro", engine: "mysql", engineVersion: "8.0.40",
      status: "available", multiAZ: true, encrypted: true, backupRetentionDays: 7, storageGiB: 20,
      storageType: "gp2", deletionProtection: true, pending: [:],
      maintenanceWindow: "sun:09:00-sun:09:30", certificateUntil: nil)
    func wrong(_ gib: Int64?, _ type: String) -> [String?] {
      fields(DatabaseStorage.mistakes(gib: gib, type: type, on: facts))
    }
    #expect(wrong(22, "gp3") == [])
    #expect(wrong(20, "gp3") == [])
    #expect(wrong(nil, "io1") == ["gib", "type"])
    for gib: Int64 in [19, 21, DatabaseStorage.gibMax + 1] {
      #expect(wrong(gib, "io1") == ["gib", "type"])
      #expect(wrong(gib, "gp2") == ["gib"])
    }
  }

  @Test func `what a finding lacks is named by itself`() throws {
    func wrong(_ typed: String) throws -> [String?] {
      fields(Mistake.all(.findingIncomplete, in: try Form(query: typed)))
    }
    #expect(try wrong("") == ["found", "note"])
    #expect(try wrong("found=perhaps&note=Seen") == ["found"])
    #expect(try wrong("found=done&note=") == ["note"])
    #expect(fields(Mistake.all(.wrongPassword, in: try Form(query: "note="))) == ["password"])
  }
}
