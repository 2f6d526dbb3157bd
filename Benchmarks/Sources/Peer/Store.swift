import COpenSSL
import Foundation
import GRDB

/// The rows of the page, read from SQLite off the event loops.
struct Store: Sendable {
  private let pool: DatabasePool

  private static let resources = "SELECT * FROM resources ORDER BY number"
  private static let bars = """
    SELECT resource, tone, x, width, word, "from", until FROM bars ORDER BY number
    """
  private static let findings = "SELECT * FROM findings ORDER BY number"
  private static let page = "SELECT * FROM page"

  init(_ path: String) throws { pool = try DatabasePool(path: path) }

  /// Whether a session that goes on has this token.
  func isSession(_ token: String) async throws -> Bool {
    let bytes = Array(token.utf8)
    var hash = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    _ = SHA256(bytes, bytes.count, &hash)
    return try await pool.read { [hash] db in
      try Bool.fetchOne(
        db.cachedStatement(sql: "SELECT 1 FROM sessions WHERE hash = ? AND ends_at > ?"),
        arguments: [Data(hash), Date().timeIntervalSince1970]) ?? false
    }
  }

  /// The page as data that names its own fields.
  func page() async throws -> Line {
    try await pool.read { db in
      var bars: [[Bar]] = []
      let marks = try Row.fetchCursor(db.cachedStatement(sql: Self.bars))
      while let row = try marks.next() {
        if row[0] == bars.count { bars.append([]) }
        bars[row[0]].append(Bar(row))
      }
      var lists: [String: [any Parent]] = [:]
      let findings = try Row.fetchCursor(db.cachedStatement(sql: Self.findings))
      while let row = try findings.next() { lists[row["list"], default: []].append(Line(row)) }
      lists["resources"] = try Row.fetchAll(db.cachedStatement(sql: Self.resources)).map {
        Line($0, lists: ["bars": bars[$0["number"]]])
      }
      return Line(try Row.fetchOne(db.cachedStatement(sql: Self.page)) ?? Row(), lists: lists)
    }
  }

  /// The page as dictionaries.
  func dictionary() async throws -> Fields {
    try await pool.read { db in
      var bars: [[Fields]] = []
      for row in try Row.fetchAll(db.cachedStatement(sql: Self.bars)) {
        if row["resource"] == bars.count { bars.append([]) }
        bars[row["resource"]].append(fields(of: row))
      }
      var page = fields(of: try Row.fetchOne(db.cachedStatement(sql: Self.page)) ?? Row())
      let findings = try Row.fetchAll(db.cachedStatement(sql: Self.findings))
      for (list, rows) in Dictionary(grouping: findings, by: { $0["list"] as String }) {
        page[list] = rows.map(fields)
      }
      page["resources"] = try Row.fetchAll(db.cachedStatement(sql: Self.resources)).map { row in
        fields(of: row).merging(["bars": bars[row["number"]]]) { $1 }
      }
      return page
    }
  }
}
