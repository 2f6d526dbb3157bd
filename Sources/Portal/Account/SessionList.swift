import Cryptography
import Foundation
import GRDB
import Rules

/// A session as its person sees it.
struct OpenSession {
  /// The SHA-256 of its token.
  let hash: [UInt8]
  let startedAt: Moment
  let seenAt: Moment
  let address: String

  /// Names it in addresses: enough of the hash to tell it from others.
  var mark: String { Hex.encode(Array(hash.prefix(8))) }
}

extension SessionStore {
  /// The sessions of a person that go on, the last begun first.
  static func open(of person: Int64, at now: Moment, in db: Database) throws -> [OpenSession] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT token_hash, started_at, seen_at, address FROM sessions
        WHERE person_id = ? AND ends_at > ? AND seen_at > ? ORDER BY started_at DESC, token_hash
        """,
      arguments: [person, now.ms, now.adding(ms: -idleMs).ms]
    ).map { row in
      OpenSession(
        hash: [UInt8](row["token_hash"] as Data), startedAt: Moment(ms: row["started_at"]),
        seenAt: Moment(ms: row["seen_at"]), address: row["address"])
    }
  }

  /// Ends sessions of a person, all but one where that is named, with what has half become one, and
  /// writes that to the log.
  static func close(
    of person: Int64, but kept: [UInt8]? = nil, by actor: AuditLog.Actor, at now: Moment,
    in db: Database
  ) throws {
    let closed = try open(of: person, at: now, in: db).filter { $0.hash != kept }
    for session in closed { try end(tokenHash: session.hash, in: db) }
    try HalfSessionStore.endAll(of: person, in: db)
    guard !closed.isEmpty else { return }
    try AuditLog.append(
      .sessionsClosed(of: person, count: Int64(closed.count)), by: actor, at: now, in: db)
  }
}
