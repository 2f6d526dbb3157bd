import GRDB
import HTTP
import HTTPTypes
import Rules

/// Which changes a list shows. The address holds it, so a list can be sent to somebody.
enum ChangeFilter: String, CaseIterable {
  case all, open, done, failed

  var label: String {
    switch self {
    case .all: "All"
    case .open: "Open"
    case .done: "Done"
    case .failed: "Failed or unknown"
    }
  }

  /// The states that belong to it, by name.
  var states: [String] {
    let states: [ChangeState] =
      switch self {
      case .all: ChangeState.allCases
      case .open: Array(ChangeState.open)
      case .done: [.succeeded]
      case .failed: [.failedNoEffect, .failedPartial, .unknown, .stale]
      }
    return states.map(\.rawValue)
  }
}

extension Portal {
  /// Changes shown on one page.
  static let changesPerPage = 25

  /// Changes of every state, newest first, in pages that stay put when new ones come.
  func listChanges(_ visit: Visit) async throws -> Response {
    try await changes(for: visit)
  }

  /// The list, also with why its filter was not kept under a name.
  func changes(for visit: Visit, problems: [Mistake] = []) async throws -> Response {
    let person = try visit.person
    let filter = ChangeFilter(rawValue: visit.field("state")) ?? .all
    let before = Int64(visit.field("before")) ?? .max
    let (found, drafts, todos, house, views) = try await storage.read { [now = visit.now] db in
      (
        try ChangeStore.list(
          states: filter.states, before: before, limit: Self.changesPerPage + 1, in: db),
        try DraftStore.open(in: db), try TodoStore.open(in: db).filter { $0.source == nil },
        try HouseStore.house(at: now, in: db),
        try SavedViewPart(
          of: person, for: .changes, showing: filter == .all ? [] : [("state", filter.rawValue)],
          typed: visit.field("view_name"), in: db)
      )
    }
    let lines =
      (found.sound.map { ChangesPage.Line($0, in: house) }
      + found.damaged.map(ChangesPage.Line.init(damaged:))).sorted { $0.number > $1.number }
    let shown = lines.prefix(Self.changesPerPage)
    let older =
      lines.count > shown.count
      ? "/changes?state=\(filter.rawValue)&before=\(shown.last?.number ?? 0)" : ""
    let waiting = visit.surroundings.waiting
    return page(
      ChangesPage(
        state: waiting == 0
          ? "Nothing waits for anybody." : count(waiting, "change waits", "changes wait") + ".",
        filter: filter.label,
        filters: ChangeFilter.allCases.map {
          Choice(value: $0.rawValue, label: $0.label, isSelected: $0 == filter)
        },
        changes: Array(shown), older: older,
        problems: problems, isFiltered: filter != .all || before != .max, views: views,
        drafts: drafts.map { .init(draft: $0, when: When($0.madeAt, now: visit.now)) },
        todos: todos.map { .init(todo: $0, when: When($0.openedAt, now: visit.now)) }),
      for: visit)
  }
}
