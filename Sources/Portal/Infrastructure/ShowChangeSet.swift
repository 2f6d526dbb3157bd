import GRDB
import HTTP
import Mustache
import Rules

extension Portal {
  /// One change set as last read: what it would do, resource by resource.
  func showChangeSet(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let update = try await plannedUpdate(of: visit)
    return page(
      ChangeSetPage(update: update, mayPropose: person.may(.propose), now: visit.now), for: visit)
  }

  /// The change set that the address names.
  func plannedUpdate(of visit: Visit) async throws -> PlannedUpdate {
    let id = visit.parameters["id"] ?? ""
    let site = configuration.sites[0].name
    let facts = try await storage.read { db in
      try ObservationStore.facts(ChangeSetFacts.self, site: site, in: db)?.facts
    }
    guard let update = facts?.sets.first(where: { $0.pageID == id }) else { throw Failure.notFound }
    return update
  }
}

/// A change set as people read a difference: counts first, then each resource in words with its
/// properties before and after.
struct ChangeSetPage: Page {
  let update: PlannedUpdate
  let mayPropose: Bool
  let now: Moment

  static let template = "infrastructure/change-set"
  static let section: Section? = .infrastructure
  var title: String { update.name }

  static let fields: [Field<ChangeSetPage>] = [
    .item("set", { ChangeSetLine(update: $0.update, now: $0.now) }),
    .item("arn", { Cut($0.update.arn) }), .text("reason", { $0.update.reason }),
    .text("description", { $0.update.description }), .text("warning", { $0.warning }),
    .list("resources", { $0.resources }), .flag("anyResource", { !$0.resources.isEmpty }),
    .flag("mayExecute", { $0.mayPropose && $0.update.isAvailable }),
    .link(
      "execute",
      {
        "/changes/preview?kind=\(ChangeKind.changeSetExecution.id)&arn="
          + percentEncoded($0.update.arn)
      }),
    .flag("hasRun", { $0.update.runID != nil }),
    .link("difference", { "/infrastructure/change-sets/\($0.update.pageID)/cdk-diff" }),
  ]

  private var warning: String {
    let grave = update.changes.filter(\.losesState)
    guard !grave.isEmpty else { return "" }
    let names = grave.map(\.logicalID).joined(separator: ", ")
    return "It takes away what can’t be had back: \(names). It needs two other people, the stack’s "
      + "name typed, and a fresh backup where a database goes."
  }

  /// The gravest first.
  private var resources: [ResourceUpdateLine] {
    let order: [ResourceUpdate.Effect] = [.removes, .replaces, .mayReplace, .changes, .adds]
    return update.changes.sorted {
      ($0.losesState ? 0 : 1, order.firstIndex(of: $0.effect) ?? 0, $0.logicalID)
        < ($1.losesState ? 0 : 1, order.firstIndex(of: $1.effect) ?? 0, $1.logicalID)
    }.map(ResourceUpdateLine.init)
  }
}

/// One resource of a change set.
struct ResourceUpdateLine: TemplateData {
  let change: ResourceUpdate

  static let fields: [Field<ResourceUpdateLine>] = [
    .text("name", { $0.change.logicalID }), .text("words", { $0.change.words }),
    .item("tag", { $0.tag }), .flag("isGrave", { $0.change.losesState }),
    .list("properties", { $0.change.properties.map(PropertyUpdateLine.init) }),
    .flag("anyProperty", { !$0.change.properties.isEmpty }),
  ]

  private var tag: Tag {
    let word: [ResourceUpdate.Effect: String] = [
      .removes: "removed", .replaces: "replaced", .mayReplace: "perhaps replaced",
      .changes: "changed", .adds: "added",
    ]
    let tone = change.losesState ? "danger" : change.effect == .adds ? "good" : "neutral"
    return Tag(tone, word[change.effect] ?? "changed")
  }
}

/// One property of a resource, before and after.
struct PropertyUpdateLine: TemplateData {
  let property: PropertyUpdate

  static let fields: [Field<PropertyUpdateLine>] = [
    .text("label", { $0.property.name }), .text("before", { $0.property.before }),
    .text("after", { $0.after }),
  ]

  private var after: String {
    guard property.after.isEmpty else { return property.after }
    return property.before.isEmpty ? "AWS does not say" : "not set"
  }
}
