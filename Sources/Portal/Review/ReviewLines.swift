import Mustache
import Rules

extension ReviewStanding {
  /// The Audit entry of the navigation: how many flagged entries wait, red when the log is overdue.
  func navigation(isCurrent: Bool, at now: Moment) -> Frame.NavigationLine {
    let isLate = isOverdue(at: now)
    let some = open >= Self.countMax ? "\(Self.countMax - 1)+" : open == 0 ? "" : String(open)
    return Frame.NavigationLine(
      href: Section.audit.path, label: Section.audit.rawValue,
      count: some.isEmpty && isLate ? "due" : some,
      counted: isLate ? "to review, overdue" : "to review", tone: isLate ? "danger" : "",
      key: Section.audit.key, isCurrent: isCurrent)
  }

  /// Why the review is late, and what to do; empty when it is not.
  func overdue(at now: Moment) -> String {
    guard isOverdue(at: now), let oldest else { return "" }
    let since = When(oldest, now: now).relative
    return "The review is overdue: the oldest entry that nobody has signed for was written "
      + "\(since). Review what is flagged, then sign."
  }
}

/// A flagged entry in the queue, with what was said about it.
struct ReviewLine: TemplateData {
  let line: AuditLine
  let flag: String
  let verdict: Tag
  let note: String

  static let fields: [Field<ReviewLine>] = [
    .item("line", { $0.line }), .text("flag", { $0.flag }), .item("tag", { $0.verdict }),
    .text("note", { $0.note }),
  ]

  init(_ review: Review, of entry: AuditEntry, people: [Person], now: Moment) {
    line = AuditLine(entry, people: people, now: now)
    flag = review.flag?.words ?? ""
    verdict = Tag(review.item.verdict)
    note = review.note
  }
}

/// A period that was signed for.
struct PeriodLine: TemplateData {
  let entries: String
  let reviewer: String
  let href: String
  let when: When

  static let fields: [Field<PeriodLine>] = [
    .text("entries", { $0.entries }), .text("reviewer", { $0.reviewer }),
    .link("href", { $0.href }), .item("when", { $0.when }),
  ]

  init(_ period: SignedPeriod, people: [Person], now: Moment) {
    entries = "\(period.first) to \(period.last)"
    reviewer = people.name(of: period.reviewerID)
    href = "/audit/entries/\(period.entry)"
    when = When(period.signedAt, now: now)
  }
}

extension Tag {
  /// What was said about a flagged entry; nil is nothing yet.
  init(_ verdict: ReviewVerdict?) {
    switch verdict {
    case nil: self.init("attention", "Open", icon: "waiting")
    case .ok: self.init("good", ReviewVerdict.ok.words)
    case .followUp: self.init("attention", ReviewVerdict.followUp.words)
    case .incident: self.init("danger", ReviewVerdict.incident.words)
    }
  }
}
