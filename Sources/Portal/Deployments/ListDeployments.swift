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
      return DeploymentsPage(
        filter: filter, deployments: Array(found.prefix(Self.deploymentsPerPage)),
        older: found.count > Self.deploymentsPerPage
          ? filter.older(than: found[Self.deploymentsPerPage - 1].at) : "",
        truths: filter.before == nil ? try Truth.all(of: site, at: now, in: db) : [],
        outside: filter.before == nil ? try TrailStore.newest(site: site.name, in: db) : [],
        repository: site.githubPage, now: now)
    }
    return page(content, for: visit)
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
    .flag("byOutside", { $0.filter.isOutside }), .flag("filtered", { $0.filter.isNarrow }),
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
    guard let last = deployments.first else { return "Nothing was deployed yet." }
    return "The last began \(When.relative(ms: now.since(last.at)))."
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
