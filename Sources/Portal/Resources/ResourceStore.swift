import GRDB
import Rules

/// A resource of the stack, as last listed.
struct StackEntry: Sendable, Hashable {
  let logicalID: String
  let type: String
  let physicalID: String
  let status: String
}

/// The stack's resources in the database.
enum ResourceStore {
  /// Replaces what is known of a site's stack.
  static func replace(
    _ entries: [StackEntry], site: String, at now: Moment, in db: Database
  ) throws {
    try db.execute(sql: "DELETE FROM resources WHERE site = ?", arguments: [site])
    for entry in entries {
      try db.cachedStatement(
        sql: """
          INSERT INTO resources (site, logical_id, type, physical_id, status, listed_at)
          VALUES (?, ?, ?, ?, ?, ?)
          """
      ).execute(arguments: [
        site, entry.logicalID, entry.type, entry.physicalID, entry.status, now.ms,
      ])
    }
  }

  /// Everything the stack holds.
  static func all(site: String, in db: Database) throws -> [StackEntry] {
    try Row.fetchAll(
      db, sql: "SELECT logical_id, type, physical_id, status FROM resources WHERE site = ?",
      arguments: [site]
    ).map {
      StackEntry(
        logicalID: $0["logical_id"], type: $0["type"], physicalID: $0["physical_id"],
        status: $0["status"])
    }
  }
}
