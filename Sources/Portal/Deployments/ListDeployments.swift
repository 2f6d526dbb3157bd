import GRDB
import HTTP
import Mustache
import Rules

extension Portal {
  /// Deployments shown on one page.
  static let deploymentsPerPage = 30

  /// Everything that was deployed, newest first, over images, themes, infrastructure and service.
  func listDeployments(_ visit: Visit) async throws -> Response {
    let filter = DeploymentFilter(visit.form)
    let site = configuration.sites[0]
    let content = try await storage.read { [now = visit.now] db in
      let found = try DeploymentStore.list(
        filter, site: site.name, limit: Self.deploymentsPerPage + 1, in: db)
      let shown = Self.page(of: found)
      return DeploymentsPage(
        filter: filter, deployments: shown,
        older: found.count > shown.count ? shown.last.map { filter.older(than: $0.at) } ?? "" : "",
        truths: filter.before == nil ? try Truth.all(of: site, at: now, in: db) : [],
        outside: filter.before == nil ? try TrailStore.newest(site: site.name, in: db) : [],
        repository: site.githubPage, now: now)
    }
    return page(content, for: visit)
  }

  /// As many of the deployments found as a page holds. The next page begins before a moment, so
  /// those of one moment stay together: a push begins several runs at once.
  private static func page(of found: [Deployment]) -> [Deployment] {
    let shown = Array(found.prefix(deploymentsPerPage))
    guard found.count > shown.count else { return shown }
    let whole = Array(shown.prefix { $0.at > found[shown.count].at })
    return whole.isEmpty ? shown : whole
  }
}

/// What was deployed, what is live, and what was done past Caretaker.
struct DeploymentsPage: Page {
  let filter: DeploymentFilter
  let deployments: [Deployment]
  let older: String
  let truths: [Truth]
  let outside: [OutsideAct]
  /// Where GitHub shows the repository; nil where that is not known.
  let repository: String?
  let now: Moment

  static let template = "deployments/index"
  static let section: Section? = .deployments
  var title: String { "Deployments" }

  static let fields: [Field<DeploymentsPage>] = [
    .text("state", { $0.state }), .list("truths", { $0.truths }),
    .flag("anyTruth", { !$0.truths.isEmpty }), .list("areas", { $0.areas }),
    .flag("byOutside", { $0.filter.isOutside }),
    .flag("filtered", { $0.filter.isNarrow || $0.filter.before != nil }),
    .list(
      "deployments",
      { page in
        page.deployments.enumerated().map { index, deployment in
          DeploymentLine(
            deployment: deployment, repository: page.repository, now: page.now, place: index)
        }
      }),
    .flag("comparing", { $0.deployments.count > 1 }),
    .flag("any", { !$0.deployments.isEmpty }), .link("older", { $0.older }),
    .flag("hasOlder", { !$0.older.isEmpty }),
    .list("acts", { page in page.outside.map { OutsideActLine(act: $0, now: page.now) } }),
    .flag("anyAct", { !$0.outside.isEmpty }),
  ]

  private var state: String {
    if let before = filter.before { return "What began before \(before.local)." }
    guard let last = deployments.first else {
      return filter.isNarrow ? "Nothing of that was deployed yet." : "Nothing was deployed yet."
    }
    return "The last \(filter.isNarrow ? "of these " : "")began "
      + When.relative(ms: now.since(last.at)) + "."
  }

  private var areas: [Choice] {
    [Choice(value: "", label: "Everything", isSelected: filter.area == nil)]
      + Deployment.Area.allCases.map {
        Choice(value: $0.rawValue, label: $0.label, isSelected: $0 == filter.area)
      }
  }
}

/// One act past Caretaker.
struct OutsideActLine: TemplateData {
  let act: OutsideAct
  let now: Moment

  static let fields: [Field<OutsideActLine>] = [
    .text("act", { $0.act.act }), .text("resource", { $0.act.resource }),
    .text("who", { $0.act.who }), .item("when", { When($0.act.at, now: $0.now) }),
  ]
}
