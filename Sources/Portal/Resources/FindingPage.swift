import Mustache
import Rules

/// One finding: what is expected, what was found over time, and who answers for it.
struct FindingPage: Page {
  let line: FindingLine
  let turns: [Turn]
  let people: [Choice]
  /// What is left to do about it, or was.
  let todo: Todo?
  let problems: [Mistake]
  let reason: String
  let until: String
  let mayAccept: Bool

  static let template = "findings/show"
  static let section: Section? = .resources
  var title: String { line.stored.finding.expectation }

  static let fields: [Field<FindingPage>] = [
    .item("finding", { $0.line }), .list("turns", { $0.turns }), .list("people", { $0.people }),
    .list("todos", { $0.todo.map { [TodoPage.Link(href: $0.path, words: $0.title)] } ?? [] }),
    .text("reason", { $0.reason }),
    .text("until", { $0.until }),
    .flag("accepts", { $0.mayAccept && $0.isFailing && $0.line.accepted.isEmpty }),
    .flag("ends", { $0.mayAccept && !$0.line.accepted.isEmpty }),
    .text("id", { $0.line.stored.finding.id }),
  ]

  private var isFailing: Bool { line.stored.finding.outcome == .fail }

  struct Turn: TemplateData {
    let tag: Tag
    let words: String
    let when: When
    static let fields: [Field<Turn>] = [
      .item("tag", { $0.tag }), .text("words", { $0.words }), .item("when", { $0.when }),
    ]
  }
}
