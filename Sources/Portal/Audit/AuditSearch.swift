import GRDB
import Rules

/// Finds the entries that fit a filter, newest first. Whatever the filter, SQLite walks ranges of
/// an index that are in order already and stops at the limit: the work grows with what is shown,
/// not with the log.
struct AuditSearch {
  /// Up to how many bytes a statement is kept for the next time. One of many kinds is longer: there
  /// are many such, and each takes memory of every connection.
  private static let keptBytesMax = 1_000

  /// Finds what fits between two entries; the arguments are those of each stretch and a limit.
  let sql: String
  /// Arguments for each stretch of the log that the filter's days cover, newest first.
  let stretches: [[Int64]]

  /// The search for a filter; reads which kinds of entry there are, and where its days lie.
  init(_ filter: AuditFilter, in db: Database) throws {
    let kinds = try Self.kinds(of: filter, in: db)
    let ranges = try Self.ranges(of: filter, in: db)
    let person = filter.personID.map { [$0] } ?? []
    if let change = filter.change {
      sql = """
        SELECT audit.seq FROM audit INDEXED BY audit_by_change
        CROSS JOIN audit_facets AS f ON f.seq = audit.seq
        WHERE change = ? AND audit.seq BETWEEN ? AND ? AND f.kind IN (\(Self.marks(kinds.count)))
        \(person.isEmpty ? "" : "AND audit.person_id = ?") ORDER BY audit.seq DESC LIMIT ?
        """
      stretches = ranges.map { [change] + $0 + kinds + person }
    } else if filter.personID != nil || filter.choosesKinds {
      let index = person.isEmpty ? "audit_facets_by_kind" : "audit_facets_by_person"
      let ofOneKind = """
        SELECT seq FROM audit_facets INDEXED BY \(index)
        WHERE \(person.isEmpty ? "" : "person_id = ? AND ")kind = ? AND seq BETWEEN ? AND ?
        """
      // Each part is in order, so they are merged and not sorted.
      sql =
        kinds.map { _ in ofOneKind }.joined(separator: "\nUNION ALL\n")
        + "\nORDER BY seq DESC LIMIT ?"
      stretches = ranges.map { range in kinds.flatMap { person + [$0] + range } }
    } else {
      sql = "SELECT seq FROM audit_facets WHERE seq BETWEEN ? AND ? ORDER BY seq DESC LIMIT ?"
      stretches = ranges
    }
  }

  /// The numbers of the newest entries that fit, newest first.
  func numbers(limit: Int, in db: Database) throws -> [Int64] {
    var found: [Int64] = []
    try walk(limit: limit, in: db) { number in
      found.append(number)
      return true
    }
    return found
  }

  /// Calls `body` with the numbers of the newest entries that fit, newest first, as long as it
  /// wants more. The rest is not read.
  func walk(limit: Int, in db: Database, _ body: (Int64) throws -> Bool) throws {
    let statement =
      sql.utf8.count <= Self.keptBytesMax
      ? try db.cachedStatement(sql: sql) : try db.makeStatement(sql: sql)
    var left = limit
    for stretch in stretches where left > 0 {
      let numbers = try Int64.fetchCursor(
        statement, arguments: StatementArguments(stretch + [Int64(left)]))
      while let number = try numbers.next() {
        guard try body(number) else { return }
        left -= 1
      }
    }
  }

  /// The kinds that fit; where none does, a number that no kind has.
  private static func kinds(of filter: AuditFilter, in db: Database) throws -> [Int64] {
    let fitting = try AuditFacets.kinds(in: db).filter { kind in
      (filter.type.map { $0 == kind.type } ?? true)
        && (filter.outcome.map { $0 == kind.outcome } ?? true)
        && (!filter.isFlagged || kind.flag != nil)
    }.map(\.id)
    return fitting.isEmpty ? [0] : fitting
  }

  /// The first and last entries of the stretches that the filter's days cover, newest first. There
  /// is one, unless the clock was ever set back.
  private static func ranges(of filter: AuditFilter, in db: Database) throws -> [[Int64]] {
    let end = filter.before.map { $0 - 1 } ?? .max
    guard filter.from != nil || filter.to != nil else { return [[1, end]] }
    let days = try Row.fetchAll(
      db,
      sql: """
        SELECT first_seq, coalesce(
          (SELECT min(first_seq) - 1 FROM audit_days AS next WHERE next.first_seq > d.first_seq), ?)
        FROM audit_days AS d WHERE day BETWEEN ? AND ?
        """,
      arguments: [Int64.max, (filter.from ?? .first).number, (filter.to ?? .last).number])
    var ranges: [[Int64]] = []
    for (first, last) in days.map({ ($0[0] as Int64, $0[1] as Int64) }).sorted(by: >) {
      if let newer = ranges.last, newer[0] == last + 1 {
        ranges[ranges.count - 1][0] = first
      } else {
        ranges.append([first, last])
      }
    }
    return ranges.filter { $0[0] <= end }.map { [$0[0], min($0[1], end)] }
  }

  private static func marks(_ count: Int) -> String {
    Array(repeating: "?", count: count).joined(separator: ", ")
  }
}
