import GRDB
import Rules

/// One search: what is looked for, and who looks.
struct Search {
  let typed: String
  let words: SearchWords
  let person: Person
  let site: String
  /// How resources are shown now.
  let view: ResourceView
  /// The one kind that is asked for; nil for a few of each.
  let area: SearchArea?

  /// How many hits of each kind are shown beside others, and of one kind alone.
  static let fewMax = 5
  static let manyMax = 50

  private var limit: Int { area == nil ? Self.fewMax : Self.manyMax }
  private var now: Moment { view.now }

  /// What was found, kind by kind. Kinds without a hit are left out.
  func groups(in db: Database) throws -> [SearchGroup] {
    guard !words.isEmpty else { return [] }
    let people = try PersonStore.all(in: db)
    let areas = area.map { [$0] } ?? SearchArea.allCases
    return try areas.compactMap { area in
      let found = try hits(of: area, people: people, in: db)
      guard !found.isEmpty else { return nil }
      return SearchGroup(
        area: area, label: area.label, hits: Array(found.prefix(limit)),
        more: more(of: area, isCut: found.count > limit))
    }
  }

  /// Where there are more of a kind: the list of it where that has the same filter, else the search
  /// of that kind alone; empty where these are all.
  private func more(of area: SearchArea, isCut: Bool) -> String {
    guard isCut else { return "" }
    if area == .audit, case .change(let number)? = SearchReference.all(in: typed).first {
      return AuditFilter(change: number).path
    }
    return self.area == nil ? "/search?" + query(["q": typed, "in": area.rawValue]) : ""
  }

  /// At most one hit more than are shown.
  private func hits(
    of area: SearchArea, people: [Person], in db: Database
  ) throws -> [SearchHit] {
    switch area {
    case .exact: return try exact(people: people, in: db)
    case .pages: return places(SearchPlace.pages)
    case .forms: return person.may(.propose) ? places(SearchPlace.forms) : []
    case .changes:
      return try SearchIndex.changes(words, people: people, limit: limit + 1, in: db)
        .map { try change($0, in: db) }
    case .resources: return Array(try resources(in: db).prefix(limit + 1))
    case .todos:
      return try SearchIndex.todos(words, limit: limit + 1, in: db)
        .map { todo(try TodoStore.find($0, in: db)) }
    case .audit:
      guard person.may(.readAudit) else { return [] }
      return try AuditIndex.numbers(words, people: people, limit: limit + 1, in: db)
        .compactMap { try AuditStore.entry($0, in: db) }.map { entry($0, people: people) }
    }
  }

  /// Those with the words in their names before those that are looked for by them.
  private func places(_ places: [SearchPlace]) -> [SearchHit] {
    let fitting = places.filter { $0.fits(words) && $0.isOpen(to: person) }
    let named = fitting.filter { words.match($0.title) }
    return (named + fitting.filter { !words.match($0.title) }).prefix(limit + 1).map {
      SearchHit(title: $0.title, href: $0.path, detail: $0.about, words: words)
    }
  }

  func change(_ number: Int64, in db: Database) throws -> SearchHit {
    let href = "/changes/\(number)"
    do {
      let change = try ChangeStore.find(number, in: db)
      return SearchHit(
        title: "CR-\(number): \(change.plan.title)", href: href,
        detail: "\(change.requester.name): \(words.excerpt(of: change.reason))",
        tag: Tag(change.state(at: now)), when: When(change.proposedAt, now: now), words: words)
    } catch let damage as Damage {
      return SearchHit(title: damage.state, href: href, detail: Damage.remedy, tag: .damaged)
    }
  }

  func todo(_ todo: Todo) -> SearchHit {
    SearchHit(
      title: todo.title, href: todo.path,
      detail: todo.owner.map { "TODO \(todo.number), \($0.name)" } ?? "TODO \(todo.number)",
      tag: todo.isOpen ? Tag("attention", "Open", icon: "waiting") : Tag("good", "Done"),
      when: When(todo.closedAt ?? todo.openedAt, now: now), words: words)
  }

  func entry(_ entry: AuditEntry, people: [Person]) -> SearchHit {
    let line = AuditLine(entry, people: people, now: now)
    return SearchHit(
      title: words.excerpt(of: line.actor + " " + line.sentence), href: line.entry,
      detail: "Entry \(line.seq), \(AuditSentence.label(of: entry.type))", tag: line.tag,
      when: line.when, words: words)
  }
}
