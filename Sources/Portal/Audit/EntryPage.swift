import Cryptography
import Mustache
import Rules

/// One entry of the log: what it says, exactly how it is stored, and its review.
struct EntryPage: Page {
  let record: AuditRecord
  let line: AuditLine
  let review: Review?
  let person: Person
  let people: [Person]
  let now: Moment
  var problems: [Mistake] = []
  var note = ""
  var chosen = ""

  static let template = "audit/entry"
  static let section: Section? = .audit
  var title: String { "Entry \(record.entry.seq)" }

  static let fields: [Field<EntryPage>] = [
    .text("seq", { $0.line.seq }), .text("actor", { $0.line.actor }),
    .text("sentence", { $0.line.sentence }), .item("when", { $0.line.when }),
    .text("type", { $0.record.entry.type }),
    .item("outcome", { OutcomeLine($0.record.entry) }),
    .text("change", { $0.line.change }), .link("changeHref", { $0.line.href }),
    .list(
      "differences", { AuditDifference.all(in: $0.record.entry.data).map(DifferenceLine.init) }),
    .flag("counted", { !$0.counts.isEmpty }), .list("counts", { $0.counts }),
    .text("inOrder", { $0.record.entry.data["in_order"]?.number.map(String.init) ?? "" }),
    .list("followUps", { $0.entries("follow_up") }), .list("incidents", { $0.entries("incident") }),
    .link("reviewPath", { "/audit/entries/\($0.record.entry.seq)/review" }),
    .text("pretty", { $0.record.pretty }), .text("raw", { $0.record.raw }),
    .text("leaf", { Hex.encode($0.record.leaf) }), .text("link", { Hex.encode($0.record.link) }),
    .text("before", { Hex.encode($0.record.before) }),
    .link("previous", { "/audit/entries/\($0.record.entry.seq - 1)" }),
    .flag("hasPrevious", { $0.record.entry.seq > 1 }),
    .link("next", { "/audit/entries/\($0.record.entry.seq + 1)" }),
    .flag("hasNext", { $0.record.hasNext }),
    .text("note", { $0.note }),
    .text("flag", { $0.review?.flag?.words ?? "" }),
    .flag("reviews", { $0.standing == .reviews }), .flag("own", { $0.standing == .own }),
    .flag("watches", { $0.standing == .watches }), .flag("reviewed", { $0.standing == .reviewed }),
    .list("verdicts", { page in ReviewVerdict.allCases.map { VerdictLine($0, page.chosen) } }),
    .text("reviewers", { $0.reviewers }), .item("tag", { $0.review.map { Tag($0.item.verdict) } }),
    .text("reviewer", { $0.reviewer }), .text("said", { $0.review?.note ?? "" }),
    .item("reviewedAt", { page in page.review?.reviewedAt.map { When($0, now: page.now) } }),
  ]

  /// What the reader may do about a flagged entry.
  private enum Standing { case notFlagged, reviews, own, watches, reviewed }

  private var standing: Standing {
    guard let item = review?.item, record.entry.damage == nil else { return .notFlagged }
    if item.verdict != nil { return .reviewed }
    if item.actor == person.id { return .own }
    return person.may(.review) ? .reviews : .watches
  }

  private var reviewers: String {
    people.filter { $0.may(.review) && $0.id != review?.item.actor }.map(\.name)
      .joined(separator: ", ")
  }

  private var reviewer: String {
    people.first { $0.id == review?.reviewerID }?.name ?? "somebody"
  }

  /// The entries that a signed period names under a key.
  private func entries(_ key: String) -> [EntryLink] {
    (record.entry.data[key]?.elements ?? []).compactMap { $0.number.map(EntryLink.init) }
  }

  private var counts: [CountLine] {
    (record.entry.data["counts"]?.elements ?? []).compactMap { line in
      line["type"]?.text.map {
        CountLine(label: AuditSentence.label(of: $0), count: line["count"]?.number ?? 0)
      }
    }
  }
}

extension EntryPage {
  /// How it came out, in a word with its tone.
  struct OutcomeLine: TemplateData {
    let tag: Tag
    static let fields: [Field<OutcomeLine>] = [.item("tag", { $0.tag })]

    init(_ entry: AuditEntry) {
      let outcome = AuditOutcome(type: entry.type, data: entry.data)
      tag = entry.damage == nil ? Tag(outcome) ?? Tag("good", outcome.word) : .damaged
    }
  }

  /// Something before and after.
  struct DifferenceLine: TemplateData {
    let difference: AuditDifference

    static let fields: [Field<DifferenceLine>] = [
      .text("label", { $0.difference.label }), .text("before", { $0.difference.before ?? "" }),
      .text("after", { $0.difference.after }),
    ]
  }

  /// What may be said about an entry.
  struct VerdictLine: TemplateData {
    let verdict: ReviewVerdict
    let isChosen: Bool

    static let fields: [Field<VerdictLine>] = [
      .text("value", { $0.verdict.rawValue }), .text("label", { $0.verdict.words }),
      .text("hint", { $0.hint }), .flag("chosen", { $0.isChosen }),
    ]

    init(_ verdict: ReviewVerdict, _ chosen: String) {
      self.verdict = verdict
      isChosen = verdict.rawValue == chosen
    }

    private var hint: String {
      switch verdict {
      case .ok: "It was as it should be."
      case .followUp: "Something has to be done. Say what."
      case .incident: "It should not have happened. Say what went wrong."
      }
    }
  }

  /// Another entry, by its number.
  struct EntryLink: TemplateData {
    let seq: Int64

    static let fields: [Field<EntryLink>] = [
      .text("number", { String($0.seq) }), .link("href", { "/audit/entries/\($0.seq)" }),
    ]
  }

  /// How many entries of a type a signed period holds.
  struct CountLine: TemplateData {
    let label: String
    let count: Int64

    static let fields: [Field<CountLine>] = [
      .text("label", { $0.label }), .text("count", { String($0.count) }),
    ]
  }
}
