import Mustache
import Rules

/// What is left to do.
struct TodosPage: Page {
  let filter: TodoFilter
  let count: TodoCount
  let people: [Person]
  let lines: [TodoLine]

  static let template = "todos/index"
  static let section: Section? = .todos
  var title: String { "TODOs" }

  static let fields: [Field<TodosPage>] = [
    .text("state", { $0.state }), .flag("board", { $0.filter.isBoard }),
    .link("asList", { $0.filter.path("/todos") }),
    .link("asBoard", { $0.filter.path("/todos", board: true) }),
    .link("csv", { $0.filter.path("/todos.csv") }),
    .link("calendar", { $0.filter.path("/todos.ics") }),
    .list("standings", { $0.standings }), .list("owners", { $0.owners }),
    .flag("overdueOnly", { $0.filter.isOverdue }), .flag("filtered", { $0.filter.isNarrow }),
    .flag("any", { !$0.lines.isEmpty }), .list("lines", { $0.lines }),
    .list("columns", { $0.columns }),
    .flag("full", { page in page.lines.count { !$0.todo.isOpen } == TodoStore.doneMax }),
    .text("doneMax", { _ in String(TodoStore.doneMax) }),
  ]

  /// The whole in one sentence.
  private var state: String {
    guard count.open > 0 else { return "Nothing is left to do." }
    return "\(count.open) open"
      + (count.overdue > 0 ? ", \(count.overdue) of them overdue." : ", none overdue.")
  }

  private var standings: [Choice] {
    TodoFilter.Standing.allCases.map {
      Choice(value: $0.rawValue, label: $0.label, isSelected: $0 == filter.standing)
    }
  }

  private var owners: [Choice] {
    let fixed: [(TodoFilter.Owner, String)] = [(.me, "Mine"), (.nobody, "Nobody’s")]
    return (fixed + people.map { (.person($0.id), $0.name) }).map {
      Choice(value: $0.0.value, label: $0.1, isSelected: $0.0 == filter.owner)
    }
  }

  private var columns: [Column] {
    TodoLine.Group.allCases.map { group in
      Column(label: group.rawValue, lines: lines.filter { $0.group == group })
    }
  }

  /// One column of the board.
  struct Column: TemplateData {
    let label: String
    let lines: [TodoLine]
    static let fields: [Field<Column>] = [
      .text("label", { $0.label }), .text("count", { String($0.lines.count) }),
      .list("items", { $0.lines }), .flag("anyItem", { !$0.lines.isEmpty }),
    ]
  }
}

/// One of what is left to do, in a list or a column.
struct TodoLine: TemplateData {
  /// The columns of the board.
  enum Group: String, CaseIterable {
    case open = "Open"
    case mine = "Mine"
    case snoozed = "Snoozed"
    case done = "Done"
  }

  let todo: Todo
  let group: Group
  let tag: Tag
  /// How its finding stands, or why it is out of sight.
  let words: String
  let when: When

  static let fields: [Field<TodoLine>] = [
    .text("title", { $0.todo.title }), .link("href", { $0.todo.path }), .item("tag", { $0.tag }),
    .text("words", { $0.words }), .text("owner", { $0.todo.owner?.name ?? "" }),
    .text("due", { $0.todo.due?.iso ?? "" }), .item("when", { $0.when }),
    .flag("late", { $0.tag.tone == "danger" }),
  ]

  init(_ todo: Todo, evidence: String, person: Person, now: Moment) {
    self.todo = todo
    tag = Tag(todo, at: now)
    when = When(todo.closedAt ?? todo.openedAt, now: now)
    if !todo.isOpen {
      group = .done
      words = todo.closingNote
    } else if let snooze = todo.snooze, todo.isSnoozed(at: now) {
      group = .snoozed
      words = "Until \(snooze.until.iso): \(snooze.reason)"
    } else {
      group = todo.owner?.id == person.id ? .mine : .open
      words = evidence
    }
  }
}

extension TodoCount {
  /// The entry of the navigation: how many are open, red once one is overdue.
  func navigation(isCurrent: Bool) -> Frame.NavigationLine {
    Frame.NavigationLine(
      href: Section.todos.path, label: Section.todos.rawValue, count: open > 0 ? "\(open)" : "",
      counted: overdue > 0 ? "open, \(overdue) overdue" : "open",
      tone: overdue > 0 ? "danger" : "", key: Section.todos.key, isCurrent: isCurrent)
  }
}

extension Todo {
  /// The address of its page.
  var path: String { "/todos/\(number)" }
}

extension Tag {
  init(_ todo: Todo, at now: Moment) {
    if !todo.isOpen {
      self.init("good", "Done")
    } else if todo.isSnoozed(at: now) {
      self.init("neutral", "Snoozed")
    } else if todo.isOverdue(at: now) {
      self.init("danger", "Overdue")
    } else {
      self.init("attention", "Open", icon: "waiting")
    }
  }
}
