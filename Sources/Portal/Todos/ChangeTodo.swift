import GRDB
import HTTP
import Rules

/// What people do about what is left to do.
extension Portal {
  /// The furthest that a due date may be away.
  private static let dueDaysMax: Int64 = 730
  /// The longest that one stays out of sight.
  private static let snoozeDaysMax: Int64 = 365

  /// Gives it to somebody, or to nobody.
  func giveTodo(_ visit: Visit) async throws -> Response {
    let typed = visit.field("owner")
    return try await changing(visit, .owner, saying: .todoSaved) { todo, db in
      try Self.checkOpen(todo, .owner)
      guard !typed.isEmpty else { return .owner(nil) }
      guard let id = Int64(typed), let owner = try PersonStore.find(id, in: db),
        !owner.isDisabled || owner.id == todo.owner?.id
      else {
        throw TodoProblem("Choose somebody of the team.", at: "owner", in: .owner)
      }
      return .owner(owner.id)
    }
  }

  /// Says by when it is to be done.
  func dateTodo(_ visit: Visit) async throws -> Response {
    let (typed, today) = (visit.field("day"), Day(visit.now))
    return try await changing(visit, .due, saying: .todoSaved) { todo, _ in
      try Self.checkOpen(todo, .due)
      guard !typed.isEmpty else { return .due(nil) }
      guard let day = Day(iso: typed), day >= today, day.number - today.number <= Self.dueDaysMax
      else {
        throw TodoProblem(
          "Choose a day from today on, within two years, as 2026-12-31. "
            + "The due date is as it was.",
          at: "day", in: .due)
      }
      return .due(day)
    }
  }

  /// Keeps a note, also of one that is done.
  func noteTodo(_ visit: Visit) async throws -> Response {
    let note = visit.field("note")
    return try await changing(visit, .note, saying: .todoSaved) { _, _ in
      try Self.check(note, .note, "note", isNeeded: "Write something to keep.")
      return .note(note)
    }
  }

  /// Takes it out of sight until a day.
  func snoozeTodo(_ visit: Visit) async throws -> Response {
    let (reason, today) = (visit.field("reason"), Day(visit.now))
    let until = Day(iso: visit.field("until"))
    return try await changing(visit, .snooze, saying: .snoozed) { todo, _ in
      try Self.checkOpen(todo, .snooze)
      let mistakes = Self.snoozeMistakes(until: until, reason: reason, today: today)
      guard let until, mistakes.isEmpty else { throw TodoProblem(mistakes, in: .snooze) }
      return .snooze(until: until, reason: reason)
    }
  }

  /// What is not right with the form that snoozes; its day is nil where it can't be read.
  static func snoozeMistakes(until: Day?, reason: String, today: Day) -> [Mistake] {
    let isSoon =
      until.map { $0 > today && $0.number - today.number <= snoozeDaysMax } ?? false
    return [
      isSoon
        ? nil
        : Mistake(
          "Choose a day after today, within a year, as 2026-12-31. It is not snoozed.",
          at: "until"),
      mistake(in: reason, at: "reason", isNeeded: "Say why it can wait. It is not snoozed."),
    ].compactMap { $0 }
  }

  /// Brings it back into sight before its day.
  func wakeTodo(_ visit: Visit) async throws -> Response {
    try await changing(visit, .snooze, saying: .todoSaved) { todo, _ in
      try Self.checkOpen(todo, .snooze)
      return .wake
    }
  }

  /// Notes that it is done. What evidence opened stays open while the evidence stands.
  func closeTodo(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let note = visit.field("note")
    // The list of changes has a button of its own.
    let isFromChanges = visit.field("from") == "changes"
    return try await acting(visit, saying: .done, to: isFromChanges ? "/changes" : nil) {
      [now = visit.now] todo, db in
      guard todo.isOpen else {
        throw TodoProblem(
          "It is closed already. What you typed was not kept; make a note of it.",
          at: "end-note", in: .end)
      }
      try Self.check(note, .end, "end-note")
      if let drill = try Self.drill(of: todo, at: now, in: db), drill.health != .good {
        throw TodoProblem(
          "\(drill.sentence) It closes by itself when a drill has worked; if it can wait, "
            + "snooze this. It is still open.",
          at: "evidence", in: .end)
      }
      if let found = try self.finding(of: todo, at: now, in: db),
        TodoEvidence.staysOpen(found.finding, isAccepted: found.acceptance != nil)
      {
        throw TodoProblem(
          "The check still fails: \(found.finding.state) It closes by itself when the "
            + "check is met. If it is to stay as it is, have the finding accepted; if it can wait, "
            + "snooze this. It is still open.",
          at: "evidence", in: .end)
      }
      try TodoStore.close(todo.number, by: .person(person), note: note, at: now, in: db)
    }
  }

  /// Notes that it is not done after all.
  func reopenTodo(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let note = visit.field("note")
    return try await acting(visit, saying: .reopened) { [now = visit.now] todo, db in
      func problem(_ sentence: String) -> TodoProblem {
        TodoProblem(sentence, at: "reopening-note", in: .reopening)
      }
      guard !todo.isOpen else { throw problem("It is open already. Nothing was changed.") }
      try Self.check(
        note, .reopening, "reopening-note", isNeeded: "Say what is not done. It is still closed.")
      if let drill = try Self.drill(of: todo, at: now, in: db), drill.health == .good {
        throw problem("\(drill.sentence) It opens by itself when another is due.")
      }
      if let found = try self.finding(of: todo, at: now, in: db), found.finding.outcome == .pass {
        throw problem(
          "The check is met: \(found.finding.state) The next poll would close it again. It opens "
            + "by itself when the check fails.")
      }
      try TodoStore.reopen(
        todo.number, due: nil, by: .person(person), note: note, at: now, in: db)
    }
  }

  /// Changes what `decide` says about it.
  private func changing(
    _ visit: Visit, _ act: TodoProblem.Act, saying message: Message,
    _ decide: @escaping @Sendable (Todo, Database) throws -> TodoChange
  ) async throws -> Response {
    let person = try visit.person
    return try await acting(visit, saying: message) { [now = visit.now] todo, db in
      let change = try decide(todo, db)
      try TodoStore.change(todo.number, change, by: .person(person), at: now, in: db)
    }
  }

  /// Does something about it in one transaction; a problem comes back to its page with what was
  /// typed.
  private func acting(
    _ visit: Visit, saying message: Message, to path: String? = nil,
    _ act: @escaping @Sendable (Todo, Database) throws -> Void
  ) async throws -> Response {
    let number = try visit.number("todo")
    do {
      try await storage.write { db in try act(try TodoStore.find(number, in: db), db) }
    } catch let problem as TodoProblem {
      return try await todo(problem: problem, visit)
    }
    return .seeOther(path ?? "/todos/\(number)", saying: message)
  }

  private static func checkOpen(_ todo: Todo, _ act: TodoProblem.Act) throws {
    guard !todo.isOpen else { return }
    throw TodoProblem(
      "It is closed. Nothing was changed; open it again first.",
      at: "reopen", in: act)
  }

  private static func check(
    _ text: String, _ act: TodoProblem.Act, _ field: String, isNeeded: String? = nil
  ) throws {
    if let mistake = mistake(in: text, at: field, isNeeded: isNeeded) {
      throw TodoProblem([mistake], in: act)
    }
  }

  /// - Parameter isNeeded: what to say where nothing was typed; nil where nothing need be.
  private static func mistake(
    in text: String, at field: String, isNeeded: String?
  ) -> Mistake? {
    let sentence: String? =
      if text.isEmpty {
        isNeeded
      } else if text.unicodeScalars.count > reasonLengthMax {
        "It is longer than \(reasonLengthMax) characters. Nothing was kept; shorten it."
      } else {
        Refusal.secret(in: [text])?.sentence
      }
    return sentence.map { Mistake($0, at: field) }
  }
}
