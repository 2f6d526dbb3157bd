import Cryptography
import Foundation
import GRDB
import Rules

/// Changes in the database: reading them.
enum ChangeStore {
  /// The label that keeps a plan's digest apart from any other hash.
  private static let digestLabel = Array("plan-v1\0".utf8)

  private static let select = """
    SELECT number, changes.id, requester_id, state, version, changes.revision, proposed_at,
      review_by, run_from, run_by, reason, bytes, digest
    FROM changes
    JOIN plans ON plans.change_id = changes.id AND plans.revision = changes.revision
    """

  /// The digest people approve: SHA-256 of a label and the plan's bytes, in hexadecimal.
  static func digest(of plan: [UInt8]) -> String {
    Hex.encode(SHA256.digest(digestLabel + plan))
  }

  /// The change people call `CR-number`.
  static func find(_ number: Int64, in db: Database) throws -> Change {
    guard
      let row = try Row.fetchOne(db, sql: select + " WHERE number = ?", arguments: [number])
    else { throw Failure.notFound }
    return try change(from: row, in: db)
  }

  /// The change with this id; nil when there is none.
  static func find(id: String, in db: Database) throws -> Change? {
    try Row.fetchOne(db, sql: select + " WHERE changes.id = ?", arguments: [id])
      .map { try change(from: $0, in: db) }
  }

  /// Changes in some states, oldest first.
  static func all(_ states: Set<ChangeState>, in db: Database) throws -> [Change] {
    let names = states.map(\.rawValue)
    let marks = names.map { _ in "?" }.joined(separator: ", ")
    return try Row.fetchAll(
      db, sql: select + " WHERE state IN (\(marks)) ORDER BY number",
      arguments: StatementArguments(names)
    ).map { try change(from: $0, in: db) }
  }

  /// Changes in some states with a lower number, newest first.
  static func list(
    states: [String], before: Int64, limit: Int, in db: Database
  ) throws -> [Change] {
    let marks = states.map { _ in "?" }.joined(separator: ", ")
    var arguments = StatementArguments(states)
    arguments += [before, limit]
    return try Row.fetchAll(
      db, sql: select + " WHERE state IN (\(marks)) AND number < ? ORDER BY number DESC LIMIT ?",
      arguments: arguments
    ).map { try change(from: $0, in: db) }
  }

  /// Numbers of changes whose outcome nobody knows.
  static func unknownNumbers(in db: Database) throws -> [Int64] {
    try Int64.fetchAll(
      db.cachedStatement(sql: "SELECT number FROM changes WHERE state = 'unknown'"))
  }

  /// How many changes wait for an approval or a run.
  static func waitingCount(at now: Moment, in db: Database) throws -> Int {
    try Int.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT count(*) FROM changes
          WHERE state = 'pending' AND review_by >= ?1 OR state = 'approved' AND run_by >= ?1
          """),
      arguments: [now.ms]) ?? 0
  }

  private static func change(from row: Row, in db: Database) throws -> Change {
    let bytes = [UInt8](row["bytes"] as Data)
    let id: String = row["id"]
    guard let plan = Plan(bytes: bytes), plan.change == id, digest(of: bytes) == row["digest"],
      plan.terms.revision == row["revision"], let state = ChangeState(rawValue: row["state"]),
      let requester = try PersonStore.find(row["requester_id"], in: db)
    else { throw StorageProblem("CR-\(row["number"] as Int64) is damaged in the database.") }
    return Change(
      id: id, number: row["number"], plan: plan, digest: row["digest"], storedState: state,
      version: row["version"], requester: requester, editors: try editors(of: id, in: db),
      reason: row["reason"], proposedAt: Moment(ms: row["proposed_at"]),
      reviewBy: Moment(ms: row["review_by"]),
      runFrom: (row["run_from"] as Int64?).map(Moment.init(ms:)),
      runBy: (row["run_by"] as Int64?).map(Moment.init(ms:)), votes: try votes(on: id, in: db))
  }

  private static func editors(of change: String, in db: Database) throws -> Set<Int64> {
    try Int64.fetchSet(
      db, sql: "SELECT editor_id FROM plans WHERE change_id = ?", arguments: [change])
  }

  private static func votes(on change: String, in db: Database) throws -> [Vote] {
    try Row.fetchAll(
      db,
      sql: "SELECT person_id, digest, decision, at FROM votes WHERE change_id = ? ORDER BY id",
      arguments: [change]
    ).compactMap { row in
      Vote.Decision(rawValue: row["decision"]).map {
        Vote(
          personID: row["person_id"], digest: row["digest"], decision: $0,
          at: Moment(ms: row["at"]))
      }
    }
  }
}
