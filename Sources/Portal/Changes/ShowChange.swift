import GRDB
import HTTP
import HTTPTypes
import Rules

extension Portal {
  /// The change's permalink, made only from the plan's bytes, the votes and the log.
  func showChange(_ visit: Visit) async throws -> Response {
    try await change(for: visit, problems: [])
  }

  /// The change's page, also with why what was posted from it was not done. What was typed stays.
  func change(for visit: Visit, problems: [Mistake]) async throws -> Response {
    let person = try visit.person
    let number = try visit.number("number")
    let view = try await storage.read { [now = visit.now] db in
      let change = try ChangeStore.find(number, in: db)
      let house = try HouseStore.house(at: now, in: db)
      let evidence = try EvidenceStore.find(change.id, in: db)
      let left = try ExecutionStore.left(of: change, in: db)
      let isOpen = change.storedState == .unknown || change.storedState == .failedPartial
      return ChangeView(
        change: change, person: person, house: house,
        executors: try ExecutionStore.executors(of: change.id, in: db),
        todos: try TodoStore.open(of: number, in: db),
        isRepeatable: !left.isEmpty && left.allSatisfy(\.recovery.isRepeatable),
        seen: isOpen ? evidence?.readings ?? [:] : [:],
        seenAt: isOpen ? evidence?.readAt : nil,
        timeline: try AuditStore.entries(of: number, in: db).map {
          AuditLine($0, people: house.people, now: now)
        },
        comparison: try self.comparison(of: change, at: now, in: db),
        asked: try AskedStore.find(change.id, in: db),
        stepsBegun: try ExecutionStore.steps(of: change.id, in: db).count,
        pace: try ExecutionStore.pace(of: change, at: now, in: db),
        unread: self.executor.unread.why(number) ?? "")
    }
    return page(
      ChangePage(
        view: view, problems: problems, typed: visit.form,
        isStop: visit.request.path.hasSuffix("/revocation")), for: visit)
  }

  /// What a change that is done was to cost, beside what was paid since.
  private func comparison(
    of change: Change, at now: Moment, in db: Database
  ) throws -> Comparison? {
    guard change.storedState == .succeeded,
      let site = configuration.sites.first(where: { $0.name == change.plan.site })
    else { return nil }
    return try Comparison.all(of: site, at: now, in: db).first { $0.change.id == change.id }
  }
}
