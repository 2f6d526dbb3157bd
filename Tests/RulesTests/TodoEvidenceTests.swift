import Rules
import Testing

@Suite struct TodoEvidenceTests {
  private let now = Moment(ms: 1_795_348_800_000)

  private func finding(
    _ outcome: Finding.Outcome, _ severity: Health = .danger, id: String = "ses.sandbox",
    mend: Mend? = nil
  ) -> Finding {
    Finding(
      id: id, subject: .mail, outcome: outcome, severity: severity, expectation: "It is so",
      state: "It is as it is.", why: "Because.", remedy: "Do it.", mend: mend)
  }

  private func turn(
    _ finding: Finding, failingMs: Int64 = 0, isAccepted: Bool = false, isOpen: Bool? = nil
  ) -> TodoTurn? {
    TodoEvidence.turn(
      for: finding, failingSince: now.adding(ms: -failingMs), isAccepted: isAccepted,
      isOpen: isOpen, at: now)
  }

  private func due(_ days: Int64) -> Day { Day(number: Day(now).number + days) }

  @Test func `a danger opens one at once, due in a week`() {
    #expect(turn(finding(.fail)) == .open(due: due(7)))
  }

  @Test func `what asks for attention opens one after a day, due in 30`() {
    let found = finding(.fail, .attention)
    #expect(turn(found, failingMs: Span.day) == nil)
    #expect(turn(found, failingMs: Span.day + 1) == .open(due: due(30)))
  }

  @Test func `what somebody answers for opens none and reopens none`() {
    #expect(turn(finding(.fail), isAccepted: true) == nil)
    #expect(turn(finding(.fail), isAccepted: true, isOpen: false) == nil)
  }

  @Test func `what is met closes the open one with what was seen, and opens none`() {
    #expect(turn(finding(.pass), isOpen: true) == .close(note: "It is as it is."))
    #expect(turn(finding(.pass), isOpen: false) == nil)
    #expect(turn(finding(.pass)) == nil)
  }

  @Test func `what fails again opens the same one again`() {
    #expect(turn(finding(.fail), isOpen: false) == .reopen(due: due(7)))
    #expect(turn(finding(.fail), isOpen: true) == nil)
    #expect(turn(finding(.fail, .attention), isOpen: false) == nil)
  }

  @Test(arguments: [nil, true, false])
  func `what can't be told changes nothing`(isOpen: Bool?) {
    #expect(turn(finding(.noData), failingMs: 9 * Span.day, isOpen: isOpen) == nil)
  }

  @Test func `a theme to put back has an offer of its own`() {
    #expect(turn(finding(.fail, mend: Mend("theme.deploy"))) == nil)
    #expect(turn(finding(.fail, mend: Mend("rds.retention"))) != nil)
  }

  @Test func `it can be closed by hand once the check does not fail, or somebody answers for it`() {
    #expect(TodoEvidence.staysOpen(finding(.fail), isAccepted: false))
    for found in [finding(.pass), finding(.noData)] {
      #expect(!TodoEvidence.staysOpen(found, isAccepted: false))
    }
    #expect(!TodoEvidence.staysOpen(finding(.fail), isAccepted: true))
  }

  @Test(arguments: [
    "ses.sandbox", "ghost.mail-from", "ses.mail-from", "cloudwatch.no-alarms",
    "cloudwatch.silent-alarms", "sns.unconfirmed", "sns.nobody", "members.decision",
    "members.open-in-sandbox",
  ])
  func `the runbook has a title and two to five steps`(id: String) {
    #expect(Check.all.contains { $0.id == id })
    let runbook = TodoSteps(for: finding(.fail, id: id))
    #expect(!runbook.title.contains("It is so"))
    #expect((2...5).contains(runbook.steps.count))
    #expect(runbook.steps.allSatisfy { $0.hasSuffix(".") })
  }

  @Test func `any other says what its check says to do, and names the change that mends it`() {
    let plain = TodoSteps(for: finding(.fail, id: "rds.encryption"))
    #expect(plain.title == "Mail: It is so")
    #expect(plain.steps == ["Do it."])
    #expect(TodoSteps(for: finding(.fail, id: "x.y", mend: Mend("k"))).steps.count == 2)
  }

  @Test func `the log tells each change of one in words`() {
    func words(_ change: TodoChange) -> String {
      let event = AuditEvent.todoChanged(number: nil, todo: 5, change)
      return AuditSentence.of(type: event.type, data: .object(event.data)) { "person \($0)" }
    }
    #expect(words(.owner(3)) == "gave TODO 5 to person 3")
    #expect(words(.owner(nil)) == "took TODO 5 from its owner")
    #expect(words(.due(Day(iso: "2026-12-01"))) == "made TODO 5 due on 2026-12-01")
    #expect(words(.due(nil)) == "took the due date from TODO 5")
    #expect(
      words(.snooze(until: Day(number: 0), reason: "later"))
        == "snoozed TODO 5 until 1970-01-01: “later”")
    #expect(words(.wake) == "took TODO 5 out of snooze")
    #expect(words(.note("look")) == "wrote to TODO 5: “look”")
  }
}
