/// What a person changes about what is left to do.
public enum TodoChange: Hashable, Sendable {
  /// Whose it is; nil for nobody's.
  case owner(Int64?)
  /// By which day; nil for none.
  case due(Day?)
  /// Out of sight until a day.
  case snooze(until: Day, reason: String)
  /// In sight again before that day.
  case wake
  /// Something was written to it.
  case note(String)
}

/// What is left to do.
extension AuditEvent {
  /// Something was left for somebody to do.
  /// - Parameters:
  ///   - finding: the finding it was born of, where it was.
  ///   - site: the site of the finding.
  public static func todoOpened(
    number: Int64?, todo: Int64, title: String, finding: String? = nil, site: String? = nil
  ) -> AuditEvent {
    var data: [String: Canonical] = ["todo": .integer(todo), "title": .string(title)]
    data["finding"] = finding.map(Canonical.string)
    data["site"] = site.map(Canonical.string)
    return AuditEvent("todo.opened", change: number, data)
  }

  /// Evidence showed, or somebody said, that it is done.
  public static func todoClosed(number: Int64?, todo: Int64, note: String) -> AuditEvent {
    AuditEvent("todo.closed", change: number, ["todo": .integer(todo), "note": .string(note)])
  }

  /// Evidence showed, or somebody said, that it is not done after all.
  public static func todoReopened(number: Int64?, todo: Int64, note: String) -> AuditEvent {
    AuditEvent("todo.reopened", change: number, ["todo": .integer(todo), "note": .string(note)])
  }

  /// A person changed something about it.
  public static func todoChanged(
    number: Int64?, todo: Int64, _ change: TodoChange
  ) -> AuditEvent {
    var data: [String: Canonical] = ["todo": .integer(todo)]
    switch change {
    case .owner(let person):
      data["field"] = .string("owner")
      data["about"] = person.map(Canonical.integer)
    case .due(let day):
      data["field"] = .string("due")
      data["day"] = .string(day?.iso ?? "")
    case .snooze(let until, let reason):
      data["field"] = .string("snooze")
      data["day"] = .string(until.iso)
      data["reason"] = .string(reason)
    case .wake: data["field"] = .string("wake")
    case .note(let text):
      data["field"] = .string("note")
      data["note"] = .string(text)
    }
    return AuditEvent("todo.changed", change: number, data)
  }
}

extension AuditSentence {
  /// What became of something left to do, in words; the type itself where it is none of its own.
  static func ofTodo(_ entry: Words) -> String {
    let todo = "TODO \(entry.number("todo"))"
    switch entry.type {
    case "todo.opened": return "opened \(todo): \(entry.text("title"))"
    case "todo.closed": return "closed \(todo)" + entry.noted("note")
    case "todo.reopened": return "opened \(todo) again" + entry.noted("note")
    case "todo.changed": return changed(todo, entry)
    default: return entry.type
    }
  }

  private static func changed(_ todo: String, _ entry: Words) -> String {
    switch entry.text("field") {
    case "owner":
      return entry.data["about"] == nil
        ? "took \(todo) from its owner" : "gave \(todo) to \(entry.about)"
    case "due":
      return entry.text("day").isEmpty
        ? "took the due date from \(todo)" : "made \(todo) due on \(entry.text("day"))"
    case "snooze": return "snoozed \(todo) until \(entry.text("day"))" + entry.noted("reason")
    case "wake": return "took \(todo) out of snooze"
    default: return "wrote to \(todo)" + entry.noted("note")
    }
  }
}
