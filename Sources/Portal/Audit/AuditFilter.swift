import Foundation
import HTTP
import Rules

/// What a list of entries shows. The address holds it, so a list can be sent to somebody.
struct AuditFilter: Sendable, Equatable {
  var personID: Int64? = nil
  var type: String? = nil
  var change: Int64? = nil
  var outcome: AuditOutcome? = nil
  /// Only what has to be reviewed.
  var isFlagged = false
  /// The first day, UTC.
  var from: Day? = nil
  /// The last day, UTC.
  var to: Day? = nil
  /// Only entries before this one: where a page goes on.
  var before: Int64? = nil
}

extension AuditFilter {
  /// The filter of an address or a form. What is empty does not filter.
  /// - Throws: `Mistakes` for what can't be read: a filter that is not understood must not show
  ///   everything as if it fitted.
  init(_ form: Form) throws(Mistakes) {
    var mistakes: [Mistake] = []
    func typed(_ name: String) -> String? {
      let text = (form[name] ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
      return text.isEmpty ? nil : text
    }
    func read<Value>(
      _ name: String, _ sentence: String, as value: (String) -> Value?
    ) -> Value? {
      guard let text = typed(name) else { return nil }
      let value = value(text)
      if value == nil { mistakes.append(Mistake(sentence, at: name)) }
      return value
    }
    func number(_ text: String) -> Int64? {
      let digits = text.uppercased().hasPrefix("CR-") ? text.dropFirst(3) : text[...]
      return Int64(digits).flatMap { $0 > 0 ? $0 : nil }
    }
    personID = read("person", "Choose a person from the list.", as: number)
    change = read("change", "A change is written like CR-12.", as: number)
    before = read("before", "An entry is a number.", as: number)
    from = read("from", "Write the first day like 2026-11-23.") { Day(iso: $0) }
    to = read("to", "Write the last day like 2026-11-23.") { Day(iso: $0) }
    type = typed("type")
    isFlagged = typed("flagged") != nil
    outcome = read("outcome", "Choose an outcome from the list.", as: AuditOutcome.init)
    if let from, let to, to < from {
      mistakes.append(Mistake("The last day is before the first. Swap them.", at: "to"))
    }
    guard mistakes.isEmpty else { throw Mistakes(all: mistakes) }
  }

  /// Whether any entry is left out, apart from those of newer pages.
  var isNarrow: Bool {
    var whole = self
    whole.before = nil
    return whole != AuditFilter()
  }

  /// Whether only some kinds of entry fit.
  var choosesKinds: Bool { type != nil || outcome != nil || isFlagged }

  /// The fields of a form that say the same, without where the page begins.
  var fields: [(name: String, value: String)] {
    [
      ("person", personID.map(String.init)), ("type", type), ("outcome", outcome?.rawValue),
      ("change", change.map { "CR-\($0)" }), ("from", from?.iso), ("to", to?.iso),
      ("flagged", isFlagged ? "yes" : nil),
    ].compactMap { name, value in value.map { (name, $0) } }
  }

  /// The same as the query of an address; empty for all entries.
  var query: String {
    let all = fields + (before.map { [("before", String($0))] } ?? [])
    return all.map { "\($0)=\(percentEncoded($1))" }.joined(separator: "&")
  }

  /// The address of the list.
  var path: String { query.isEmpty ? "/audit" : "/audit?" + query }

  /// The same filter with something else about it.
  func with(_ change: (inout AuditFilter) -> Void) -> AuditFilter {
    var other = self
    change(&other)
    return other
  }
}
