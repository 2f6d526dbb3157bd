import HTTP
import HTTPTypes
import Rules

extension Portal {
  /// Keeps a filter under a name, for whoever asks alone: nothing of it goes to the log.
  func saveView(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    guard let list = ViewedList(rawValue: visit.field("list")) else { throw Failure.notFound }
    guard person.may(list.permission) else { throw Refusal.notPermitted(list.permission) }
    guard let query = list.query(visit.form) else { return .seeOther(list.path) }
    let name = visit.field("view_name")
    guard !name.isEmpty, name.unicodeScalars.count <= SavedViewStore.nameLengthMax else {
      let sentence =
        name.isEmpty
        ? "Give the view a name."
        : "A name has at most \(SavedViewStore.nameLengthMax) characters. Shorten it."
      return try await shown(
        list, problems: [Mistake(sentence + " Nothing was kept.", at: "view_name")], visit)
    }
    let isKept = try await storage.write {
      try SavedViewStore.save(query, as: name, of: person, for: list, in: $0)
    }
    guard isKept else {
      return try await shown(
        list,
        problems: [
          Mistake(
            "You have \(SavedViewStore.countMax) views, which is all there is room for. Nothing "
              + "was kept: remove one first.")
        ], visit)
    }
    return .seeOther(list.path + "?" + query, saying: .viewSaved)
  }

  /// Removes a view. What is not one's own is not there.
  func removeView(_ visit: Visit) async throws -> Response {
    let (person, number) = (try visit.person, try visit.number("number"))
    let list = try await storage.write { try SavedViewStore.remove(number, of: person, in: $0) }
    guard let list else { throw Failure.notFound }
    return .seeOther(list.path, saying: .viewRemoved)
  }

  /// The list with its filter, and why that was not kept. What was typed stays.
  private func shown(
    _ list: ViewedList, problems: [Mistake], _ visit: Visit
  ) async throws -> Response {
    switch list {
    case .changes: try await changes(for: visit, problems: problems)
    case .audit: try await auditPage(try AuditFilter(visit.form), problems: problems, for: visit)
    }
  }
}
