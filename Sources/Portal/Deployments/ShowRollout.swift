import GRDB
import HTTP
import Mustache
import Rules

extension Portal {
  /// How long before a rollout what asked for it can have begun.
  private static let askedWithinMs = 30 * Span.minute

  /// One rollout of the service, as ECS told of it last.
  func showRollout(_ visit: Visit) async throws -> Response {
    let id = visit.parameters["rollout"] ?? ""
    let site = configuration.sites[0].name
    let content = try await storage.read { [now = visit.now] db in
      guard let rollout = try DeploymentStore.rollout(id, site: site, in: db) else {
        throw Failure.notFound
      }
      var filter = DeploymentFilter()
      filter.before = rollout.startedAt.adding(ms: 1)
      let earliest = rollout.startedAt.adding(ms: -Self.askedWithinMs)
      let around = try DeploymentStore.list(
        filter, site: site, limit: Self.deploymentsPerPage, in: db
      ).filter { $0.at >= earliest && $0.key != rollout.deployment.key }
      return RolloutPage(rollout: rollout, around: around, now: now)
    }
    return page(content, for: visit)
  }
}

/// One rollout of the service.
struct RolloutPage: Page {
  let rollout: Rollout
  let around: [Deployment]
  let now: Moment

  static let template = "deployments/rollout"
  static let section: Section? = .deployments
  var title: String { "Rollout of \(rollout.revision)" }

  static let fields: [Field<RolloutPage>] = [
    .text("state", { $0.state }),
    .item("tag", { Tag($0.rollout.outcome) }),
    .item("when", { When($0.rollout.startedAt, now: $0.now) }),
    .text("before", { $0.rollout.before }), .text("revision", { $0.rollout.revision }),
    .text("digest", { $0.rollout.summary.digest }), .text("arn", { $0.rollout.summary.arn }),
    .text("took", { $0.took }), .link("compare", { $0.compare }),
    .list(
      "deployments",
      { page in
        page.around.map { DeploymentLine(deployment: $0, repository: nil, now: page.now) }
      }),
    .flag("anyAround", { !$0.around.isEmpty }),
  ]

  private var state: String {
    let reason = rollout.summary.reason
    switch rollout.outcome {
    case .failed: return "It did not bring what it was to bring. \(reason)"
    case .running: return "It goes on. \(reason)"
    default: return "It is done. \(reason)"
    }
  }

  private var took: String {
    guard let endedAt = rollout.summary.endedAt else { return "" }
    return Span.about(ms: endedAt.since(rollout.startedAt))
  }

  private var compare: String {
    guard let asked = around.first else { return "" }
    return "/deployments/compare?a=\(asked.key)&b=\(rollout.deployment.key)"
  }
}
