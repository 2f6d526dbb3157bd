import HTTP
import Mustache
import Rules

extension Portal {
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
        view: view, mayPropose: person.may(.propose))
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
