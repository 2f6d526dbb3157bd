import GRDB
import Rules

/// A version that a change has put on Ghost, and readers were seen to get.
struct DeployedVersion: Sendable {
  let theme: ThemeVersion
  /// The change that deployed it.
  let change: Int64
  let at: Moment
}

extension DeployedVersion {
  /// Whether deploying another version is going back: by its number, or where that is the same, by
  /// when it came into the library.
  func isAfter(_ other: ThemeVersion) -> Bool {
    if ThemeVersionOrder.isOlder(other.version, than: theme.version) { return true }
    return !ThemeVersionOrder.isOlder(theme.version, than: other.version)
      && other.number < theme.number
  }
}

/// Which versions changes have sent to Ghost.
enum ThemeDeployments {
  /// Notes that a version is about to be sent.
  static func begin(
    _ theme: ThemeVersion, of change: String, site: String, at now: Moment, in db: Database
  ) throws {
    try db.execute(
      sql: """
        INSERT INTO theme_deployments (change_id, site, theme, begun_at) VALUES (?, ?, ?, ?)
        ON CONFLICT (change_id) DO UPDATE SET begun_at = excluded.begun_at
        """, arguments: [change, site, theme.number, now.ms])
  }

  /// Notes that Ghost has answered that it took the version.
  static func confirm(of change: String, at now: Moment, in db: Database) throws {
    try db.execute(
      sql: "UPDATE theme_deployments SET taken_at = ? WHERE change_id = ?",
      arguments: [now.ms, change])
  }

  /// The digest of the archive that Ghost took last, whatever became of the change.
  static func lastTaken(site: String, in db: Database) throws -> String? {
    try String.fetchOne(
      db,
      sql: """
        SELECT t.sha256 FROM theme_deployments d JOIN themes t ON t.number = d.theme
        WHERE d.site = ? AND d.taken_at IS NOT NULL ORDER BY d.taken_at DESC, d.rowid DESC LIMIT 1
        """, arguments: [site])
  }

  /// The version that was deployed last; nil where none ever was, or its archive is removed.
  static func last(site: String, in db: Database) throws -> DeployedVersion? {
    let row = try Row.fetchOne(
      db,
      sql: """
        SELECT d.theme, d.begun_at, c.number FROM theme_deployments d
        JOIN changes c ON c.id = d.change_id
        WHERE d.site = ? AND c.state = 'succeeded' ORDER BY d.begun_at DESC, d.rowid DESC LIMIT 1
        """, arguments: [site])
    guard let row, let theme = try ThemeStore.find(row["theme"], site: site, in: db) else {
      return nil
    }
    return DeployedVersion(theme: theme, change: row["number"], at: Moment(ms: row["begun_at"]))
  }

  /// When each version was deployed last, and by which change.
  static func all(
    site: String, in db: Database
  ) throws -> [Int64: (change: Int64, at: Moment)] {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT d.theme, max(d.begun_at) AS at, c.number FROM theme_deployments d
        JOIN changes c ON c.id = d.change_id
        WHERE d.site = ? AND c.state = 'succeeded' GROUP BY d.theme
        """, arguments: [site])
    return Dictionary(
      rows.map { ($0["theme"], (change: $0["number"], at: Moment(ms: $0["at"]))) }
    ) { first, _ in first }
  }

  /// The numbers of changes that still may send a version.
  static func open(of theme: ThemeVersion, in db: Database) throws -> [Int64] {
    try ChangeStore.all(ChangeState.open, in: db).sound
      .filter {
        $0.plan.kind == ThemeDeploy.kind && $0.plan.parameters["sha256"] == theme.sha256
      }.map(\.number)
  }
}
