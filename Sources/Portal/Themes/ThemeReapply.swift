import GRDB
import Rules

/// Offers to put a theme back that a replaced task has lost: a draft of the change, and something
/// to do, until the theme is seen again. Sends nothing.
enum ThemeReapply {
  private static let checks: Set<String> = ["site.theme", "site.theme-version"]

  private static let titlePrefix = "Re-apply the theme "

  /// Looks at what was just judged. Once for each time that it goes wrong.
  static func offer(site: String, at now: Moment, in db: Database) throws {
    let judged = try FindingStore.all(site: site, of: .blog, at: now, in: db).filter {
      checks.contains($0.finding.id)
    }
    if !judged.isEmpty, judged.allSatisfy({ $0.finding.outcome == .pass }) {
      return try takeBack(site: site, at: now, in: db)
    }
    guard let found = judged.first(where: { $0.finding.outcome == .fail && $0.acceptance == nil }),
      let mend = found.finding.mend, mend.kind == ThemeDeploy.kind,
      let last = try ThemeDeployments.last(site: site, in: db),
      try ThemeDeployments.open(of: last.theme, in: db).isEmpty
    else { return }
    let title = titlePrefix + last.theme.words
    let isOffered = try Bool.fetchOne(
      db, sql: "SELECT EXISTS (SELECT 1 FROM todos WHERE title = ? AND opened_at >= ?)",
      arguments: [title, found.since.ms])
    guard isOffered != true else { return }
    let draft = try DraftStore.insert(
      Inverse(kind: mend.kind, form: mend.form), title: title, origin: nil, by: nil, at: now,
      in: db)
    try TodoStore.open(title, change: last.change, draft: draft, by: .portal, at: now, in: db)
  }

  /// The site has its theme again, this one or another that was deployed since: nothing is left to
  /// do.
  private static func takeBack(site: String, at now: Moment, in db: Database) throws {
    for todo in try TodoStore.open(in: db) where todo.title.hasPrefix(titlePrefix) {
      guard let draft = todo.draft, let change = todo.change,
        try ChangeStore.summary(change, in: db)?.site == site
      else { continue }
      try TodoStore.close(
        todo.number, by: .portal, note: "The site was seen with its theme.", at: now, in: db)
      try DraftStore.drop(draft, by: .portal, at: now, in: db)
    }
  }
}

extension DeployedVersion {
  /// What checks know of it.
  var known: DeployedTheme {
    DeployedTheme(name: theme.name, version: theme.version, number: theme.number)
  }
}
