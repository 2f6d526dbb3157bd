import Rules

/// A row that is not what Caretaker wrote. It is named wherever it would be shown; nothing is ever
/// decided, run or counted by it.
enum Damage: SpokenError, CustomStringConvertible {
  /// The change with this number.
  case change(Int64)
  /// The entry of the log with this number.
  case entry(Int64)

  /// What to do about one.
  static let remedy =
    "Nothing is done with it. Prove the log and go back to the last backup: "
    + "operations.md, “A change or an entry is damaged”."

  /// What it is, by its number.
  var name: String {
    switch self {
    case .change(let number): "CR-\(number)"
    case .entry(let number): "Entry \(number)"
    }
  }

  /// What is so, without what to do.
  var state: String { name + " can't be read: it is damaged in the database." }

  var sentence: String { state + " " + Self.remedy }
  var description: String { sentence }
}

extension Tag {
  static let damaged = Tag("danger", "Damaged")
}
