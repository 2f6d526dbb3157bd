import GRDB
import Rules

/// A decision about the Members overlay, as it was made.
struct MadeDecision: Sendable {
  let number: Int64
  let decision: MemberDecision
  let reason: String
  /// The change that carries it out; nil where none was named.
  let change: Int64?
  let personName: String
  let madeAt: Moment
}

/// Decisions about members in the database.
enum MemberStore {
  /// Keeps a decision.
  static func decide(
    _ choice: MemberDecision.Choice, owner: Person, reason: String, change: Int64?, site: String,
    by person: Person, at now: Moment, in db: Database
  ) throws {
    try db.execute(
      sql: """
        INSERT INTO member_decisions (site, choice, owner, reason, change, made_by, made_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [site, choice.rawValue, owner.id, reason, change, person.id, now.ms])
    try AuditLog.append(
      .membersDecided(
        site: site, decision: db.lastInsertedRowID, choice: choice, owner: owner.id,
        reason: reason), by: .person(person), at: now, in: db)
  }

  /// The decisions, the newest first.
  static func decisions(site: String, in db: Database) throws -> [MadeDecision] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT d.*, o.name AS owner_name, p.name FROM member_decisions d
        JOIN people o ON o.id = d.owner JOIN people p ON p.id = d.made_by
        WHERE d.site = ? ORDER BY d.number DESC LIMIT 50
        """, arguments: [site]
    ).compactMap { row in
      MemberDecision.Choice(rawValue: row["choice"]).map {
        MadeDecision(
          number: row["number"], decision: MemberDecision(choice: $0, owner: row["owner_name"]),
          reason: row["reason"], change: row["change"], personName: row["name"],
          madeAt: Moment(ms: row["made_at"]))
      }
    }
  }

  /// The decision that counts; nil before the first.
  static func decision(site: String, in db: Database) throws -> MemberDecision? {
    try decisions(site: site, in: db).first?.decision
  }
}
