import Mustache
import Rules

/// Changes, newest first.
struct ChangesPage: Page {
  let state: String
  let filter: String
  let filters: [Choice]
  let changes: [Line]
  let older: String
  let problems: [Mistake]
  let isFiltered: Bool
  let views: SavedViewPart
  let drafts: [DraftLine]
  let todos: [TodoLine]

  static let template = "changes/index"
  static let section: Section? = .changes
  var title: String { "Changes" }

  static let fields: [Field<ChangesPage>] = [
    .text("state", { $0.state }), .text("filter", { $0.filter }),
    .list("filters", { $0.filters }), .flag("any", { !$0.changes.isEmpty }),
    .list("changes", { $0.changes }),
    .link("older", { $0.older }), .flag("hasOlder", { !$0.older.isEmpty }),
    .flag("filtered", { $0.isFiltered }), .item("saved", { $0.views }),
    .list("drafts", { $0.drafts }), .flag("anyDraft", { !$0.drafts.isEmpty }),
    .list("todos", { $0.todos }), .flag("anyTodo", { !$0.todos.isEmpty }),
  ]

  /// A change to come.
  struct DraftLine: TemplateData {
    let draft: Draft
    let when: When

    static let fields: [Field<DraftLine>] = [
      .text("title", { $0.draft.title }), .link("href", { $0.draft.path }),
      .link("end", { "/drafts/\($0.draft.number)/end" }), .item("when", { $0.when }),
    ]
  }

  /// Something left to do.
  struct TodoLine: TemplateData {
    let todo: Todo
    let when: When

    static let fields: [Field<TodoLine>] = [
      .text("title", { $0.todo.title }),
      .link("href", { $0.todo.path }),
      .link("end", { "/todos/\($0.todo.number)/end" }), .item("when", { $0.when }),
    ]
  }

  struct Line: TemplateData {
    let number: Int64
    let name: String
    let tag: Tag
    /// Why nothing more is known of a damaged one; empty for any other.
    var damage = ""
    var isRunningOut = false
    var requester = ""
    var difference = ""
    var when: When? = nil

    static let fields: [Field<Line>] = [
      .link("href", { "/changes/\($0.number)" }), .text("name", { $0.name }),
      .item("tag", { $0.tag }), .text("damage", { $0.damage }),
      .flag("runningOut", { $0.isRunningOut }), .text("requester", { $0.requester }),
      .text("difference", { $0.difference }),
      .item("when", { $0.when }),
    ]

    init(damaged number: Int64) {
      self.number = number
      name = Damage.change(number).name
      tag = .damaged
      damage = Damage.change(number).sentence
    }

    init(_ change: Change, in house: House) {
      let now = house.now
      number = change.number
      name = "CR-\(change.number): \(change.plan.title)"
      tag = Tag(change.state(at: now))
      isRunningOut = change.isRunningOut(in: house)
      requester = change.requester.name
      difference =
        change.plan.cost.monthlyDifference?.formattedDifference() ?? "not known"
      when = When(change.proposedAt, now: now)
    }
  }
}
