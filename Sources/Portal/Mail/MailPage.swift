import GRDB
import HTTP
import Mustache
import Rules

/// The desk for SES: how the account stands, what is to be done, what was done so far.
struct MailPage: Page {
  let region: String
  let seen: (facts: MailFacts, at: Moment)?
  let rows: [ReadinessRow]
  let history: [HistoryLine]
  let since: Moment?
  let charts: [Chart]
  let problems: [Mistake]
  let typed: Form
  let mayPropose: Bool
  let now: Moment

  /// The longest letter that is noted.
  static let letterLengthMax = 10_000

  static let template = "mail/index"
  static let section: Section? = .mail
  var title: String { "Mail" }

  static let fields: [Field<MailPage>] = [
    .text("state", { $0.state }), .item("tag", { $0.tag }),
    .item("when", { page in page.seen.map { When($0.at, now: page.now) } }),
    .list("advice", { ($0.standing?.advice ?? []).map(Sentence.init) }),
    .flag("sandboxed", { $0.isSandboxed }),
    .list("broken", { _ in MailStanding.broken.map(Sentence.init) }),
    .text("newsletters", { _ in MailStanding.newsletters }),
    .text("quota", { $0.quota }), .text("used", { String($0.used.0) }),
    .text("allowed", { String($0.used.1) }), .flag("limited", { $0.used.1 > 0 }),
    .list("charts", { $0.charts }),
    .list(
      "rows",
      { page in
        page.rows.map {
          RowLine(
            row: $0, mayPropose: page.mayPropose,
            note: !page.problems.isEmpty && page.typed["row"] == $0.id
              ? page.typed.shown("note") : "")
        }
      }),
    .text("ready", { $0.ready }),
    .flag("mayPropose", { $0.mayPropose }),
    .flag("mayAsk", { $0.mayPropose && $0.isSandboxed && $0.standing != .pending }),
    .list("history", { $0.history }), .flag("anyHistory", { !$0.history.isEmpty }),
    .text("text", { $0.typed["text"] ?? "" }),
    .text("day", { $0.typed["day"] ?? Day($0.now).iso }),
    .flag("fromUs", { $0.typed["from"] == "us" }),
    .link("test", { _ in ChangeKind.mailTest.formPath }),
  ]

  private var standing: MailStanding? { seen.map { MailStanding($0.facts) } }
  private var isSandboxed: Bool { standing.map { $0 != .granted } ?? false }

  private var tag: Tag {
    guard let standing else { return Tag("unknown", "not known") }
    return Tag(standing.health, standing.words)
  }

  private var state: String {
    guard let standing, let seen else { return "SES has not been read yet." }
    let since = since.map { ", first seen \(When.relative(ms: now.since($0)))" } ?? ""
    let support = seen.facts.caseID.map { " Support case \($0)." } ?? ""
    switch standing {
    case .sandbox:
      return "SES is in the sandbox in \(region)\(since): mail goes to verified addresses only."
    case .pending: return "AWS reviews the request for \(region)\(since).\(support)"
    case .granted: return "Mail goes to anybody, from \(region)\(since)."
    case .denied: return "AWS has said no for \(region)\(since).\(support)"
    case .failed: return "AWS did not receive the request for \(region)\(since)."
    }
  }

  private var used: (Int64, Int64) {
    guard let facts = seen?.facts else { return (0, 0) }
    return (max(facts.sent24Hours, 0), max(facts.max24Hours, 0))
  }

  private var quota: String {
    guard let facts = seen?.facts else { return "not known" }
    let rate = AlarmSetting.decimal(milli: facts.maxRateMilli)
    return facts.max24Hours < 0
      ? "\(facts.sent24Hours) sent in 24 hours, without a limit; at most \(rate) a second."
      : "\(facts.sent24Hours) of \(facts.max24Hours) sent in 24 hours; at most \(rate) a second."
  }

  private var ready: String {
    let done = rows.count(where: \.isDone)
    return done == rows.count
      ? "Everything is ready." : "\(done) of \(rows.count) are ready."
  }

  /// One row of the checklist.
  struct RowLine: TemplateData {
    let row: ReadinessRow
    let mayPropose: Bool
    /// What was typed for it.
    let note: String

    static let fields: [Field<RowLine>] = [
      .text("id", { $0.row.id }), .text("label", { $0.row.label }),
      .text("evidence", { $0.row.evidence }), .item("tag", { $0.tag }),
      .text("said", { $0.said }), .text("note", { $0.note }),
      .link("mendPath", { $0.row.mend?.path ?? "" }),
      .flag("mends", { $0.mayPropose && $0.row.mend?.isKnown ?? false }),
      .flag(
        "byHand",
        { line in
          line.mayPropose && MailReadiness.byHand.contains { $0.id == line.row.id }
        }),
    ]

    private var tag: Tag {
      switch row.state {
      case .ready: Tag("good", "ready")
      case .confirmed: Tag("good", "said to be so")
      case .lacking: Tag("danger", "missing")
      case .byHand: Tag("attention", "to be looked at")
      case .notKnown: Tag("unknown", "not known")
      }
    }

    private var said: String {
      guard case .confirmed(let person, let at, _) = row.state else { return "" }
      return "\(person), \(at.dayWords)"
    }
  }
}

/// One thing that happened on the way.
struct HistoryLine: TemplateData {
  let at: Moment
  let what: String
  let text: String
  let who: String
  let href: String
  let when: When

  static let fields: [Field<HistoryLine>] = [
    .text("what", { $0.what }), .text("text", { $0.text }), .text("who", { $0.who }),
    .link("href", { $0.href }), .flag("linked", { !$0.href.isEmpty }), .item("when", { $0.when }),
  ]

  init(_ at: Moment, _ what: String, text: String = "", who: String, href: String = "", now: Moment)
  {
    self.at = at
    self.what = what
    self.text = text
    self.who = who
    self.href = href
    when = When(at, now: now)
  }
}

extension MailPage {
  /// What was written, sent, answered and seen, the newest first.
  static func history(
    _ standings: [SeenStanding], site: String, at now: Moment, in db: Database
  ) throws -> [HistoryLine] {
    let seen = standings.map {
      HistoryLine(
        $0.seenAt, "Seen: \($0.standing.words)",
        text: $0.caseID.isEmpty ? "" : "Support case \($0.caseID)", who: "Caretaker", now: now)
    }
    let written = try MailStore.requests(site: site, in: db).map {
      HistoryLine(
        $0.madeAt, "Version \($0.number) of the request was written", who: $0.personName,
        href: "/mail/requests/\($0.number)", now: now)
    }
    let letters = try MailStore.letters(site: site, in: db).map {
      HistoryLine(
        $0.day, $0.isOurs ? "We wrote to AWS" : "AWS wrote", text: $0.text,
        who: "noted by \($0.personName)", now: now)
    }
    let changes = try ChangeStore.newest(
      of: [ChangeKind.productionAccess.id, ChangeKind.mailTest.id], site: site, in: db
    ).map {
      HistoryLine(
        $0.at, "CR-\($0.number): \($0.title)", text: $0.state.words, who: "",
        href: "/changes/\($0.number)", now: now)
    }
    return (seen + written + letters + changes).sorted { $0.at > $1.at }
  }
}
