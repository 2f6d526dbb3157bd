/// Metrics in the text format of Prometheus, version 0.0.4 (prometheus.io, “Exposition formats”).
struct Exposition {
  static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

  enum Kind: String { case counter, gauge, histogram }

  private(set) var text = ""

  /// A metric with its values by their labels. One without values is left out.
  mutating func add(
    _ name: String, _ kind: Kind, _ help: String, _ values: [(labels: [String: String], Double)]
  ) {
    guard !values.isEmpty else { return }
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    let lines = values.map { "\(name)\(Self.labels($0.labels)) \(Self.number($0.1))\n" }
    text += lines.sorted().joined()
  }

  /// A metric with one value; one that is not known is left out.
  mutating func add(_ name: String, _ kind: Kind, _ help: String, _ value: Double?) {
    add(name, kind, help, value.map { [([:], $0)] } ?? [])
  }

  /// Times by buckets, in seconds.
  mutating func add(_ name: String, _ help: String, _ times: RequestTally.Times) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) histogram\n"
    var count = 0
    let bounds = RequestTally.bucketsMs.map { Self.number(Double($0) / 1_000) } + ["+Inf"]
    for (bound, more) in zip(bounds, times.counts) {
      count += more
      text += "\(name)_bucket{le=\"\(bound)\"} \(count)\n"
    }
    text += "\(name)_sum \(Self.number(Double(times.sumMs) / 1_000))\n\(name)_count \(count)\n"
  }

  private static func labels(_ labels: [String: String]) -> String {
    guard !labels.isEmpty else { return "" }
    let pairs = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\"\(escaped($0.value))\"" }
    return "{\(pairs.joined(separator: ","))}"
  }

  private static func escaped(_ value: String) -> String {
    value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      .replacing("\n", with: "\\n")
  }

  /// Whole numbers without a point.
  private static func number(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? String(value)
  }
}
