import GRDB
import HTTP
import Mustache
import Rules

extension Portal {
  /// The most earlier commits that are offered to go back to.
  private static let deploysMax = 5

  /// The last runs of infra-deploy that deployed something, each commit once, newest first.
  private func deployedCommits(site: String, in db: Database) throws -> [RunSummary] {
    var filter = RunFilter()
    filter.workflow = InfrastructurePage.workflow
    filter.result = "success"
    let runs = try RunStore.list(filter, site: site, limit: Self.runsLookedAt, in: db).map(\.run)
    var seen: Set<String> = []
    return Array(
      runs.filter { $0.deploys && seen.insert($0.commit).inserted }.prefix(Self.deploysMax))
  }

  /// How many runs are looked at for them.
  private static let runsLookedAt = 50

  /// The stack and the change sets that wait, as last read.
  func showInfrastructure(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let view = resourceView(at: visit.now)
    let content = try await storage.read { db in
      InfrastructurePage(
        stack: try Watch.of(StackFacts.subject).flatMap {
          try ObservationStore.find($0, site: view.site, in: db)
        },
        sets: try Watch.of(ChangeSetFacts.subject).flatMap {
          try ObservationStore.find($0, site: view.site, in: db)
        },
        view: view, mayPropose: person.may(.propose),
        deploys: try self.deployedCommits(site: view.site, in: db))
    }
    return page(content, for: visit)
  }
}

/// The stack: how it stands, and which updates wait to be executed.
struct InfrastructurePage: Page {
  /// What was last seen; nil before the first look.
  let stack: Observation?
  let sets: Observation?
  let view: ResourceView
  let mayPropose: Bool
  /// The runs that deployed what the stack was before, newest first.
  let deploys: [RunSummary]

  static let workflow = "infra-deploy.yml"
  static let template = "infrastructure/index"
  static let section: Section? = .infrastructure
  var title: String { "Infrastructure" }

  static let fields: [Field<InfrastructurePage>] = [
    .text("state", { $0.state }), .text("failure", { $0.sets?.failure ?? "" }),
    .item("when", { page in page.sets?.observedAt.map { When($0, now: page.view.now) } }),
    .flag("isStuck", { $0.isStuck }), .text("stuck", { $0.stuck }),
    .flag("mayContinue", { $0.mayPropose && $0.stackFacts?.status == "UPDATE_ROLLBACK_FAILED" }),
    .link("continue", { _ in ChangeKind.continuedRollback.formPath }),
    .list("sets", { page in page.updates.map { ChangeSetLine(update: $0, now: page.view.now) } }),
    .flag("anySet", { !$0.updates.isEmpty }), .flag("isRead", { $0.sets?.facts != nil }),
    .flag("mayPropose", { $0.mayPropose }),
    .link("planHref", { _ in DeployedCommit.planPath(of: "") }),
    .list(
      "deploys",
      { page in page.deploys.map { DeployedCommit(run: $0, now: page.view.now) } }),
    .flag("anyDeploy", { !$0.deploys.isEmpty }),
  ]

  private var stackFacts: StackFacts? { stack?.facts as? StackFacts }
  private var updates: [PlannedUpdate] { (sets?.facts as? ChangeSetFacts)?.sets ?? [] }

  private var state: String {
    guard let facts = stackFacts else { return "Nothing is known of the stack yet." }
    let updated = facts.updatedAt.map {
      " It was last updated \(When.relative(ms: view.now.since($0)))."
    }
    return "\(facts.name) is \(facts.status). " + StackStatus.words(facts.status) + (updated ?? "")
  }

  private var isStuck: Bool {
    guard let status = stackFacts?.status else { return false }
    return status.hasSuffix("_FAILED") || status == "ROLLBACK_COMPLETE"
  }

  private var stuck: String {
    guard let facts = stackFacts else { return "" }
    let reason = facts.reason.isEmpty ? "" : "CloudFormation says: \(facts.reason) "
    return reason + StackStatus.remedy(facts.status)
  }
}

/// A commit that was deployed, to go back to.
struct DeployedCommit: TemplateData {
  let run: RunSummary
  let now: Moment

  static let fields: [Field<DeployedCommit>] = [
    .text("commit", { String($0.run.commit.prefix(12)) }), .text("words", { $0.run.title }),
    .link("runHref", { "/workflows/runs/\($0.run.id)" }),
    .link("planHref", { planPath(of: $0.run.commit) }),
    .item("when", { When($0.run.createdAt, now: $0.now) }),
  ]

  /// The form that plans a deploy: of a commit, or of main where none is named.
  static func planPath(of commit: String) -> String {
    "/workflows/new?workflow=\(InfrastructurePage.workflow)&input_mode=plan"
      + (commit.isEmpty ? "" : "&input_sha=\(percentEncoded(commit))")
  }
}

/// One change set in the list.
struct ChangeSetLine: TemplateData {
  let update: PlannedUpdate
  let now: Moment

  static let fields: [Field<ChangeSetLine>] = [
    .text("name", { $0.update.name }),
    .link("href", { "/infrastructure/change-sets/\($0.update.pageID)" }),
    .text("counts", { $0.update.counts }), .item("tag", { $0.tag }),
    .flag("isGrave", { $0.update.isIrreversible }),
    .item("when", { line in line.update.createdAt.map { When($0, now: line.now) } }),
  ]

  private var tag: Tag {
    let word = update.standing
    return switch update.execution {
    case "AVAILABLE": Tag("attention", word, icon: "waiting")
    case "EXECUTE_IN_PROGRESS": Tag("attention", word, icon: "running")
    case "EXECUTE_COMPLETE": Tag("good", word)
    case "EXECUTE_FAILED": Tag("danger", word)
    default: Tag("neutral", word)
    }
  }
}

extension PlannedUpdate {
  /// How addresses name it: the end of its ARN, which is its own for ever.
  var pageID: String { arn.split(separator: "/").last.map(String.init) ?? "" }

  /// The run of infra-deploy that made it; nil where its name does not say.
  var runID: Int64? {
    name.hasPrefix("plan-") ? Int64(name.dropFirst("plan-".count)) : nil
  }
}
