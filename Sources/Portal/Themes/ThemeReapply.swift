import GRDB
import Rules

/// Offers to put a theme back that a replaced task has lost: a draft of the change, and something
/// to do. Sends nothing.
enum ThemeReapply {
  private static let checks: Set<String> = ["site.theme", "site.theme-version"]

  /// Looks at what was just judged. Once for each time that it goes wrong.
  static func offer(site: String, at now: Moment, in db: Database) throws {
    let found = try FindingStore.all(site: site, of: .blog, at: now, in: db).first {
      checks.contains($0.finding.id) && $0.finding.outcome == .fail && $0.acceptance == nil
    }
    guard let found, let mend = found.finding.mend, mend.kind == ThemeDeploy.kind,
      let last = try ThemeDeployments.last(site: site, in: db),
      try ThemeDeployments.open(of: last.theme, in: db).isEmpty
    else { return }
    let title = "Re-apply the theme \(last.theme.words)"
    let isOffered = try Bool.fetchOne(
      db, sql: "SELECT EXISTS (SELECT 1 FROM todos WHERE title = ? AND opened_at >= ?)",
      arguments: [title, found.since.ms])
    guard isOffered != true else { return }
    let draft = try DraftStore.insert(
      Inverse(kind: mend.kind, form: mend.form), title: title, origin: nil, by: nil, at: now,
      in: db)
    try TodoStore.open(title, change: last.change, draft: draft, by: .portal, at: now, in: db)
  }
}

extension DeployedVersion {
  /// What checks know of it.
  var known: DeployedTheme {
    DeployedTheme(name: theme.name, version: theme.version, number: theme.number)
  }
}
