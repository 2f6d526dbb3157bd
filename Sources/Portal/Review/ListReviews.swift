import GRDB
import HTTP
import HTTPTypes
import Rules

extension Portal {
  /// Signed periods shown below the queue: a year of weeks.
  static let periodsShown = 52

  /// The queue of flagged entries, newest first, and the period behind the last signed one.
  func listReviews(_ visit: Visit) async throws -> Response {
    try await reviews(for: visit)
  }

  /// The queue, also with why what was posted from it was not done.
  func reviews(for visit: Visit, problems: [Mistake] = []) async throws -> Response {
    let person = try visit.person
    let filter = ReviewFilter(rawValue: visit.field("show")) ?? .open
    let before = Int64(visit.field("before")) ?? .max
    // A refusal is an entry too: the form that comes back is for the period that was sent.
    let sent = problems.isEmpty ? nil : Int64(visit.field("last"))
    let content = try await storage.read { [now = visit.now] db in
      let people = try PersonStore.all(in: db)
      let found = try ReviewStore.list(
        filter.verdict, before: before, limit: Self.entriesPerPage + 1, in: db)
      let shown = found.prefix(Self.entriesPerPage)
      let period = try PeriodStore.next(through: sent, in: db)
      return ReviewPage(
        filter: filter,
        lines: try shown.compactMap { review in
          try AuditStore.entry(review.item.entry, in: db).map {
            ReviewLine(review, of: $0, people: people, now: now)
          }
        },
        older: found.count > shown.count
          ? "/audit/review?show=\(filter.rawValue)&before=\(shown.last?.item.entry ?? 0)" : "",
        period: period,
        isAllOwn: try period.map { try PeriodStore.isAllOwn($0, of: person, in: db) } ?? false,
        signed: try PeriodStore.signed(limit: Self.periodsShown, in: db).map {
          PeriodLine($0, people: people, now: now)
        },
        overdue: try PeriodStore.standing(for: person, in: db).overdue(at: now), person: person,
        people: people, problems: problems)
    }
    return page(content, for: visit)
  }
}
