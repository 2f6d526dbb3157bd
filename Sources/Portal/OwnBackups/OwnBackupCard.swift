import GRDB
import Mustache
import Rules

/// How the portal itself is backed up, on the page of the backups.
struct OwnBackupCard: TemplateData {
  private let standing: OwnBackupStanding
  private let rows: [OwnBackupLine]
  private let drill: RestoreDrillStanding
  private let drills: [RestoreDrillLine]
  /// How the continuous copy stands; nil where nobody is asked.
  private let copy: ReplicaStanding?

  static let fields: [Field<OwnBackupCard>] = [
    .item("tag", { Tag($0.standing.health) }), .text("words", { $0.standing.words }),
    .list("rows", { $0.rows }), .flag("anyRow", { !$0.rows.isEmpty }),
    .item("drill", { TodoPage.DrillLine(standing: $0.drill) }), .list("drills", { $0.drills }),
    .flag("anyDrill", { !$0.drills.isEmpty }),
    .item("copy", { $0.copy.map(ReplicaLine.init) }),
  ]

  /// So many are shown.
  private static let rowsMax = 7
  private static let drillsMax = 3

  init(
    _ settings: BackupSettings?, copy: ReplicaStanding?, at now: Moment, in db: Database
  ) throws {
    self.copy = copy
    let newest = try OwnBackupStore.newest(Self.rowsMax, in: db)
    standing = try OwnBackupStore.standing(settings, at: now, in: db)
    rows = newest.map { OwnBackupLine(row: $0, now: now) }
    drill = RestoreDrillStanding(last: try RestoreDrillStore.last(in: db), at: now)
    drills = try RestoreDrillStore.newest(Self.drillsMax, in: db).map {
      RestoreDrillLine(row: $0, now: now)
    }
  }
}

/// How the continuous copy stands.
struct ReplicaLine: TemplateData {
  let standing: ReplicaStanding

  static let fields: [Field<ReplicaLine>] = [
    .item("tag", { Tag($0.standing.health) }), .text("state", { $0.standing.sentence }),
  ]
}

/// One that was brought back in a drill.
struct RestoreDrillLine: TemplateData {
  let row: RestoreDrillStore.Row
  let now: Moment

  static let fields: [Field<RestoreDrillLine>] = [
    .item("tag", { $0.row.problem == nil ? Tag("good", "Worked") : Tag("danger", "Failed") }),
    .text("place", { $0.row.place }), .text("problem", { $0.row.problem ?? "" }),
    .item("when", { When($0.row.at, now: $0.now) }),
    .text("entries", { $0.row.entries.map(String.init) ?? "" }),
  ]
}

/// One that was made or failed.
struct OwnBackupLine: TemplateData {
  let row: OwnBackupStore.Row
  let now: Moment

  static let fields: [Field<OwnBackupLine>] = [
    .item("tag", { $0.row.problem == nil ? Tag("good", "Made") : Tag("danger", "Failed") }),
    .text("place", { $0.row.place }), .text("size", { $0.row.bytes.map(bytes) ?? "" }),
    .text("problem", { $0.row.problem ?? "" }), .item("when", { When($0.row.at, now: $0.now) }),
    .flag("byHand", { $0.row.isByHand }),
  ]
}

extension OwnBackupStanding {
  /// The state, and what to do.
  fileprivate var words: String {
    switch self {
    case .notSetUp:
      "Nothing backs Caretaker up. Set “backup” in its configuration, or let a clock of yours run "
        + "“caretaker backup”."
    case .none: "No backup was made yet. The first is made within a minute of a start."
    case .fresh(let ageMs): "The last backup was made \(When.relative(ms: ageMs))."
    case .late(let ageMs):
      "The last backup was made \(When.relative(ms: ageMs)), which is too long ago. Look at the "
        + "portal's log, or at the clock of yours that makes them, for why."
    case .failing(let ageMs, let why):
      "The last try failed. \(why) "
        + (ageMs.map { "The last that worked was made \(When.relative(ms: $0))." }
          ?? "None has worked yet.")
    }
  }
}
