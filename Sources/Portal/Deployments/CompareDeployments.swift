import GRDB
import HTTP
import HTTPTypes
import Mustache
import Rules

extension Portal {
  /// Two deployments side by side, what the site was after each, and what came in between.
  func compareDeployments(_ visit: Visit) async throws -> Response {
    let site = configuration.sites[0]
    let keys = [visit.form["a"] ?? "", visit.form["b"] ?? ""]
    let content = try await storage.read { [now = visit.now] db in
      let found = try keys.compactMap { try DeploymentStore.find($0, site: site.name, in: db) }
        .sorted { ($0.at, $0.key) < ($1.at, $1.key) }
      guard found.count == 2 else { throw Failure.nothingToCompare }
      return ComparisonPage(
        earlier: found[0], later: found[1],
        after: try Deployment.Area.allCases.map { area in
          ComparisonPage.After(
            area: area,
            earlier: try DeploymentStore.live(area, at: found[0].at, site: site.name, in: db),
            later: try DeploymentStore.live(area, at: found[1].at, site: site.name, in: db))
        },
        between: try self.between(found[0], found[1], site: site.name, in: db),
        repository: site.githubPage, now: now)
    }
    return page(content, for: visit)
  }

  /// What came after one and before the other, newest first.
  private func between(
    _ earlier: Deployment, _ later: Deployment, site: String, in db: Database
  ) throws -> [Deployment] {
    var filter = DeploymentFilter()
    filter.before = later.at
    return try DeploymentStore.list(filter, site: site, limit: Self.deploymentsPerPage, in: db)
      .filter { $0.at > earlier.at }
  }
}

extension Failure {
  static let nothingToCompare = Failure(
    status: .notFound, title: "There are not two deployments to compare",
    sentence: "Choose an A and a B in the list of deployments. One that is no longer kept can't "
      + "be compared.")
}

/// Two deployments side by side.
struct ComparisonPage: Page {
  let earlier: Deployment
  let later: Deployment
  let after: [After]
  let between: [Deployment]
  let repository: String?
  let now: Moment

  static let template = "deployments/compare"
  static let section: Section? = .deployments
  var title: String { "Two deployments compared" }

  static let fields: [Field<ComparisonPage>] = [
    .text("state", { $0.state }), .list("rows", { $0.rows }), .list("after", { $0.after }),
    .link("earlierHref", { $0.earlier.path }), .link("laterHref", { $0.later.path }),
    .text("earlier", { $0.line($0.earlier).words }), .text("later", { $0.line($0.later).words }),
    .list("deployments", { page in page.between.map(page.line) }),
    .flag("anyBetween", { !$0.between.isEmpty }),
    .text("betweenWords", { $0.betweenWords }),
    .link("commits", { $0.commits }), .flag("hasCommits", { !$0.commits.isEmpty }),
  ]

  /// What the site had of one area after each of the two.
  struct After: TemplateData {
    let area: Deployment.Area
    let earlier: Deployment?
    let later: Deployment?

    static let fields: [Field<After>] = [
      .text("area", { $0.area.label }), .text("earlier", { words($0.earlier) }),
      .text("later", { words($0.later) }), .item("tag", { $0.tag }),
    ]

    private static func words(_ deployment: Deployment?) -> String {
      guard let deployment else { return "not known" }
      return deployment.to.isEmpty ? deployment.words : DeploymentLine.short(deployment.to)
    }

    private var tag: Tag {
      guard let earlier, let later else { return Tag("unknown", "not known") }
      return earlier.key == later.key || (earlier.to == later.to && !later.to.isEmpty)
        ? Tag("neutral", "the same") : Tag("attention", "differs")
    }
  }

  /// One field of both.
  struct Row: TemplateData {
    let label: String
    let earlier: String
    let later: String

    static let fields: [Field<Row>] = [
      .text("label", { $0.label }), .text("earlier", { $0.earlier }),
      .text("later", { $0.later }),
    ]
  }

  private func line(_ deployment: Deployment) -> DeploymentLine {
    DeploymentLine(deployment: deployment, repository: repository, now: now)
  }

  private var state: String {
    guard earlier.key != later.key else { return "A and B are the same deployment." }
    return "They began \(Span.about(ms: later.at.since(earlier.at))) apart."
  }

  private var betweenWords: String {
    between.count < Portal.deploymentsPerPage
      ? count(between.count, "deployment") + " came in between"
      : "The newest \(between.count) that came in between"
  }

  private var rows: [Row] {
    func row(_ label: String, _ value: (Deployment) -> String) -> Row {
      Row(label: label, earlier: value(earlier), later: value(later))
    }
    return [
      row("What", { $0.area.label }), row("Who", { $0.who }),
      row("Began", { $0.at.local }), row("Outcome", { Tag($0.outcome).word }),
      row("From", { DeploymentLine.short($0.from) }), row("To", { DeploymentLine.short($0.to) }),
      row("Change", { $0.change.map { "CR-\($0)" } ?? "none" }),
      row("A month", { $0.cost?.formattedDifference() ?? "no price" }),
    ]
  }

  /// Where GitHub shows what lies between the commits that the two brought.
  private var commits: String {
    guard let repository, let from = earlier.commits?.to, let to = later.commits?.to, from != to
    else { return "" }
    return "\(repository)/compare/\(from)...\(to)"
  }
}
