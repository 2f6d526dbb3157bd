import HTTP
import Rules

/// What comes after a change: the way back as a draft.
extension Portal {
  /// Drafts the change that puts a finished one back. Asked twice, it is one draft.
  func draftInverse(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let number = try visit.number("number")
    let draft = try await storage.write { [now = visit.now] db -> Draft in
      let change = try ChangeStore.find(number, in: db)
      guard let inverse = change.plan.inverse, change.storedState.wasRun else {
        throw Failure.notFound
      }
      if let draft = try DraftStore.find(origin: number, in: db) { return draft }
      let made = try DraftStore.insert(
        inverse, title: "Put back: \(change.plan.title)", origin: number, by: person, at: now,
        in: db)
      return try DraftStore.find(made, in: db)
    }
    return .seeOther(draft.path)
  }

  /// Drops a draft.
  func dropDraft(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let number = try visit.number("number")
    try await storage.write { [now = visit.now] db in
      try DraftStore.drop(number, by: .person(person), at: now, in: db)
    }
    return .seeOther("/changes", saying: .dropped)
  }
}

extension Draft {
  /// Where it is previewed.
  var path: String {
    let fields = form.merging(["kind": kind, "draft": String(number)]) { own, _ in own }
    return "/changes/preview?" + query(fields)
  }
}

extension ChangeState {
  /// Whether something may have been changed that can be put back.
  var wasRun: Bool { self == .succeeded || self == .failedPartial }
}
