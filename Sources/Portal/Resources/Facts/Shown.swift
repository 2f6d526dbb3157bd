import Rules

/// Facts as a person reads them.
protocol Shown: Observed {
  /// What is known, in one line.
  var known: String { get }
  /// What is known, piece by piece.
  var details: [Detail] { get }
  /// What comes in rows.
  var tables: [DetailTable] { get }
  /// Whether it is set up at all. What is not is neither well nor ill.
  var isSetUp: Bool { get }
}

extension Shown {
  var tables: [DetailTable] { [] }
  var isSetUp: Bool { true }
}

/// One thing that is known.
struct Detail: Sendable {
  let label: String
  let value: String

  init(_ label: String, _ value: String) {
    self.label = label
    self.value = value.isEmpty ? "none" : value
  }

  init(_ label: String, _ isSo: Bool) { self.init(label, isSo ? "yes" : "no") }

  /// A moment, in the zone of who reads.
  init(_ label: String, _ moment: Moment?) { self.init(label, moment.local) }
}

/// Things of one sort, in rows.
struct DetailTable: Sendable {
  let caption: String
  let columns: [String]
  let rows: [[String]]
  /// What is said when there is no row.
  let empty: String

  init(_ caption: String, _ columns: [String], _ rows: [[String]], empty: String) {
    self.caption = caption
    self.columns = columns
    self.rows = rows
    self.empty = empty
  }
}

extension Moment? {
  /// The moment in words, in the zone of who reads; “not known” for none.
  var local: String { self?.local ?? "not known" }
}

extension String {
  /// Whether it names something to machines, letter by letter: an ARN or a digest.
  var isExact: Bool { hasPrefix("arn:") || hasPrefix("sha256:") }
}

/// A size in the unit that fits, `1.5 GiB`.
func bytes(_ count: Int64) -> String {
  let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
  var unit = 0
  var size = max(count, 0)
  var tenths: Int64 = 0
  while size >= 1_024, unit < units.count - 1 {
    tenths = size % 1_024 * 10 / 1_024
    size /= 1_024
    unit += 1
  }
  return (tenths == 0 ? "\(size)" : "\(size).\(tenths)") + " " + units[unit]
}

/// How many of something, `1 task`, `2 tasks`.
func count(_ number: some BinaryInteger, _ one: String, _ many: String? = nil) -> String {
  number == 1 ? "1 \(one)" : "\(number) \(many ?? one + "s")"
}
