import Foundation
import GRDB
import Rules

/// A change to come: what kind it is and what its form asks for.
struct Draft: Sendable {
  let number: Int64
  let kind: String
  let form: [String: String]
  let title: String
  let origin: Int64?
  let madeAt: Moment
}

/// Drafts in the database.
enum DraftStore {
  private static let select = "SELECT number, kind, form, title, origin, made_at FROM drafts"

  /// Drafts that were neither proposed nor dropped, newest first.
  static func open(in db: Database) throws -> [Draft] {
    try Row.fetchAll(db, sql: select + " WHERE ended_at IS NULL ORDER BY number DESC")
      .map(Draft.init(row:))
  }

  /// An open draft.
  static func find(_ number: Int64, in db: Database) throws -> Draft {
    guard
      let row = try Row.fetchOne(
        db, sql: select + " WHERE number = ? AND ended_at IS NULL", arguments: [number])
    else { throw Failure.notFound }
    return try Draft(row: row)
  }

  /// The open draft that came out of a change; nil when there is none.
  static func find(origin change: Int64, in db: Database) throws -> Draft? {
    try Row.fetchOne(
      db, sql: select + " WHERE origin = ? AND ended_at IS NULL", arguments: [change]
    ).map(Draft.init(row:))
  }

  /// Notes a change to come and gives its number.
  static func insert(
    _ asked: Inverse, title: String, origin: Int64?, by person: Person?, at now: Moment,
    in db: Database
  ) throws -> Int64 {
    let form = String(decoding: try JSONEncoder().encode(asked.form), as: UTF8.self)
    try db.execute(
      sql: """
        INSERT INTO drafts (kind, form, title, origin, made_by, made_at) VALUES (?, ?, ?, ?, ?, ?)
        """,
      arguments: [asked.kind, form, title, origin, person?.id, now.ms])
    let draft = db.lastInsertedRowID
    try AuditLog.append(
      .draftMade(number: origin, draft: draft, kind: asked.kind),
      by: person.map(AuditLog.Actor.person) ?? .portal, at: now, in: db)
    return draft
  }

  /// Ends a draft that became a change.
  static func use(_ number: Int64, for change: Int64, at now: Moment, in db: Database) throws {
    try db.execute(
      sql: "UPDATE drafts SET ended_at = ?, used_by = ? WHERE number = ? AND ended_at IS NULL",
      arguments: [now.ms, change, number])
  }

  /// Ends a draft that nobody wants.
  static func drop(_ number: Int64, by actor: AuditLog.Actor, at now: Moment, in db: Database)
    throws
  {
    try db.execute(
      sql: "UPDATE drafts SET ended_at = ? WHERE number = ? AND ended_at IS NULL",
      arguments: [now.ms, number])
    guard db.changesCount == 1 else { return }
    try AuditLog.append(.draftDropped(draft: number), by: actor, at: now, in: db)
  }
}

extension Draft {
  init(row: Row) throws {
    let form: String = row["form"]
    self.init(
      number: row["number"], kind: row["kind"],
      form: try JSONDecoder().decode([String: String].self, from: Data(form.utf8)),
      title: row["title"], origin: row["origin"], madeAt: Moment(ms: row["made_at"]))
  }
}
