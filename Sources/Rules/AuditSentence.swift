/// An entry of the log in words, made from its type and data alone, so that an entry of any age
/// reads the same.
public enum AuditSentence {
  /// What happened, without who: "approved CR-12: “looks right”".
  /// - Parameter name: the name of a person by number.
  public static func of(
    type: String, data: Canonical, name: @escaping (Int64) -> String
  ) -> String {
    let entry = Words(type: type, data: data, name: name)
    switch type.prefix(while: { $0 != "." }) {
    case "change": return ofChange(entry)
    case "run", "step", "spool": return ofRun(entry)
    case "person", "session", "access", "act": return ofPerson(entry)
    case "factor", "recovery": return ofFactor(entry)
    case "log": return ofLog(entry)
    case "review": return ofReview(entry)
    case "theme": return ofTheme(entry)
    case "mail": return ofMail(entry)
    case "members": return ofMembers(entry)
    case "todo": return ofTodo(entry)
    default: return ofHouse(entry)
    }
  }

  /// A type as a person reads it in a list: "Change approved" for `change.approved`.
  public static func label(of type: String) -> String {
    String(type.map { $0 == "." || $0 == "_" ? " " : $0 }).capitalizedFirst
  }

  /// What an entry says, piece by piece.
  struct Words {
    let type: String
    let data: Canonical
    let name: (Int64) -> String

    func text(_ key: String) -> String { data[key]?.text ?? "" }
    func number(_ key: String) -> String { data[key]?.number.map(String.init) ?? "?" }
    func quoted(_ key: String) -> String { text(key).isEmpty ? "" : "“\(text(key))”" }
    func noted(_ key: String) -> String { text(key).isEmpty ? "" : ": “\(text(key))”" }
    var about: String { data["about"]?.number.map(name) ?? "somebody" }
    var through: String {
      SignInWay(rawValue: text("through")).map { " through \($0.words)" } ?? ""
    }
    var change: String { data["change"]?.number.map { "CR-\($0)" } ?? "a change" }
    var state: String { ChangeState(rawValue: text("state"))?.words ?? text("state") }
  }

  private static func ofChange(_ entry: Words) -> String {
    let change = entry.change
    switch entry.type {
    case "change.proposed":
      return "proposed \(change): \(entry.text("title")). \(entry.quoted("reason"))"
    case "change.revised":
      return "edited \(change), so that every vote is void: \(entry.text("title")). "
        + entry.quoted("reason")
    case "change.repriced":
      return "gave \(change) the prices of today, so that every vote is void: "
        + entry.text("reason")
    case "change.approved": return "approved \(change)" + entry.noted("note")
    case "change.rejected": return "rejected \(change)" + entry.noted("note")
    case "change.vote_withdrawn":
      return "took back the approval of \(change)" + entry.noted("note")
    case "change.withdrawn": return "withdrew \(change)"
    case "change.revoked": return "stopped \(change)" + entry.noted("note")
    case "change.refused": return "could not \(entry.text("act")) \(change): \(entry.text("why"))"
    case "change.moved": return "moved \(change) to “\(entry.state)”: \(entry.text("why"))"
    case "change.found": return "found \(change) to be “\(entry.state)”" + entry.noted("note")
    default: return entry.type
    }
  }

  private static func ofRun(_ entry: Words) -> String {
    let step = "step \(entry.number("step")) of \(entry.change)"
    switch entry.type {
    case "run.started":
      let names = entry.data["approvers"]?.elements?.compactMap(\.number).map(entry.name) ?? []
      let verb = (entry.data["attempt"]?.number ?? 1) > 1 ? "went on with" : "ran"
      if let emergency = entry.data["emergency"]?.number {
        return "\(verb) \(entry.change) in emergency E-\(emergency), without an approval"
      }
      return "\(verb) \(entry.change)"
        + (names.isEmpty ? "" : ", approved by \(names.joined(separator: ", "))")
    case "step.intended": return "is sending \(step): \(entry.text("call"))"
    case "step.finished":
      let outcomes = [
        "done": "was told that \(step) is done", "failed": "was refused \(step)",
        "unknown": "got no clear answer to \(step)",
      ]
      let outcome = entry.text("outcome")
      return "\(outcomes[outcome] ?? outcome): \(entry.text("detail"))"
    case "spool.imported":
      return "found in the spool what became of \(step), “\(entry.text("outcome"))”: "
        + entry.text("detail")
    default: return entry.type
    }
  }

  private static func ofHouse(_ entry: Words) -> String {
    switch entry.type {
    case "portal.started": return "started Caretaker \(entry.text("version"))"
    case "lease.taken":
      let host = entry.text("after_host")
      return "took the lease on \(entry.text("host"))" + (host.isEmpty ? "" : ", after \(host)")
    case "draft.made": return "noted down a draft of \(entry.text("kind"))"
    case "draft.dropped": return "dropped a draft"
    case "policy.set": return "set the policy"
    case "freeze.set": return "set a freeze" + entry.noted("reason")
    case "freeze.lifted": return "lifted a freeze"
    case "emergency.declared": return "declared an emergency" + entry.noted("reason")
    case "emergency.reviewed": return "reviewed an emergency" + entry.noted("note")
    case "finding.accepted":
      return "accepted the finding \(entry.text("finding")), for which \(entry.about) answers"
        + entry.noted("reason")
    case "finding.acceptance_ended":
      return "ended the acceptance of the finding \(entry.text("finding"))"
    case "backup.restore_tested":
      return "restored \(entry.text("what")) to try it, which "
        + (entry.text("outcome") == "worked" ? "worked" : "did not work") + entry.noted("note")
    case "backup.drilled":
      let backup = "brought the backup \(entry.text("place")) back in a drill"
      return entry.text("outcome") == "worked"
        ? "\(backup), which worked: \(entry.number("entries")) entries"
        : "\(backup), which did not work: \(entry.text("why"))"
    case "notices.chosen": return "chose what to be told of, and how"
    case "notices.tested": return "had a test notice sent"
    case "notice.retried": return "had a notice sent again"
    case "diagnostics.exported": return "took diagnostics of Caretaker away"
    case "calendar.made": return "made an address for their calendar program"
    case "calendar.ended": return "ended the address of their calendar program"
    case "outside.acted":
      return "saw an act that no change made: \(entry.text("act")) on \(entry.text("resource"))"
    case "clock.accepted": return "took the clock for right, although the log was ahead of it"
    default: return entry.type
    }
  }
}
