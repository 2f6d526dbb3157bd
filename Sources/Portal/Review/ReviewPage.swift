import Mustache
import Rules

/// What has to be reviewed, and the period that is to be signed for.
struct ReviewPage: Page {
  let filter: ReviewFilter
  let lines: [ReviewLine]
  let older: String
  let period: ReviewPeriod?
  let isAllOwn: Bool
  let signed: [PeriodLine]
  let overdue: String
  let person: Person
  let people: [Person]
  var problems: [Mistake] = []

  static let template = "review/index"
  static let section: Section? = .audit
  var title: String { "Review" }

  static let fields: [Field<ReviewPage>] = [
    .text("state", { $0.state }), .text("overdue", { $0.overdue }),
    .list("filters", { page in ReviewFilter.allCases.map { $0.choice(page.filter) } }),
    .flag("any", { !$0.lines.isEmpty }), .list("lines", { $0.lines }),
    .flag("open", { $0.filter == .open }), .text("filter", { $0.filter.label }),
    .link("older", { $0.older }), .flag("hasOlder", { !$0.older.isEmpty }),

    .item("period", { page in page.period.map(PeriodSummary.init) }),
    .flag("signs", { $0.why.isEmpty }), .text("why", { $0.why }),
    .list("signed", { $0.signed }), .flag("anySigned", { !$0.signed.isEmpty }),
  ]

  private var state: String {
    switch period?.open ?? 0 {
    case 0: "Every flagged entry is reviewed."
    case 1: "1 flagged entry waits for a review."
    case let count: "\(count) flagged entries wait for a review."
    }
  }

  /// Why the reader can't sign; empty when they can.
  private var why: String {
    guard let period else { return "There is nothing to sign for." }
    do {
      try period.checkSigning(by: person, isAllOwn: isAllOwn, seen: period.head)
      return ""
    } catch let refusal as ReviewRefusal {
      return refusal.sentence
    } catch {
      let names = people.filter { $0.may(.review) }.map(\.name).listed(", ")
      return "Your role does not review the log. "
        + (names.isEmpty ? "Nobody's does at the moment." : "These do: \(names).")
    }
  }

  /// What signing stands for.
  struct PeriodSummary: TemplateData {
    let period: ReviewPeriod

    static let fields: [Field<PeriodSummary>] = [
      .text("first", { String($0.period.first) }), .text("last", { String($0.period.last) }),
      .text("entries", { String($0.period.last - $0.period.first + 1) }),
      .text("openCount", { String($0.period.open) }),
      .text("inOrder", { String($0.period.inOrder) }),
      .text("followUps", { String($0.period.followUps.count) }),
      .text("incidents", { String($0.period.incidents.count) }),
      .text("headLink", { $0.period.head }), .item("head", { Cut($0.period.head) }),
    ]
  }
}

/// Which flagged entries the queue shows.
enum ReviewFilter: String, CaseIterable {
  case open
  case followUp = "follow_up"
  case incident, ok

  /// The verdict that it shows; nil for none yet.
  var verdict: ReviewVerdict? { ReviewVerdict(rawValue: rawValue) }

  var label: String { verdict?.words ?? "Open" }

  func choice(_ selected: ReviewFilter) -> Choice {
    Choice(value: rawValue, label: label, isSelected: self == selected)
  }
}
