import Mustache
import Rules

/// Something that was found.
struct SearchHit: TemplateData {
  let title: String
  let href: String
  /// Where the words stand, or what it says of itself.
  var detail = ""
  var tag: Tag? = nil
  var when: When? = nil
  /// What is marked in it; nil for nothing.
  var words: SearchWords? = nil

  static let fields: [Field<SearchHit>] = [
    .list("title", { $0.pieces(of: $0.title) }), .link("href", { $0.href }),
    .flag("detailed", { !$0.detail.isEmpty }), .list("detail", { $0.pieces(of: $0.detail) }),
    .item("tag", { $0.tag }), .item("when", { $0.when }),
  ]

  private func pieces(of text: String) -> [SearchWords.Piece] {
    words?.marked(in: text) ?? [SearchWords.Piece(text: text, isMarked: false)]
  }
}

/// What is searched in, in the order of the groups.
enum SearchArea: String, CaseIterable, Sendable {
  case exact, pages, changes, resources, todos, forms, audit

  var label: String {
    switch self {
    case .exact: "Exactly this"
    case .pages: "Pages"
    case .changes: "Changes"
    case .resources: "Resources and findings"
    case .todos: "TODOs"
    case .forms: "Changes to propose"
    case .audit: "Audit"
    }
  }
}

/// Hits of one kind.
struct SearchGroup: TemplateData {
  let area: SearchArea
  let label: String
  let hits: [SearchHit]
  /// The address of more of them; empty where these are all.
  var more = ""

  static let fields: [Field<SearchGroup>] = [
    .text("area", { $0.area.rawValue }), .text("label", { $0.label }),
    .list("hits", { $0.hits }),
    .link("more", { $0.more }), .flag("hasMore", { !$0.more.isEmpty }),
  ]
}
