import GRDB
import Mustache
import Rules

/// How the portal itself is backed up, on the page of the backups.
struct OwnBackupCard: TemplateData {
  private let standing: OwnBackupStanding
  private let rows: [OwnBackupLine]

  static let fields: [Field<OwnBackupCard>] = [
    .item("tag", { Tag($0.standing.health) }), .text("words", { $0.standing.words }),
    .list("rows", { $0.rows }), .flag("anyRow", { !$0.rows.isEmpty }),
  ]

  /// So many are shown.
  private static let rowsMax = 7

  init(_ settings: BackupSettings?, at now: Moment, in db: Database) throws {
    let newest = try OwnBackupStore.newest(Self.rowsMax, in: db)
    standing = OwnBackupStanding(
      everyMs: settings?.everyMs, made: try OwnBackupStore.lastMade(in: db),
      problem: newest.first?.problem, at: now)
    rows = newest.map { OwnBackupLine(row: $0, now: now) }
  }
}

/// One that was made or failed.
struct OwnBackupLine: TemplateData {
  let row: OwnBackupStore.Row
  let now: Moment

  static let fields: [Field<OwnBackupLine>] = [
    .item("tag", { $0.row.problem == nil ? Tag("good", "Made") : Tag("danger", "Failed") }),
    .text("place", { $0.row.place }), .text("size", { $0.row.bytes.map(bytes) ?? "" }),
    .text("problem", { $0.row.problem ?? "" }), .item("when", { When($0.row.at, now: $0.now) }),
  ]
}

extension OwnBackupStanding {
  /// The state, and what to do.
  fileprivate var words: String {
    switch self {
    case .notSetUp:
      "Nothing backs Caretaker up by itself. Set “backup” in its configuration, or let a clock "
        + "of yours run “caretaker backup”."
    case .none: "No backup was made yet. The first is made within a minute of a start."
    case .fresh(let ageMs): "The last backup was made \(When.relative(ms: ageMs))."
    case .late(let ageMs):
      "The last backup was made \(When.relative(ms: ageMs)), which is too long ago. Look at the "
        + "portal's log for why none was made since."
    case .failing(let ageMs, let why):
      "The last try failed. \(why) "
        + (ageMs.map { "The last that worked was made \(When.relative(ms: $0))." }
          ?? "None has worked yet.")
    }
  }
}
