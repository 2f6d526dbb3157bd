import Mustache

/// The order of a list, which its heads change by their addresses: `?sort=state&order=down`.
struct Sorting<Row: Sendable>: Sendable {
  /// A column; one without an order has a plain head.
  struct Column: Sendable {
    let label: String
    let key: String
    let precedes: (@Sendable (Row, Row) -> Bool)?

    init(_ label: String) {
      self.label = label
      key = ""
      precedes = nil
    }

    init<Value: Comparable & Sendable>(
      _ label: String, _ key: String, by value: @escaping @Sendable (Row) -> Value
    ) {
      self.label = label
      self.key = key
      precedes = { value($0) < value($1) }
    }
  }

  private let columns: [Column]
  private let path: String
  /// The column asked for; nil for the list's own order, also where there is no such column.
  private let chosen: Column?
  private let isDown: Bool

  init(_ columns: [Column], path: String, asked visit: Visit) {
    self.columns = columns
    self.path = path
    let key = visit.field("sort")
    chosen = columns.first { !$0.key.isEmpty && $0.key == key }
    isDown = visit.field("order") == "down"
  }

  /// The rows in the order asked for; equal ones stay in the list's own.
  func sorted(_ rows: [Row]) -> [Row] {
    guard let precedes = chosen?.precedes else { return rows }
    let order = rows.enumerated().sorted { left, right in
      let (first, second) = isDown ? (right, left) : (left, right)
      if precedes(first.element, second.element) { return true }
      if precedes(second.element, first.element) { return false }
      return left.offset < right.offset
    }
    return order.map(\.element)
  }

  /// The heads of the table. That of the chosen column turns its order around.
  var heads: [SortHead] {
    columns.map { column in
      guard !column.key.isEmpty else {
        return SortHead(label: column.label, href: "", order: "")
      }
      let isChosen = column.key == chosen?.key
      var fields = ["sort": column.key]
      if isChosen, !isDown { fields["order"] = "down" }
      return SortHead(
        label: column.label, href: "\(path)?\(query(fields))",
        order: isChosen ? (isDown ? "descending" : "ascending") : "")
    }
  }
}

/// The head of a column.
struct SortHead: TemplateData {
  let label: String
  let href: String
  /// `ascending`, `descending`, or empty where the list is not sorted by it.
  let order: String

  static let fields: [Field<SortHead>] = [
    .text("label", { $0.label }), .link("href", { $0.href }), .text("order", { $0.order }),
    .text("arrow", { $0.order == "ascending" ? "↑" : $0.order.isEmpty ? "" : "↓" }),
  ]
}
