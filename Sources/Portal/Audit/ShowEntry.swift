import GRDB
import HTTP
import HTTPTypes
import Rules

extension Portal {
  /// The entry's permalink.
  func showEntry(_ visit: Visit) async throws -> Response {
    try await entry(for: visit)
  }

  /// The entry's page, also with why what was posted from it was not done. What was typed stays.
  func entry(for visit: Visit, problems: [Mistake] = []) async throws -> Response {
    let person = try visit.person
    let seq = try visit.number("seq")
    let typed =
      problems.isEmpty ? ("", "") : (visit.form.shown("note"), visit.field("verdict"))
    let content = try await storage.read { [now = visit.now] db in
      guard let record = try AuditStore.record(seq, in: db) else { throw Failure.notFound }
      let people = try PersonStore.all(in: db)
      return EntryPage(
        record: record, line: AuditLine(record.entry, people: people, now: now),
        review: try ReviewStore.find(seq, in: db), person: person, people: people, now: now,
        problems: problems, note: typed.0, chosen: typed.1)
    }
    return page(content, for: visit)
  }
}
