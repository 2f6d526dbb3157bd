import GRDB
import Mustache
import Rules

/// What is live of one thing, what the repository's main has of it, and what was last approved.
struct Truth: TemplateData {
  let name: String
  let live: String
  let main: String
  let approved: String
  let change: Int64?

  static let fields: [Field<Truth>] = [
    .text("name", { $0.name }), .text("live", { $0.live }), .text("main", { $0.main }),
    .text("approved", { $0.approved }), .text("change", { $0.change.map { "CR-\($0)" } ?? "" }),
    .link("changeHref", { $0.change.map { "/changes/\($0)" } ?? "" }),
  ]

  /// Image, theme and infrastructure, from what was last read.
  static func all(of site: Site, at now: Moment, in db: Database) throws -> [Truth] {
    let estate = try ObservationStore.estate(of: site.name, at: now, in: db)
    return try [
      truth("Image", .image, live: image(in: estate), estate, site, db),
      truth("Theme", .theme, live: theme(in: estate), estate, site, db),
      truth("Infrastructure", .infrastructure, live: stack(in: estate), estate, site, db),
    ]
  }

  private static func truth(
    _ name: String, _ area: Deployment.Area, live: String, _ estate: Estate, _ site: Site,
    _ db: Database
  ) throws -> Truth {
    let last = try ChangeStore.newest(of: area.kinds.map(\.id), site: site.name, in: db)
      .first { $0.state == .succeeded }
    return Truth(
      name: name, live: live, main: main(of: area, in: estate),
      approved: last?.title ?? "nothing yet", change: last?.number)
  }

  private static func image(in estate: Estate) -> String {
    guard let tasks = estate[TaskFacts.self].facts, let task = tasks.running.first else {
      return "not known"
    }
    let images = estate[ImageFacts.self].facts?.images ?? []
    let tags = images.first { $0.digest == task.digest }?.tags ?? []
    return tags.isEmpty ? String(task.digest.prefix(19)) : tags.joined(separator: ", ")
  }

  private static func theme(in estate: Estate) -> String {
    guard let blog = estate[BlogFacts.self].facts else { return "not known" }
    if let missing = blog.missingTheme { return "“\(missing)”, which is missing" }
    return blog.pageTheme ?? blog.activeTheme ?? "not known"
  }

  private static func stack(in estate: Estate) -> String {
    guard let stack = estate[StackFacts.self].facts else { return "not known" }
    return "\(stack.status), updated \(stack.updatedAt.local)"
  }

  /// How far the last successful run of the workflow is behind main.
  private static func main(of area: Deployment.Area, in estate: Estate) -> String {
    guard let facts = estate[WorkflowFacts.self].facts, facts.hasToken else {
      return "not known: there is no GitHub token"
    }
    guard let workflow = area.workflow.flatMap(facts.workflow), let head = facts.head else {
      return "not known"
    }
    let commit = "main is at \(head.prefix(7))"
    guard let deployed = workflow.lastDeployed, let behind = workflow.behind else { return commit }
    guard behind > 0 else { return commit + ", which is deployed" }
    let distance = "\(deployed.commit.prefix(7)) is deployed, \(count(behind, "commit")) behind"
    return "\(commit); \(distance)" + (workflow.isStale ? "" : ", none of which touches it")
  }
}
