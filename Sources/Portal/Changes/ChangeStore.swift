import Cryptography
import Foundation
import GRDB
import Rules

/// Changes as they were found in the database.
struct FoundChanges: Sendable {
  /// Those that are as Caretaker wrote them, in the order asked for.
  var sound: [Change] = []
  /// The numbers of the others: lists name them, and nothing is done with them.
  var damaged: [Int64] = []
}

/// Changes in the database: reading them.
enum ChangeStore {
  /// The label that keeps a plan's digest apart from any other hash.
  private static let digestLabel = Array("plan-v1\0".utf8)

  private static let select = """
    SELECT number, changes.id, requester_id, state, version, changes.revision, proposed_at,
      review_by, run_from, run_by, reason, bytes, digest
    FROM changes
    LEFT JOIN plans ON plans.change_id = changes.id AND plans.revision = changes.revision
    """

  /// The digest people approve: SHA-256 of a label and the plan's bytes, in hexadecimal.
  static func digest(of plan: [UInt8]) -> String {
    Hex.encode(SHA256.digest(digestLabel + plan))
  }

  /// The change people call `CR-number`.
  /// - Throws: `Damage` for one that is not as it was written.
  static func find(_ number: Int64, in db: Database) throws -> Change {
    guard
      let row = try Row.fetchOne(db, sql: select + " WHERE number = ?", arguments: [number])
    else { throw Failure.notFound }
    return try change(from: row, in: db)
  }

  /// The change with this id; nil when there is none.
  /// - Throws: `Damage` for one that is not as it was written.
  static func find(id: String, in db: Database) throws -> Change? {
    try Row.fetchOne(db, sql: select + " WHERE changes.id = ?", arguments: [id])
      .map { try change(from: $0, in: db) }
  }

  /// Changes in some states, oldest first.
  static func all(_ states: Set<ChangeState>, in db: Database) throws -> FoundChanges {
    let names = states.map(\.rawValue)
    let marks = names.map { _ in "?" }.joined(separator: ", ")
    let rows = try Row.fetchAll(
      db, sql: select + " WHERE state IN (\(marks)) ORDER BY number",
      arguments: StatementArguments(names))
    return try changes(from: rows, in: db)
  }

  /// Changes in some states with a lower number, newest first.
  static func list(
    states: [String], before: Int64, limit: Int, in db: Database
  ) throws -> FoundChanges {
    let marks = states.map { _ in "?" }.joined(separator: ", ")
    var arguments = StatementArguments(states)
    arguments += [before, limit]
    let rows = try Row.fetchAll(
      db, sql: select + " WHERE state IN (\(marks)) AND number < ? ORDER BY number DESC LIMIT ?",
      arguments: arguments)
    return try changes(from: rows, in: db)
  }

  /// The numbers of every damaged one, whatever its state: reads them all.
  static func damaged(in db: Database) throws -> [Int64] {
    try Int64.fetchAll(db, sql: "SELECT number FROM changes ORDER BY number").filter { number in
      do { _ = try find(number, in: db) } catch is Damage { return true }
      return false
    }
  }

  /// Numbers of changes whose outcome nobody knows.
  static func unknownNumbers(in db: Database) throws -> [Int64] {
    try Int64.fetchAll(
      db.cachedStatement(sql: "SELECT number FROM changes WHERE state = 'unknown'"))
  }

  /// How many changes wait for an approval or a run. Every page shows it, so that plans are held
  /// against their digests and not read.
  static func waitingCount(at now: Moment, in db: Database) throws -> Int {
    let rows = try Row.fetchAll(
      db.cachedStatement(
        sql: select + " WHERE state = 'pending' AND review_by >= ?1"
          + " OR state = 'approved' AND run_by >= ?1"),
      arguments: [now.ms])
    return rows.count { bytes(of: $0) != nil }
  }

  private static func changes(from rows: [Row], in db: Database) throws -> FoundChanges {
    try rows.reduce(into: FoundChanges()) { found, row in
      do { found.sound.append(try change(from: row, in: db)) } catch is Damage {
        found.damaged.append(row["number"])
      }
    }
  }

  /// The bytes of a row's plan; nil where there are none, or others than people agree to.
  private static func bytes(of row: Row) -> [UInt8]? {
    guard let data: Data = row["bytes"] else { return nil }
    let bytes = [UInt8](data)
    return digest(of: bytes) == row["digest"] ? bytes : nil
  }

  private static func change(from row: Row, in db: Database) throws -> Change {
    let id: String = row["id"]
    guard let bytes = bytes(of: row), let plan = Plan(bytes: bytes), plan.change == id,
      plan.terms.revision == row["revision"], let state = ChangeState(rawValue: row["state"]),
      let requester = try PersonStore.find(row["requester_id"], in: db)
    else { throw Damage.change(row["number"]) }
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
