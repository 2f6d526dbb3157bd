import GRDB
import Rules

/// How a person wants their pages.
struct Choices: Equatable, Sendable {
  /// What times are read in.
  var zone = Zone.utc
  var theme = Theme.system
  /// Whether single keys act.
  var hasShortcuts = true
}

/// The colours of pages.
enum Theme: String, CaseIterable, Sendable {
  /// Whatever the device is set to.
  case system
  case light, dark

  var label: String {
    switch self {
    case .system: "As the device"
    case .light: "Light"
    case .dark: "Dark"
    }
  }

  /// What the browser colours its own bar with: `--surface` of the style sheet.
  var barColour: String { self == .dark ? "#161e25" : "#ffffff" }
}

extension Choices {
  /// Reads what `SessionStore.find` has joined; a person without a row has what is usual.
  init(row: Row) {
    let name: String? = row["zone"]
    zone = name.flatMap(Zone.init(named:)) ?? .utc
    theme = Theme(rawValue: row["theme"] ?? "") ?? .system
    hasShortcuts = row["has_shortcuts"] ?? true
  }

  /// Keeps them for a person.
  func keep(for person: Person, at now: Moment, in db: Database) throws {
    try db.execute(
      sql: """
        INSERT OR REPLACE INTO choices (person_id, zone, theme, has_shortcuts, chosen_at)
        VALUES (?, ?, ?, ?, ?)
        """,
      arguments: [person.id, zone.name, theme.rawValue, hasShortcuts, now.ms])
  }

  /// Forgets those of a person.
  static func remove(of person: Int64, in db: Database) throws {
    try db.execute(sql: "DELETE FROM choices WHERE person_id = ?", arguments: [person])
  }
}
