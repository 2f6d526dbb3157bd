import Foundation
import GRDB
import Rules

/// Tasks that stopped, kept after ECS has forgotten them.
enum StoppedTaskStore {
  /// The most that are shown.
  static let shownMax = 20
  /// How long they are kept.
  static let keptMs = 90 * Span.day

  /// Keeps those that were seen.
  static func add(_ tasks: [TaskSummary], site: String, in db: Database) throws {
    for task in tasks {
      guard let stoppedAt = task.stoppedAt else { continue }
      let text = String(decoding: try JSONEncoder().encode(task), as: UTF8.self)
      try db.execute(
        sql: """
          INSERT INTO stopped_tasks (site, id, stopped_at, task) VALUES (?1, ?2, ?3, ?4)
          ON CONFLICT (site, id) DO UPDATE SET stopped_at = ?3, task = ?4
          """,
        arguments: [site, task.id, stoppedAt.ms, text])
    }
  }

  /// The last that stopped, newest first.
  static func newest(site: String, in db: Database) throws -> [TaskSummary] {
    try String.fetchAll(
      db, sql: "SELECT task FROM stopped_tasks WHERE site = ? ORDER BY stopped_at DESC LIMIT ?",
      arguments: [site, shownMax]
    ).compactMap { try? JSONDecoder().decode(TaskSummary.self, from: Data($0.utf8)) }
  }

  /// Forgets what is older than it is kept.
  static func prune(at now: Moment, in db: Database) throws {
    try db.execute(
      sql: "DELETE FROM stopped_tasks WHERE stopped_at < ?",
      arguments: [now.adding(ms: -keptMs).ms])
  }
}
