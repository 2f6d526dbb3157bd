import GRDB
import Mustache
import Rules

/// What is left to do.
struct TodoPart: TemplateData {
  /// The most that are shown.
  static let shownMax = 5

  let lines: [TodoLine]
  let count: TodoCount

  static let fields: [Field<TodoPart>] = [
    .list("lines", { $0.lines }), .flag("anyLine", { !$0.lines.isEmpty }),
    .text("words", { $0.words }),
  ]

  private var words: String {
    guard count.open > 0 else { return "Nothing is left to do." }
    return "\(count.open) open"
      + (count.overdue > 0 ? ", \(count.overdue) of them overdue" : ", none overdue")
  }
}

extension TodoPart {
  /// What is open and in sight: one's own first, then what is overdue, then what is due next.
  init(
    for person: Person, _ findings: [StoredFinding], at now: Moment, in db: Database
  ) throws {
    count = try TodoStore.count(at: now, in: db)
    let states = Dictionary(findings.map { ($0.finding.id, $0.finding.state) }) { first, _ in
      first
    }
    func order(_ todo: Todo) -> (Int, Day, Int64) {
      (todo.owner?.id == person.id ? 0 : 1, todo.due ?? .last, todo.number)
    }
    lines = try TodoStore.open(in: db).filter { !$0.isSnoozed(at: now) }
      .sorted { order($0) < order($1) }.prefix(Self.shownMax).map { todo in
        TodoLine(
          todo, evidence: todo.source.flatMap { states[$0.finding] } ?? "", person: person,
          now: now)
      }
  }
}
