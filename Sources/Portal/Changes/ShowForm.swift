import GRDB
import HTTP
import HTTPTypes
import Mustache
import Rules

extension Portal {
  /// The form of a kind of change, filled in as the address asks.
  func showForm(_ visit: Visit) async throws -> Response {
    try await form(problems: [], visit)
  }

  /// The form, also with why no plan could be made of what was typed.
  func form(problems: [Mistake], _ visit: Visit) async throws -> Response {
    guard let kind = ChangeKind.named(visit.field("kind")), let form = kind.form else {
      throw Failure.notFound
    }
    let site = configuration.sites[0].name
    let estate = try await storage.read { [now = visit.now] db in
      try ObservationStore.lastSeen(of: site, at: now, in: db)
    }
    let content = FormPage(
      kind: kind, problems: problems, revises: visit.revises, draft: visit.draft,
      lines: form(estate).map { FormFieldLine(field: $0, typed: visit.shown($0.name)) })
    return page(content, for: visit)
  }
}

extension Visit {
  /// The number of the draft that the form comes from; empty without one.
  fileprivate var draft: String { Int64(field("draft")).map(String.init) ?? "" }

  /// What was typed in a field, to be shown again; nil where it was not there.
  fileprivate func shown(_ name: String) -> String? {
    form[name].map { _ in form.shown(name) }
  }
}

/// The form of one kind of change.
struct FormPage: Page {
  let kind: ChangeKind
  let problems: [Mistake]
  /// The number of the change that is edited; empty for a new one.
  let revises: String
  let draft: String
  let lines: [FormFieldLine]

  static let template = "changes/new"
  static let section: Section? = .changes
  var title: String { kind.label }

  static let fields: [Field<FormPage>] = [
    .text("kind", { $0.kind.id }), .text("kindLabel", { $0.kind.label }),
    .text("about", { $0.kind.about }),
    .text("revises", { $0.revises }), .text("draft", { $0.draft }),
    .list("lines", { $0.lines }), .flag("priced", { Cost.pricedKinds.contains($0.kind.id) }),
    .text("subject", { $0.kind.subject?.label ?? "" }),
    .link("subjectPath", { $0.kind.subject?.path ?? "/changes" }),
  ]
}
