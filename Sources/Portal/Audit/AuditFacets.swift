import Foundation
import GRDB
import Rules

/// A combination of type, outcome and reason for review, as one number.
struct AuditKind: Sendable {
  let id: Int64
  let type: String
  let outcome: AuditOutcome
  let flag: ReviewFlag?
}

/// What lists filter entries by, beside the log and made from it alone.
enum AuditFacets {
  /// Refused sign-ins, of everybody, that are looked at for a burst. Waits after wrong passwords
  /// keep a team far below it.
  static let refusalsReadMax = 500

  /// Notes the entry that was just added, and puts it into the queue of reviews when it is flagged.
  /// - Parameter last: when the entry before it was written; nil for the first.
  static func add(_ entry: AuditEntry, after last: Moment?, in db: Database) throws {
    let outcome = AuditOutcome(type: entry.type, data: entry.data)
    let flag = try flag(of: entry, in: db)
    try db.cachedStatement(
      sql: "INSERT INTO audit_facets (seq, kind, person_id) VALUES (?, ?, ?)"
    ).execute(arguments: [
      entry.seq, try kind(entry.type, outcome, flag, in: db), entry.personID,
    ])
    if last.map({ Day($0) }) != Day(entry.at) { try addDay(of: entry, in: db) }
    if flag != nil {
      try db.cachedStatement(sql: "INSERT INTO reviews (seq, person_id) VALUES (?, ?)")
        .execute(arguments: [entry.seq, entry.personID])
    }
  }

  /// Notes every entry of a log that was written before there were facets. One that cannot be read
  /// is found by its type alone.
  static func addMissing(in db: Database) throws {
    guard try Int64.fetchOne(db, sql: "SELECT seq FROM audit_facets LIMIT 1") == nil else { return }
    let rows = try Row.fetchCursor(db, sql: AuditStore.select + " ORDER BY seq")
    var last: Moment?
    while let row = try rows.next() {
      let entry = AuditEntry(row: row)
      try add(entry, after: last, in: db)
      last = entry.at
    }
  }

  /// Every combination that was ever written.
  static func kinds(in db: Database) throws -> [AuditKind] {
    try Row.fetchAll(
      db.cachedStatement(sql: "SELECT id, type, outcome, flag FROM audit_kinds ORDER BY type")
    ).map { row in
      guard let outcome = AuditOutcome(rawValue: row[2]) else {
        throw StorageProblem("The database holds an outcome this version does not know.")
      }
      return AuditKind(
        id: row[0], type: row[1], outcome: outcome, flag: ReviewFlag(rawValue: row[3]))
    }
  }

  private static func addDay(of entry: AuditEntry, in db: Database) throws {
    try db.execute(
      sql: "INSERT INTO audit_days (first_seq, day) VALUES (?, ?)",
      arguments: [entry.seq, Day(entry.at).number])
  }

  private static func kind(
    _ type: String, _ outcome: AuditOutcome, _ flag: ReviewFlag?, in db: Database
  ) throws -> Int64 {
    let key: StatementArguments = [type, outcome.rawValue, flag?.rawValue ?? ""]
    let known = try db.cachedStatement(
      sql: "SELECT id FROM audit_kinds WHERE type = ? AND outcome = ? AND flag = ?")
    if let id = try Int64.fetchOne(known, arguments: key) { return id }
    try db.execute(
      sql: "INSERT INTO audit_kinds (type, outcome, flag) VALUES (?, ?, ?)", arguments: key)
    return db.lastInsertedRowID
  }

  private static func flag(of entry: AuditEntry, in db: Database) throws -> ReviewFlag? {
    guard entry.type == "session.refused" else {
      return ReviewFlag(type: entry.type, data: entry.data)
    }
    let earlier = try refusals(like: entry, in: db)
    return SignInBurst.isReached(at: entry.at, earlier: earlier) ? .signIns : nil
  }

  /// When the same person's sign-in was refused lately, back to the last burst.
  private static func refusals(like entry: AuditEntry, in db: Database) throws -> [Moment] {
    var moments: [Moment] = []
    let search = try AuditSearch(AuditFilter(type: entry.type), in: db)
    try search.walk(limit: refusalsReadMax, in: db) { seq in
      guard let earlier = try AuditStore.entry(seq, in: db),
        entry.at.since(earlier.at) <= SignInBurst.withinMs
      else { return false }
      guard earlier.damage == nil, earlier.data["about"] == entry.data["about"] else { return true }
      if try ReviewStore.isFlagged(seq, in: db) { return false }
      moments.append(earlier.at)
      return true
    }
    return moments
  }
}
