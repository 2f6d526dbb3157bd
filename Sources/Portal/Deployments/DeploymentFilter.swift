import HTTP
import Rules

/// Which deployments a list shows. The address holds it, so a list can be sent to somebody.
struct DeploymentFilter: Sendable {
  /// Only of this area; nil for all.
  var area: Deployment.Area? = nil
  /// Only what no change of Caretaker's asked for.
  var isOutside = false
  /// Only what began before: where a page goes on.
  var before: Moment? = nil

  init() {}

  /// The filter of an address. What is not known does not filter.
  init(_ form: Form) {
    area = form["area"].flatMap(Deployment.Area.init)
    isOutside = form["by"] == "outside"
    before = form["before"].flatMap { Int64($0) }.flatMap { $0 > 0 ? Moment(ms: $0) : nil }
  }

  /// Whether anything is left out, apart from newer pages.
  var isNarrow: Bool { area != nil || isOutside }

  /// The list's address from before a moment on.
  func older(than moment: Moment) -> String {
    let parts = [
      area.map { "area=\($0.rawValue)" }, isOutside ? "by=outside" : nil, "before=\(moment.ms)",
    ]
    return "/deployments?" + parts.compactMap { $0 }.joined(separator: "&")
  }
}
