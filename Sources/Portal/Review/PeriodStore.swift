import Cryptography
import Foundation
import GRDB
import Rules

/// A period that was signed for.
struct SignedPeriod: Sendable {
  let number: Int64
  let first: Int64
  let last: Int64
  let reviewerID: Int64
  let signedAt: Moment
  /// The entry of the log that tells of it.
  let entry: Int64
}

/// How the review stands, for the frame of every page.
struct ReviewStanding: Sendable {
  /// Flagged entries are counted up to here for the navigation.
  static let countMax = 100

  /// Open flagged entries that the person may review, at most `countMax`.
  var open = 0
  /// When the oldest entry that nobody has signed for was written; nil when there is none.
  var oldest: Moment? = nil

  /// Whether that is too long ago.
  func isOverdue(at now: Moment) -> Bool {
    oldest.map { now.since($0) > ReviewPeriod.dueMs } ?? false
  }
}

/// Stretches of the log that are signed for, one behind the other.
enum PeriodStore {
  /// The stretch behind the last signed one; nil when nothing is behind it.
  /// - Parameter last: where it ends; nil for the end of the log.
  static func next(through last: Int64? = nil, in db: Database) throws -> ReviewPeriod? {
    let first =
      try Int64.fetchOne(db, sql: "SELECT coalesce(max(last_seq), 0) + 1 FROM review_periods") ?? 1
    let end = try last ?? AuditStore.head(in: db).count
    let chain = try Data.fetchOne(
      db, sql: "SELECT chain FROM audit WHERE seq = ?", arguments: [end])
    guard let chain, first <= end else { return nil }
    func count(_ verdict: ReviewVerdict?) throws -> Int64 {
      try Int64.fetchOne(
        db, sql: "SELECT count(*) FROM reviews WHERE verdict IS ? AND seq BETWEEN ? AND ?",
        arguments: [verdict?.rawValue, first, end]) ?? 0
    }
    func entries(_ verdict: ReviewVerdict) throws -> [Int64] {
      try Int64.fetchAll(
        db, sql: "SELECT seq FROM reviews WHERE verdict = ? AND seq BETWEEN ? AND ? ORDER BY seq",
        arguments: [verdict.rawValue, first, end])
    }
    return ReviewPeriod(
      first: first, last: end, head: Hex.encode([UInt8](chain)), open: try count(nil),
      inOrder: try count(.ok), followUps: try entries(.followUp),
      incidents: try entries(.incident))
  }

  /// Whether there are flagged entries in a period, and all are this person's acts.
  static func isAllOwn(_ period: ReviewPeriod, of person: Person, in db: Database) throws -> Bool {
    let sql = "SELECT EXISTS (SELECT 1 FROM reviews WHERE seq BETWEEN ? AND ?"
    let ends: StatementArguments = [period.first, period.last]
    let any = try Bool.fetchOne(db, sql: sql + ")", arguments: ends) ?? false
    let others = try Bool.fetchOne(
      db, sql: sql + " AND person_id IS NOT ?)", arguments: ends + [person.id])
    return any && others == false
  }

  /// How many entries of each type a period holds.
  static func counts(of period: ReviewPeriod, in db: Database) throws -> [String: Int64] {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT type, count(*) AS count FROM audit_facets JOIN audit_kinds ON id = kind
        WHERE seq BETWEEN ? AND ? GROUP BY type
        """, arguments: [period.first, period.last])
    return Dictionary(uniqueKeysWithValues: rows.map { ($0["type"], $0["count"]) })
  }

  /// Keeps a period that is signed by the entry at the end of the log.
  static func insert(
    _ period: ReviewPeriod, by person: Person, at now: Moment, in db: Database
  ) throws {
    let head = Hex.decode(period.head).map { Data($0) }
    try db.execute(
      sql: """
        INSERT INTO review_periods
        (first_seq, last_seq, head, reviewer_id, signed_at, entry_seq) VALUES (?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        period.first, period.last, head, person.id, now.ms, try AuditStore.head(in: db).count,
      ])
  }

  /// The newest signed periods, newest first.
  static func signed(limit: Int, in db: Database) throws -> [SignedPeriod] {
    try Row.fetchAll(
      db, sql: "SELECT * FROM review_periods ORDER BY number DESC LIMIT ?", arguments: [limit]
    ).map { row in
      SignedPeriod(
        number: row["number"], first: row["first_seq"], last: row["last_seq"],
        reviewerID: row["reviewer_id"], signedAt: Moment(ms: row["signed_at"]),
        entry: row["entry_seq"])
    }
  }

  /// How the review stands for a person.
  static func standing(for person: Person, in db: Database) throws -> ReviewStanding {
    let oldest = try Int64.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT at FROM audit
          WHERE seq = (SELECT coalesce(max(last_seq), 0) + 1 FROM review_periods)
          """))
    return ReviewStanding(
      open: try ReviewStore.openCount(for: person, atMost: ReviewStanding.countMax, in: db),
      oldest: oldest.map(Moment.init(ms:)))
  }
}
