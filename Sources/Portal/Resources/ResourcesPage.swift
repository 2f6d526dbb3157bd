import Mustache
import Rules

/// What the site is made of, how well it is, and what is wrong with it.
struct ResourcesPage: Page {
  let state: String
  let stack: String
  let region: String
  let findings: [FindingLine]
  let unread: [FindingLine]
  let accepted: [FindingLine]
  let met: [FindingLine]
  let resources: [ResourceLine]
  let heads: [SortHead]

  static let template = "resources/index"
  static let section: Section? = .resources
  var title: String { "Resources" }

  static let fields: [Field<ResourcesPage>] = [
    .text("state", { $0.state }), .text("stack", { $0.stack }), .text("region", { $0.region }),
    .list("findings", { $0.findings }), .flag("anyFinding", { !$0.findings.isEmpty }),
    .list("unread", { $0.unread }), .flag("anyUnread", { !$0.unread.isEmpty }),
    .text("unreadWords", { count($0.unread.count, "check") + " can't be made" }),
    .list("accepted", { $0.accepted }), .flag("anyAccepted", { !$0.accepted.isEmpty }),
    .text("acceptedWords", { count($0.accepted.count, "finding") + " somebody answers for" }),
    .list("met", { $0.met }), .flag("anyMet", { !$0.met.isEmpty }),
    .text("metWords", { count($0.met.count, "check") + " met" }),
    .list("resources", { $0.resources }), .list("heads", { $0.heads }),
  ]
}

extension ResourcesPage {
  /// The page of a site, from what was read last.
  init(
    site: Site, findings: [StoredFinding], resources: [ResourceLine],
    by sorting: Sorting<ResourceLine>,
    now: Moment
  ) {
    func lines(_ belongs: (StoredFinding) -> Bool) -> [FindingLine] {
      findings.filter(belongs).map { FindingLine($0, now: now) }
    }
    self.init(
      state: findings.map(\.open).sentence,
      stack: site.stack, region: site.region,
      findings: lines { $0.finding.outcome == .fail && $0.acceptance == nil },
      unread: lines { $0.finding.outcome == .noData }, accepted: lines { $0.acceptance != nil },
      met: lines { $0.finding.outcome == .pass }, resources: sorting.sorted(resources),
      heads: sorting.heads)
  }
}

/// One finding in a list.
struct FindingLine: TemplateData {
  let stored: StoredFinding
  let when: When
  let accepted: String

  static let fields: [Field<FindingLine>] = [
    .item("tag", { Tag($0.stored) }), .text("tone", { Tag($0.stored).tone }),
    .text("state", { $0.stored.finding.state }), .text("why", { $0.stored.finding.why }),
    .text("remedy", { $0.stored.finding.remedy }),
    .text("expectation", { $0.stored.finding.expectation }),
    .text("subject", { $0.stored.finding.subject.label }),
    .link("subjectPath", { $0.stored.finding.subject.path }),
    .text("reader", { $0.stored.finding.subject.reader }),
    .link("path", { "/findings/" + $0.stored.finding.id }),
    .link("mendPath", { $0.stored.finding.mend?.path ?? "" }),
    .flag("mends", { $0.stored.finding.mend?.isKnown ?? false }),
    .text("accepted", { $0.accepted }), .item("when", { $0.when }),
  ]

  init(_ stored: StoredFinding, now: Moment) {
    self.stored = stored
    when = When(stored.since, now: now)
    accepted =
      stored.acceptance.map {
        "\($0.ownerName) answers for it until \($0.expiresAt.local): “\($0.reason)”"
      } ?? ""
  }
}

extension Mend {
  /// Whether this version has that kind of change.
  var isKnown: Bool { ChangeKind.named(kind) != nil }

  /// Where the mending change is previewed.
  var path: String {
    let fields = form.merging(["kind": kind]) { own, _ in own }
    return "/changes/preview?" + query(fields)
  }
}

extension Subject {
  /// The address of its page.
  var path: String { "/resources/" + rawValue }
}

extension Tag {
  init(_ stored: StoredFinding) {
    if stored.acceptance != nil {
      self.init("neutral", "Accepted")
    } else {
      self.init(stored.finding.health)
    }
  }
}

/// One resource with what is known of it.
struct ResourceLine: TemplateData {
  let subject: Subject
  let health: Health
  let tag: Tag
  let known: String
  /// Why the last reading failed, where it did.
  let failure: String
  let source: String
  let when: When?
  let isStale: Bool
  let beats: Beats

  static let fields: [Field<ResourceLine>] = [
    .text("label", { $0.subject.label }), .link("path", { $0.subject.path }),
    .item("tag", { $0.tag }), .text("known", { $0.known }), .text("failure", { $0.failure }),
    .text("reader", { $0.subject.reader }), .text("source", { $0.source }),
    .item("when", { $0.when }), .flag("stale", { $0.isStale }), .item("beats", { $0.beats }),
  ]
}

extension Sorting<ResourceLine> {
  /// The order of the resources: by name, by how they are, by how old what is known is.
  static func ofResources(_ visit: Visit) -> Self {
    Sorting(
      [
        Column("Resource", "name") { $0.subject.label.lowercased() },
        Column("State", "state") { $0.health }, Column("Last 24 hours"), Column("What is known"),
        Column("Source and age", "age") { -($0.when?.moment.ms ?? .min + 1) },
      ], path: "/resources", asked: visit)
  }
}
