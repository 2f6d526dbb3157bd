import GRDB
import HTTP
import HTTPTypes
import Rules

/// Why an act on something left to do was not done, and in which of its forms.
struct TodoProblem: Error {
  /// The forms of its page.
  enum Act: Sendable {
    case owner, due, note, snooze, end, reopening
  }

  let act: Act
  let mistakes: [Mistake]

  init(_ mistakes: [Mistake], in act: Act) {
    self.act = act
    self.mistakes = mistakes
  }

  init(_ sentence: String, at field: String, in act: Act) {
    self.init([Mistake(sentence, at: field)], in: act)
  }
}

extension Portal {
  /// One of what is left to do: its evidence, what to do, and what became of it so far.
  func showTodo(_ visit: Visit) async throws -> Response {
    try await todo(problem: nil, visit)
  }

  /// The page, also with why an act on it was not done and what was typed for it.
  func todo(problem: TodoProblem?, _ visit: Visit) async throws -> Response {
    let person = try visit.person
    let number = try visit.number("todo")
    let content = try await storage.read { [now = visit.now] db in
      let todo = try TodoStore.find(number, in: db)
      let found = try self.finding(of: todo, at: now, in: db)
      let drill = try Self.drill(of: todo, at: now, in: db)
      return TodoPage(
        todo: todo, found: found.map { FindingLine($0, now: now) }, drill: drill,
        steps: drill.map { _ in RestoreDrillStanding.steps }
          ?? found.map { TodoSteps(for: $0.finding).steps } ?? [],
        draft: try todo.draft.flatMap { number in
          try DraftStore.open(in: db).first { $0.number == number }
        },
        changes: try Self.changes(of: todo, in: db),
        turns: try TodoHistory.of(number, in: db).reversed().map {
          TodoPage.Turn(turn: $0, when: When($0.at, now: now))
        },
        people: try PersonStore.all(in: db), typed: visit.form, refused: problem,
        person: person, now: now)
    }
    return page(content, for: visit)
  }

  /// How the finding stands that gave birth to it; nil where none did, or its check is not made any
  /// more.
  func finding(of todo: Todo, at now: Moment, in db: Database) throws -> StoredFinding? {
    guard let source = todo.source,
      configuration.sites.contains(where: { $0.name == source.site })
    else { return nil }
    return try FindingStore.all(site: source.site, at: now, in: db).first {
      $0.finding.id == source.finding
    }
  }

  /// How the last restore drill stands; nil where it is about something else.
  static func drill(of todo: Todo, at now: Moment, in db: Database) throws -> RestoreDrillStanding?
  {
    guard todo.source == .restoreDrill else { return nil }
    return RestoreDrillStanding(last: try RestoreDrillStore.last(in: db), at: now)
  }

  /// The change it comes from, and those of the kind that mends it, proposed since it was opened.
  private static func changes(
    of todo: Todo, in db: Database
  ) throws -> [ChangeSummary] {
    let origin = try todo.change.flatMap { try ChangeStore.summary($0, in: db) }
    guard let kind = todo.mendKind, let source = todo.source else {
      return origin.map { [$0] } ?? []
    }
    let mending = try ChangeStore.newest(of: [kind], site: source.site, in: db).filter {
      $0.at >= todo.openedAt && $0.number != todo.change
    }
    return (origin.map { [$0] } ?? []) + mending
  }
}
