import GRDB
import Rules

extension TodoStore {
  /// Opens, closes and reopens what is left to do by what the checks of a site just found.
  /// - Parameter accepted: the findings that somebody answers for.
  static func follow(
    _ findings: [Finding], accepted: Set<String>, site: String, at now: Moment, in db: Database
  ) throws {
    let known = try standing(site: site, in: db)
    for finding in findings {
      let todo = known[finding.id]
      let turn = try TodoEvidence.turn(
        for: finding, failingSince: try failingSince(finding.id, site: site, in: db) ?? now,
        isAccepted: accepted.contains(finding.id), isOpen: todo?.isOpen, at: now)
      switch (turn, todo?.number) {
      case (.open(let due)?, _):
        try open(
          TodoSteps(for: finding).title, of: Todo.Source(site: site, finding: finding.id),
          mendKind: finding.mend?.kind, due: due, note: finding.state, at: now, in: db)
      case (.reopen(let due)?, let number?):
        try reopen(number, due: due, by: .portal, note: finding.state, at: now, in: db)
      case (.close(let note)?, let number?):
        try close(number, by: .portal, note: note, at: now, in: db)
      default: break
      }
    }
    let made = Set(findings.map(\.id))
    for (finding, todo) in known where todo.isOpen && !made.contains(finding) {
      try close(todo.number, by: .portal, note: TodoEvidence.noLongerApplies, at: now, in: db)
    }
  }

  private static func standing(
    site: String, in db: Database
  ) throws -> [String: (number: Int64, isOpen: Bool)] {
    let rows = try Row.fetchAll(
      db.cachedStatement(
        sql: "SELECT number, finding, closed_at FROM todos WHERE site = ? AND finding IS NOT NULL"),
      arguments: [site])
    return Dictionary(rows.map { ($0["finding"], ($0["number"], $0["closed_at"] == nil)) }) {
      first, _ in first
    }
  }

  /// Since when a finding has failed without passing in between: a reading that failed meanwhile
  /// does not make it a new failure.
  private static func failingSince(
    _ finding: String, site: String, in db: Database
  ) throws -> Moment? {
    try Int64.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT min(at) FROM finding_turns WHERE site = ?1 AND id = ?2 AND outcome = 'fail'
          AND at > (SELECT coalesce(max(at), -1) FROM finding_turns
            WHERE site = ?1 AND id = ?2 AND outcome = 'pass')
          """), arguments: [site, finding]
    ).map(Moment.init(ms:))
  }

  /// Notes something to do that evidence gave birth to.
  /// - Parameters:
  ///   - mendKind: the kind of change that mends it, where one does.
  ///   - note: what the evidence is.
  static func open(
    _ title: String, of source: Todo.Source, mendKind: String? = nil, due: Day, note: String,
    at now: Moment, in db: Database
  ) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO todos (title, site, finding, mend_kind, due_day, opened_at)
        VALUES (?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [title, source.site, source.finding, mendKind, due.number, now.ms])
    let todo = db.lastInsertedRowID
    try TodoHistory.add(.opened, to: todo, by: .portal, text: note, at: now, in: db)
    try AuditLog.append(
      .todoOpened(
        number: nil, todo: todo, title: title, finding: source.finding, site: source.site),
      by: .portal, at: now, in: db)
  }
}
