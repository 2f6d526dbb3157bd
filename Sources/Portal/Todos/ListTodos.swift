import GRDB
import HTTP
import Rules

extension Portal {
  /// What is left to do, as a list or as a board.
  func listTodos(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let filter = TodoFilter(visit.form)
    let site = configuration.sites[0].name
    let content = try await storage.read { [now = visit.now] db in
      let todos = try Self.todos(
        filter, for: person, doneMax: TodoStore.doneMax, at: now, in: db)
      let states = try FindingStore.all(site: site, at: now, in: db).map {
        (Todo.Source(site: site, finding: $0.finding.id), $0.finding.state)
      }
      let drill = RestoreDrillStanding(last: try RestoreDrillStore.last(in: db), at: now)
      let evidence = Dictionary(states + [(.restoreDrill, drill.sentence)]) { first, _ in first }
      return TodosPage(
        filter: filter, count: try TodoStore.count(at: now, in: db),
        people: try PersonStore.all(in: db).filter { !$0.isDisabled },
        lines: todos.map { todo in
          TodoLine(
            todo, evidence: todo.isOpen ? todo.source.flatMap { evidence[$0] } ?? "" : "",
            person: person, now: now)
        })
    }
    return page(content, for: visit)
  }

  /// Those that fit, the next that is due first; those done behind them, the newest first.
  /// - Parameter doneMax: the most of those done that are looked at; nil for all, as a short file
  ///   would look whole.
  static func todos(
    _ filter: TodoFilter, for person: Person, doneMax: Int? = nil, at now: Moment, in db: Database
  ) throws -> [Todo] {
    let open = try TodoStore.open(in: db).sorted {
      ($0.due ?? .last, $0.number) < ($1.due ?? .last, $1.number)
    }
    return (open + (try TodoStore.done(limit: doneMax, in: db))).filter {
      filter.fits($0, person: person, at: now)
    }
  }
}
