import GRDB
import Rules

/// An act on what Caretaker looks after that none of its changes made.
struct OutsideAct: Sendable {
  /// Where it was read: `aws`, `github` or `ghost`.
  let source: String
  /// The source's own name of it.
  let id: String
  let at: Moment
  /// Who, as the source calls them.
  let who: String
  /// What was done: `ecs UpdateService`.
  let act: String
  let resource: String
}

/// Acts past Caretaker, in the database.
enum TrailStore {
  /// The most that are shown.
  static let shownMax = 50

  /// Keeps those that are new, each with its entry in the log, where somebody reviews it.
  static func add(_ acts: [OutsideAct], site: String, at now: Moment, in db: Database) throws {
    for act in acts {
      try db.execute(
        sql: """
          INSERT OR IGNORE INTO outside_acts (site, source, id, at, who, act, resource)
          VALUES (?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [site, act.source, act.id, act.at.ms, act.who, act.act, act.resource])
      guard db.changesCount > 0 else { continue }
      try AuditLog.append(
        .actedOutside(
          site: site, source: act.source, id: act.id, act: act.act, resource: act.resource,
          at: act.at), by: .portal, at: now, in: db)
    }
  }

  /// What CloudTrail told that no step of a change explains.
  static func outside(_ facts: TrailFacts, in db: Database) throws -> [OutsideAct] {
    guard let first = facts.acts.first, let last = facts.acts.last else { return [] }
    let calls = try Row.fetchAll(
      db,
      sql: """
        SELECT json_extract(CAST(bytes AS TEXT), '$.data.call') AS call, steps.intended_at,
          steps.finished_at, changes.number
        FROM steps
        JOIN changes ON changes.id = steps.change_id
        JOIN audit ON audit.change = changes.number AND audit.type = 'step.intended'
          AND json_extract(CAST(bytes AS TEXT), '$.data.step') = steps.step
        WHERE steps.intended_at <= ?1 AND coalesce(steps.finished_at, ?1) >= ?2
        """,
      arguments: [
        last.at.adding(ms: TrailFacts.clocksApartMs).ms,
        first.at.adding(ms: -TrailFacts.clocksApartMs).ms,
      ]
    ).map { row in
      let call: String = row["call"] ?? ""
      return OwnCall(
        operation: call.split(separator: ":").last.map(String.init) ?? "",
        from: Moment(ms: row["intended_at"]),
        to: (row["finished_at"] as Int64?).map(Moment.init(ms:)),
        session: RunSession.namePrefix + String(row["number"] as Int64))
    }
    return try facts.outside(of: calls).filter {
      try !isOfChange(session: $0.who, in: db)
    }.map {
      OutsideAct(
        source: "aws", id: $0.id, at: $0.at, who: $0.who, act: "\($0.service) \($0.operation)",
        resource: $0.resource)
    }
  }

  /// The newest, newest first.
  static func newest(site: String, in db: Database) throws -> [OutsideAct] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT source, id, at, who, act, resource FROM outside_acts
        WHERE site = ? ORDER BY at DESC, id LIMIT ?
        """,
      arguments: [site, shownMax]
    ).map {
      OutsideAct(
        source: $0["source"], id: $0["id"], at: Moment(ms: $0["at"]), who: $0["who"],
        act: $0["act"], resource: $0["resource"])
    }
  }
}
