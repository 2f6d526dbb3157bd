import GRDB
import Mustache
import Rules

/// The views that a person has of a list, and the form that keeps the one shown now.
struct SavedViewPart: TemplateData {
  let list: ViewedList
  let views: [SavedView]
  /// The filter that is shown; nil for the whole list.
  let query: String?
  /// Fields that hold the same filter in a form.
  let fields: [AuditPage.HiddenField]
  let typed: String

  static let fields: [Field<SavedViewPart>] = [
    .text("list", { $0.list.rawValue }), .flag("anyView", { !$0.views.isEmpty }),
    .list("views", { part in part.views.map { Line(view: $0, of: part) } }),
    .flag("keeps", { $0.query != nil && !$0.isKept }), .list("held", { $0.fields }),
    .text("viewName", { $0.typed }),
    .text("nameMax", { _ in String(SavedViewStore.nameLengthMax) }),
  ]

  /// Whether the filter that is shown has a name already.
  private var isKept: Bool { views.contains { $0.query == query } }

  /// One view.
  struct Line: TemplateData {
    let name: String
    let href: String
    let end: String
    let isCurrent: Bool

    static let fields: [Field<Line>] = [
      .text("name", { $0.name }), .link("href", { $0.href }), .link("end", { $0.end }),
      .flag("current", { $0.isCurrent }),
    ]

    init(view: SavedView, of part: SavedViewPart) {
      name = view.name
      href = part.list.path + "?" + view.query
      end = "/saved-views/\(view.number)/end"
      isCurrent = view.query == part.query
    }
  }

  /// The part of a page.
  /// - Parameters:
  ///   - fields: the filter that is shown, as the fields of a form; empty for the whole list.
  ///   - typed: the name that was typed for the filter.
  init(
    of person: Person, for list: ViewedList, showing fields: [(name: String, value: String)],
    typed: String, in db: Database
  ) throws {
    self.list = list
    self.fields = fields.map(AuditPage.HiddenField.init)
    self.typed = typed
    query =
      fields.isEmpty
      ? nil : fields.map { "\($0.name)=\(percentEncoded($0.value))" }.joined(separator: "&")
    views = try SavedViewStore.all(of: person, for: list, in: db)
  }
}
