import Rules
import Testing

/// Who is told of what, by which way, in which words, and how often it is tried.
@Suite struct NoticeTests {
  private let cast = { (id: Int64, decision: Vote.Decision) in
    Vote(personID: id, digest: Samples.digest, decision: decision, at: Samples.noon)
  }

  private func targets(
    _ kind: Notice.Kind, by channels: Set<Notice.Channel>, choices: [Notice.Choice] = []
  ) -> [Notice.Target] {
    Notice.targets(
      of: kind, for: Samples.team, by: channels, addressed: [1, 2], choices: choices)
  }

  @Test func `whoever may approve it and has not voted is asked for a review, nobody else`() {
    let house = Samples.house()
    #expect(Samples.change().reviewers(in: house).map(\.id) == [2, 3])
    #expect(Samples.change(editors: [3]).reviewers(in: house).map(\.id) == [2])
    let voted = Samples.change(votes: [cast(2, .approve)])
    #expect(voted.reviewers(in: house).map(\.id) == [3])
  }

  @Test func `requester and voters are told what became of it, but not who did it`() {
    let change = Samples.change(votes: [cast(2, .approve), cast(3, .reject)])
    #expect(change.concerned(among: Samples.team, besides: 3).map(\.id) == [1, 2])
    #expect(change.concerned(among: Samples.team, besides: nil).map(\.id) == [1, 2, 3])
  }

  @Test func `a change is about to expire in its last hour, or its last quarter`() {
    let end = Samples.noon.adding(ms: Policy.standard.reviewWithinMs)
    func expiry(_ change: Change, msBefore: Int64, _ end: Moment) -> Moment? {
      change.expiry(in: Samples.house(at: end.adding(ms: -msBefore)))
    }
    #expect(expiry(Samples.change(), msBefore: Span.hour, end) == end)
    #expect(expiry(Samples.change(), msBefore: Span.hour + 1, end) == nil)
    #expect(expiry(Samples.change(), msBefore: -1, end) == nil)
    let soon = Samples.noon.adding(ms: Span.hour)
    let approved = Samples.change(state: .approved, runBy: soon)
    #expect(expiry(approved, msBefore: Span.hour / 4, soon) == soon)
    #expect(expiry(approved, msBefore: Span.hour / 4 + 1, soon) == nil)
    #expect(expiry(Samples.change(state: .executing), msBefore: 1, end) == nil)
  }

  @Test func `mail goes to each who has an address, one message to a room and a topic`() {
    let all = Set(Notice.Channel.allCases)
    let expected: [Notice.Target] = [.init(.mail, 1), .init(.mail, 2), .init(.webhook)]
    #expect(targets(.decided, by: all) == expected + [.init(.topic)])
    #expect(targets(.decided, by: [.mail, .webhook]) == expected)
    #expect(targets(.decided, by: []) == [])
  }

  @Test func `who chose not to be told is not, and findings come to who chose them`() {
    let off = Notice.Choice(person: 1, channel: .mail, isOn: false)
    #expect(targets(.decided, by: [.mail], choices: [off]) == [.init(.mail, 2)])
    #expect(targets(.findingRed, by: [.mail, .webhook]) == [])
    let on = Notice.Choice(person: 2, channel: .webhook, isOn: true)
    #expect(targets(.findingRed, by: [.mail, .webhook], choices: [on]) == [.init(.webhook)])
    let nobody = Samples.team.map {
      Notice.Choice(person: $0.id, channel: .webhook, isOn: false)
    }
    #expect(targets(.decided, by: [.webhook], choices: nobody) == [])
  }

  @Test func `every notice of a change has the same thread and subject, and its page`() {
    let change = Samples.change()
    let notices = [
      Notice.needsReview(change, until: Samples.noon),
      .decided(change, to: .approved, runBy: Samples.noon), .ended(change, in: .unknown),
      .expiring(change, at: Samples.noon, isApproved: true),
    ]
    #expect(Set(notices.map(\.thread)) == ["CR-12"])
    #expect(Set(notices.map(\.subject)) == ["CR-12: Scale Ghost from 1 task to 2 tasks"])
    #expect(Set(notices.map(\.path)) == ["/changes/12"])
    #expect(Set(notices.map(\.body)).count == 4)
  }

  @Test func `no notice names a person`() {
    let change = Samples.change(votes: [cast(2, .approve)])
    var texts = ChangeState.allCases.flatMap { state in
      [Notice.decided(change, to: state, runBy: nil), .ended(change, in: state)]
    }
    texts.append(.needsReview(change, until: Samples.noon))
    texts.append(.brokenGlass(3, until: Samples.noon))
    for notice in texts {
      for person in Samples.team {
        #expect(!(notice.subject + notice.body).contains(person.name))
        #expect(!notice.body.contains(change.reason))
      }
    }
  }

  @Test func `findings are told by what should be so and how it is`() {
    let found = Finding(
      id: "s3.versioning", subject: .bucket, outcome: .fail, severity: .danger,
      expectation: "Versioning is on", state: "Versioning is off.", why: "w", remedy: "r",
      mend: nil)
    #expect(
      Notice.red([found], site: "blog").body
        == "A finding has turned red.\n- Versioning is on: Versioning is off.")
  }

  @Test func `addresses are listed one a line or with commas between, without spaces around`() {
    #expect(
      MailAddress.listed(in: " a@b.example ,\tc@d.example\r\n\n not one , \u{A0}")
        == ["a@b.example", "c@d.example", "not one"])
  }

  @Test func `the waits between tries grow, and come to an end`() {
    let waits = (1...NoticeClock.triesMax).map {
      NoticeClock.next(after: $0, at: Samples.noon)?.since(Samples.noon)
    }
    let given = waits.compactMap { $0 }
    #expect(given.count == NoticeClock.triesMax - 1 && waits.last == .some(nil))
    #expect(given == given.sorted() && Set(given).count == given.count)
  }

  @Test(arguments: ["ana@example.com", "a.b+c@mail.example.co", "o'neil@x-y.example"])
  func `an address for mail is taken`(text: String) {
    #expect(MailAddress(text)?.text == text)
  }

  @Test(arguments: [
    "", "ana", "ana@", "@example.com", "ana@example", "a b@example.com", "ana@example.com>",
    "a@b@example.com", "ana@-x.example", "a..b@example.com", "ana@example..com", "ana@.example",
    "<ana@example.com>",
    "ana@example.com\r\nBcc: x@example.com", "änne@example.com", "\"a\"@example.com",
  ])
  func `what is no plain address is not`(text: String) {
    #expect(MailAddress(text) == nil)
  }
}
