import Cryptography
import GRDB
import HTTP
import HTTPTypes
import Rules

extension Portal {
  /// Entries shown on one page.
  static let entriesPerPage = 50

  /// The log, filtered by what the address says.
  func listAudit(_ visit: Visit) async throws -> Response {
    let filter: AuditFilter
    do {
      filter = try AuditFilter(visit.form)
    } catch {
      return try await auditPage(nil, problems: error.all, for: visit)
    }
    return try await auditPage(filter, for: visit)
  }

  /// The list, also with what is not right with a form of the page.
  /// - Parameter asked: the filter; nil for one that is not understood, which lists nothing.
  func auditPage(
    _ asked: AuditFilter?, problems: [Mistake] = [], for visit: Visit
  ) async throws -> Response {
    let person = try visit.person
    let filter = asked ?? AuditFilter()
    let content = try await storage.read { [now = visit.now] db in
      let people = try PersonStore.all(in: db)
      let head = try AuditStore.head(in: db)
      let found =
        asked != nil
        ? try AuditSearch(filter, in: db).numbers(limit: Self.entriesPerPage + 1, in: db) : []
      let shown = found.prefix(Self.entriesPerPage)
      let more = found.count > shown.count
      return AuditPage(
        state: head.count == 1
          ? "1 entry, chained." : "\(head.count) entries, each chained to the one before.",
        filter: filter, problems: problems, typed: visit.form, people: people,
        types: try AuditStore.types(in: db),
        lines: try shown.compactMap { try AuditStore.entry($0, in: db) }
          .map { AuditLine($0, people: people, now: now) },
        older: more ? filter.with { $0.before = shown.last }.path : "",
        head: Cut(Hex.encode(head.chain)),
        overdue: try PeriodStore.standing(for: person, in: db).overdue(at: now),
        views: try SavedViewPart(
          of: person, for: .audit, showing: filter.fields, typed: visit.field("view_name"), in: db))
    }
    return page(content, for: visit)
  }
}
