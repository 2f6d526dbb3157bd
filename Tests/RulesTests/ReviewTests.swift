import Rules
import Testing

@Suite struct ReviewTests {
  private func person(_ id: Int64, _ role: Role, isDisabled: Bool = false) -> Person {
    Person(id: id, login: "p\(id)", name: "P\(id)", role: role, isDisabled: isDisabled)
  }

  private func item(actor: Int64?, _ verdict: ReviewVerdict? = nil) -> ReviewItem {
    ReviewItem(entry: 7, actor: actor, verdict: verdict)
  }

  private func period(first: Int64 = 1, last: Int64 = 9, open: Int64 = 0) -> ReviewPeriod {
    ReviewPeriod(
      first: first, last: last, head: "aa", open: open, inOrder: 2, followUps: [4], incidents: [5])
  }

  @Test func `auditors, approvers and administrators review, others do not`() {
    let reviewers = Role.allCases.filter { $0.permissions.contains(.review) }
    #expect(Set(reviewers) == [.auditor, .approver, .administrator])
  }

  @Test func `somebody other than the one who did it reviews, once`() throws {
    try item(actor: 1).check(.ok, note: "", by: person(2, .auditor))
    try item(actor: nil).check(.ok, note: "", by: person(2, .auditor))
    #expect(throws: ReviewRefusal.ownAct) {
      try item(actor: 2).check(.ok, note: "", by: person(2, .administrator))
    }
    #expect(throws: ReviewRefusal.alreadyReviewed) {
      try item(actor: 1, .incident).check(.ok, note: "", by: person(2, .auditor))
    }
    #expect(throws: Refusal.notPermitted(.review)) {
      try item(actor: 1).check(.ok, note: "", by: person(2, .operator_))
    }
    #expect(throws: Refusal.notPermitted(.review)) {
      try item(actor: 1).check(.ok, note: "", by: person(2, .auditor, isDisabled: true))
    }
  }

  @Test(arguments: [ReviewVerdict.followUp, .incident])
  func `what is not in order needs a note`(verdict: ReviewVerdict) throws {
    #expect(throws: ReviewRefusal.noteMissing) {
      try item(actor: 1).check(verdict, note: "", by: person(2, .auditor))
    }
    try item(actor: 1).check(verdict, note: "ask Ben", by: person(2, .auditor))
  }

  @Test func `nobody signs what is open, what is all their own, or what they were not shown`()
    throws
  {
    let auditor = person(2, .auditor)
    try period().checkSigning(by: auditor, isAllOwn: false, seen: "aa")
    #expect(throws: ReviewRefusal.stillOpen(3)) {
      try period(open: 3).checkSigning(by: auditor, isAllOwn: false, seen: "aa")
    }
    #expect(throws: ReviewRefusal.allOwn) {
      try period().checkSigning(by: auditor, isAllOwn: true, seen: "aa")
    }
    #expect(throws: ReviewRefusal.periodMoved) {
      try period().checkSigning(by: auditor, isAllOwn: false, seen: "ab")
    }
    #expect(throws: ReviewRefusal.periodMoved) {
      try period(first: 10).checkSigning(by: auditor, isAllOwn: false, seen: "aa")
    }
    #expect(throws: Refusal.notPermitted(.review)) {
      try period().checkSigning(by: person(3, .viewer), isAllOwn: false, seen: "aa")
    }
  }

  @Test func `a signed period says in the log what it held`() {
    let event = AuditEvent.reviewSigned(period(), counts: ["b.y": 2, "a.x": 1])
    let expected = """
      {"counts":[{"count":1,"type":"a.x"},{"count":2,"type":"b.y"}],"first":1,"follow_up":[4],\
      "head":"aa","in_order":2,"incident":[5],"last":9}
      """
    #expect(String(decoding: Canonical.object(event.data).bytes, as: UTF8.self) == expected)
    #expect(sentence(event) == "signed for the log from entry 1 to 9")
  }

  private func sentence(_ event: AuditEvent) -> String {
    AuditSentence.of(type: event.type, data: .object(event.data)) { "person \($0)" }
  }

  @Test func `reviews and exports are told in sentences`() {
    #expect(
      sentence(.reviewDisposed(entry: 7, verdict: .followUp, note: "ask Ben"))
        == "reviewed entry 7: Follow-up: “ask Ben”")
    #expect(
      sentence(.logExported("3 entries as CSV")) == "exported 3 entries as CSV")
  }

  @Test func `an entry tells a state and a role with the one before it`() {
    func told(_ event: AuditEvent) -> [AuditDifference] {
      AuditDifference.all(in: .object(event.data))
    }
    #expect(
      told(.changeMoved(number: 1, from: .executing, state: .unknown, why: "w"))
        == [
          AuditDifference(
            label: "State", before: ChangeState.executing.words, after: ChangeState.unknown.words)
        ])
    #expect(
      told(.roleChanged(person: 2, from: .viewer, to: .auditor))
        == [AuditDifference(label: "Role", before: "viewer", after: "auditor")])
    #expect(
      told(.personAdded(person: 2, role: .auditor))
        == [AuditDifference(label: "Role", before: nil, after: "auditor")])
    #expect(told(.sessionStarted) == [])
  }
}
