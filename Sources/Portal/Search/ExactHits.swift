import GRDB
import Rules

/// What is named exactly: CR-12, the number of an entry, the beginning of a digest.
extension Search {
  func exact(people: [Person], in db: Database) throws -> [SearchHit] {
    try SearchReference.all(in: typed).flatMap { reference in
      switch reference {
      case .change(let number): try changes(numbered: number, in: db)
      case .number(let number):
        try changes(numbered: number, in: db) + entries(numbered: number, people: people, in: db)
          + todos(numbered: number, in: db)
      case .digest(let digest):
        try changes(withPlan: digest, in: db) + themes(withDigest: digest, in: db)
          + runs(at: digest, in: db)
      }
    }
  }

  /// Everything that begins so lies between it and this, as `g` comes after every digit.
  private func end(of digest: String) -> String { digest + "g" }

  private func changes(numbered number: Int64, in db: Database) throws -> [SearchHit] {
    let isThere = try Bool.fetchOne(
      db, sql: "SELECT EXISTS (SELECT 1 FROM changes WHERE number = ?)", arguments: [number])
    return isThere == true ? [try change(number, in: db)] : []
  }

  private func entries(
    numbered number: Int64, people: [Person], in db: Database
  ) throws -> [SearchHit] {
    guard person.may(.readAudit), let found = try AuditStore.entry(number, in: db) else {
      return []
    }
    return [entry(found, people: people)]
  }

  private func todos(numbered number: Int64, in db: Database) throws -> [SearchHit] {
    let isThere = try Bool.fetchOne(
      db, sql: "SELECT EXISTS (SELECT 1 FROM todos WHERE number = ?)", arguments: [number])
    return isThere == true ? [todo(try TodoStore.find(number, in: db))] : []
  }

  private func changes(withPlan digest: String, in db: Database) throws -> [SearchHit] {
    try Int64.fetchAll(
      db,
      sql: """
        SELECT DISTINCT number FROM plans JOIN changes ON changes.id = change_id
        WHERE digest >= ? AND digest < ? ORDER BY number DESC LIMIT ?
        """,
      arguments: [digest, end(of: digest), Self.fewMax]
    ).map { try change($0, in: db) }
  }

  private func themes(withDigest digest: String, in db: Database) throws -> [SearchHit] {
    try ThemeStore.all(site: site, in: db)
      .filter { $0.sha256.hasPrefix(digest) || $0.files.hasPrefix(digest) }
      .prefix(Self.fewMax).map { theme($0) }
  }

  private func runs(at commit: String, in db: Database) throws -> [SearchHit] {
    try Int64.fetchAll(
      db,
      sql: """
        SELECT id FROM runs WHERE site = ? AND commit_id >= ? AND commit_id < ?
        ORDER BY created_at DESC LIMIT ?
        """,
      arguments: [site, commit, end(of: commit), Self.fewMax]
    ).compactMap { try RunStore.find($0, site: site, in: db) }.map { run($0.run) }
  }

  func theme(_ theme: ThemeVersion) -> SearchHit {
    SearchHit(
      title: theme.words, href: "/themes/\(theme.number)", detail: "Version of a theme",
      when: When(theme.madeAt, now: view.now), words: words)
  }

  func run(_ run: RunSummary) -> SearchHit {
    SearchHit(
      title: run.title, href: "/workflows/runs/\(run.id)",
      detail: "Run of \(run.file) at \(run.commit.prefix(SearchReference.digestLengthMin))",
      when: When(run.createdAt, now: view.now), words: words)
  }
}
