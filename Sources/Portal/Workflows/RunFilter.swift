import Foundation
import HTTP
import Rules

/// Which runs a list shows. The address holds it, so a list can be sent to somebody.
struct RunFilter: Sendable, Equatable {
  /// The workflow's file.
  var workflow: String? = nil
  /// `success`, `failure`, `cancelled`, or `running` for what is not over.
  var result: String? = nil
  /// What began it.
  var event: String? = nil
  /// Only what no change of Caretaker's asked for.
  var isOutside = false
  /// Only runs older than this one: where a page goes on.
  var before: Place? = nil

  /// Where in the list a run stands.
  struct Place: Sendable, Equatable {
    let ms: Int64
    let id: Int64
  }

  static let results = [
    ("success", "Succeeded"), ("failure", "Failed"), ("cancelled", "Cancelled"),
    ("running", "Not over"),
  ]
  static let events = [("workflow_dispatch", "Started by hand"), ("push", "By a push")]

  /// Every run.
  init() {}

  /// The filter of an address. What is not known does not filter.
  init(_ form: Form) {
    func typed(_ name: String, of known: [String]) -> String? {
      form[name].flatMap { known.contains($0) ? $0 : nil }
    }
    workflow = typed("workflow", of: Workflow.all)
    result = typed("result", of: Self.results.map(\.0))
    event = typed("event", of: Self.events.map(\.0))
    let parts = (form["before"] ?? "").split(separator: "-").compactMap { Int64($0) }
    if parts.count == 2 { before = Place(ms: parts[0], id: parts[1]) }
  }

  /// Whether any run is left out, apart from those of newer pages.
  var isNarrow: Bool { workflow != nil || result != nil || event != nil }

  /// The address of the list.
  var path: String {
    let fields = [
      ("workflow", workflow), ("result", result), ("event", event),
      ("before", before.map { "\($0.ms)-\($0.id)" }),
    ]
    let query = fields.compactMap { name, value in value.map { "\(name)=\(percentEncoded($0))" } }
    return query.isEmpty ? "/workflows" : "/workflows?" + query.joined(separator: "&")
  }

  /// The list from behind a run on.
  func older(than run: RunSummary) -> RunFilter {
    var other = self
    other.before = Place(ms: run.createdAt.ms, id: run.id)
    return other
  }

  /// The list from its beginning.
  var newest: RunFilter {
    var other = self
    other.before = nil
    return other
  }
}
