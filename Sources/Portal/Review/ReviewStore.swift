import GRDB
import Rules

/// A flagged entry with what was said about it, and by whom.
struct Review: Sendable {
  let item: ReviewItem
  let flag: ReviewFlag?
  let note: String
  let reviewerID: Int64?
  let reviewedAt: Moment?
}

/// Flagged entries and what was said about them.
enum ReviewStore {
  private static let select = """
    SELECT reviews.seq, reviews.person_id, verdict, note, reviewer_id, reviewed_at, flag
    FROM reviews JOIN audit_facets ON audit_facets.seq = reviews.seq
    JOIN audit_kinds ON audit_kinds.id = kind
    """

  /// Whether the entry with this number has to be reviewed.
  static func isFlagged(_ seq: Int64, in db: Database) throws -> Bool {
    try Bool.fetchOne(
      db.cachedStatement(sql: "SELECT count(*) FROM reviews WHERE seq = ?"), arguments: [seq])
      ?? false
  }

  /// The review of an entry; nil when it needs none.
  static func find(_ seq: Int64, in db: Database) throws -> Review? {
    try Row.fetchOne(db, sql: select + " WHERE reviews.seq = ?", arguments: [seq])
      .map(Review.init(row:))
  }

  /// Flagged entries with this verdict, nil for those that are open, newest first.
  static func list(
    _ verdict: ReviewVerdict?, before: Int64, limit: Int, in db: Database
  ) throws -> [Review] {
    try Row.fetchAll(
      db,
      sql: select + " WHERE verdict IS ? AND reviews.seq < ? ORDER BY reviews.seq DESC LIMIT ?",
      arguments: [verdict?.rawValue, before, limit]
    ).map(Review.init(row:))
  }

  /// The next entry a person may review, older ones first offered; nil when there is none.
  static func next(for person: Person, before seq: Int64, in db: Database) throws -> Int64? {
    try Int64.fetchOne(
      db,
      sql: """
        SELECT seq FROM reviews WHERE verdict IS NULL AND person_id IS NOT ?
        ORDER BY seq < ? DESC, seq DESC LIMIT 1
        """, arguments: [person.id, seq])
  }

  /// How many open entries a person may review; counting stops at `most`.
  static func openCount(for person: Person, atMost most: Int, in db: Database) throws -> Int {
    try Int.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT count(*) FROM
          (SELECT 1 FROM reviews WHERE verdict IS NULL AND person_id IS NOT ? LIMIT ?)
          """),
      arguments: [person.id, most]) ?? 0
  }

  /// Writes down what a person says about an open entry.
  static func dispose(
    of item: ReviewItem, _ verdict: ReviewVerdict, note: String, by person: Person,
    at now: Moment, in db: Database
  ) throws {
    try db.execute(
      sql: """
        UPDATE reviews SET verdict = ?, note = ?, reviewer_id = ?, reviewed_at = ?
        WHERE seq = ? AND verdict IS NULL
        """,
      arguments: [verdict.rawValue, note, person.id, now.ms, item.entry])
    guard db.changesCount == 1 else { throw ReviewRefusal.alreadyReviewed }
  }
}

extension Review {
  init(row: Row) {
    item = ReviewItem(
      entry: row["seq"], actor: row["person_id"],
      verdict: (row["verdict"] as String?).flatMap(ReviewVerdict.init))
    flag = ReviewFlag(rawValue: row["flag"])
    note = row["note"] ?? ""
    reviewerID = row["reviewer_id"]
    reviewedAt = (row["reviewed_at"] as Int64?).map(Moment.init(ms:))
  }
}
