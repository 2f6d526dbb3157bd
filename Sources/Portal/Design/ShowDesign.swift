import HTTP
import HTTPTypes
import Mustache
import Rules

extension Portal {
  /// Every component of the pages in every state, with made-up values.
  func showDesign(_ visit: Visit) async throws -> Response {
    page(DesignPage(now: visit.now), for: visit)
  }
}

/// The components that pages are made of. Parts that are drawn from values are drawn here by the
/// same templates from made-up ones; the others stand in the template as they are elsewhere.
struct DesignPage: Page {
  let now: Moment

  static let template = "design/index"
  static let section: Section? = nil
  var title: String { "Design" }

  static let fields: [Field<DesignPage>] = [
    .list("tones", { _ in tones }), .list("states", { _ in ChangeState.allCases.map(Toned.init) }),
    .list("findings", { $0.findings }), .list("resources", { $0.resources }),
    .list("charts", { $0.charts }), .item("sample", { $0.cost }),
    .list("tables", { _ in tables }), .item("identifier", { _ in identifier }),
    .list("times", { $0.times }),
  ]

  private static let tones = [
    Toned(Tag("good", "Good")), Toned(Tag("attention", "Attention")),
    Toned(Tag("danger", "Danger")), Toned(Tag("unknown", "Unknown")),
    Toned(Tag("neutral", "Not set up")), Toned(Tag("attention", "Waiting", icon: "waiting")),
    Toned(Tag("attention", "Running", icon: "running")),
  ]

  private static let identifier = Cut(
    "arn:aws:ecs:us-west-2:123456789012:service/GhostInfraStack-Cluster/GhostInfraStack-Ghost")

  private static let tables = [
    TableView(
      table: DetailTable(
        "A table of facts", ["Snapshot", "Made", "Size"],
        [["before-cr-12", "27 November 2026, 19:05 UTC", "20 GiB"]], empty: "")),
    TableView(
      table: DetailTable(
        "A table of nothing", [], [],
        empty: "Nobody has made a snapshot yet. A change of the database makes one first.")),
  ]

  private func before(_ ms: Int64) -> Moment { now.adding(ms: -ms) }

  private var times: [Timed] {
    [before(12 * Span.second), before(3 * Span.hour), now.adding(ms: 2 * Span.day)].map {
      Timed(when: When($0, now: now))
    }
  }

  private var findings: [FindingLine] {
    let acceptance = Acceptance(
      number: 1, finding: "sample", ownerName: "Ana Operator", reason: "We move it in January.",
      acceptedAt: before(Span.day), expiresAt: now.adding(ms: 30 * Span.day))
    let mend = Mend("rds.retention", ["days": "7"])
    return [
      finding(.fail, .danger, "The database keeps backups for 1 day", mend: mend),
      finding(.fail, .attention, "The bucket keeps no earlier versions"),
      finding(.noData, .attention, "Whether mail may be sent can't be read"),
      finding(.fail, .attention, "The database has no standby", acceptance: acceptance),
    ].map { FindingLine($0, now: now) }
  }

  private func finding(
    _ outcome: Finding.Outcome, _ severity: Health, _ state: String, mend: Mend? = nil,
    acceptance: Acceptance? = nil
  ) -> StoredFinding {
    StoredFinding(
      finding: Finding(
        id: "sample", subject: .database, outcome: outcome, severity: severity,
        expectation: state, state: state,
        why: "A mistake found on Monday can't be undone from Friday.",
        remedy: "Raise it to 7 days.", mend: mend),
      since: before(3 * Span.day), checkedAt: now, acceptance: acceptance)
  }

  private var resources: [Strip] {
    var strip = HealthStrip(at: before(Span.day))
    for (hours, health) in [(22, Health.good), (10, .unknown), (6, .attention), (3, .danger)] {
      for half in 0..<6 {
        strip.note(health, at: before(Int64(hours) * Span.hour - Int64(half) * 30 * Span.minute))
      }
    }
    var edges = EdgeWords(of: strip.until(now))
    return [strip.until(now), HealthStrip(at: now)].map { Strip(beats: Beats($0, edges: &edges)) }
  }

  private var charts: [Chart] {
    guard let metric = Metric.all.first else { return [] }
    let points = (0..<288).map { index in
      (at: before(Int64(288 - index) * 5 * Span.minute), value: Double(index * 37 % 60))
    }
    let mark = (at: before(8 * Span.hour), words: "CR-12: Scale Ghost from 1 task to 2 tasks")
    return [
      Chart(metric: metric, points: points, marks: [mark], now: now),
      Chart(metric: metric, points: [], marks: [], now: now),
    ]
  }

  private var cost: Sample? {
    let rate = Rate(nanoDollars: 40_480_000)
    let line = CostLine(
      label: "Fargate vCPU", unit: "vCPU-hour", rateBefore: rate, rateAfter: rate,
      milliUnitsBefore: 250, milliUnitsAfter: 500)
    let cost = Cost(
      lines: [line], priceDate: "2026-10-06", source: "AWS Price List, on-demand",
      leftOut: ["Data transfer: it follows use."])
    return Sample(cost: CostTable(cost, oldPrices: "", at: now))
  }
}

/// A tag in a list of tags.
private struct Toned: TemplateData {
  let tag: Tag
  static let fields: [Field<Toned>] = [.item("tag", { $0.tag })]
  init(_ tag: Tag) { self.tag = tag }
  init(_ state: ChangeState) { tag = Tag(state) }
}

private struct Timed: TemplateData {
  let when: When
  static let fields: [Field<Timed>] = [.item("when", { $0.when })]
}

private struct Strip: TemplateData {
  let beats: Beats
  static let fields: [Field<Strip>] = [.item("beats", { $0.beats })]
}

private struct Sample: TemplateData {
  let cost: CostTable
  static let fields: [Field<Sample>] = [.item("cost", { $0.cost })]
}
