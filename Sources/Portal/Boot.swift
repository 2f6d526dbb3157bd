import Cryptography
import GRDB
import Rules

/// One start of the portal. Everything that runs belongs to one; what belongs to another was cut
/// off.
struct Boot: Sendable {
  let id: String
  let startedAt: Moment

  /// The newest; nil before the first.
  static func last(in db: Database) throws -> Boot? {
    try Row.fetchOne(
      db, sql: "SELECT id, started_at FROM boots ORDER BY started_at DESC LIMIT 1"
    ).map { Boot(id: $0["id"], startedAt: Moment(ms: $0["started_at"])) }
  }

  /// Whether a start of this name worked on the database.
  static func exists(_ id: String, in db: Database) throws -> Bool {
    try Bool.fetchOne(
      db, sql: "SELECT EXISTS (SELECT 1 FROM boots WHERE id = ?)", arguments: [id]) == true
  }

  /// Notes the start, and turns every change that an earlier start left running into one whose
  /// outcome is unknown. Done before the port opens; sends nothing.
  /// - Parameter lease: a start under a lease has the name that it has there.
  static func begin(in storage: Storage, outside: Outside, under lease: LeaseHold) throws -> Boot {
    let now = outside.now()
    let id = try lease.holder ?? Hex.encode(outside.randomBytes(16))
    let boot = Boot(id: id, startedAt: now)
    let leftovers = storage.spool.leftovers()
    try storage.writeNow { db in
      try db.execute(
        sql: "INSERT INTO boots (id, version, started_at) VALUES (?, ?, ?)",
        arguments: [boot.id, Portal.version, now.ms])
      try AuditLog.append(
        .portalStarted(version: Portal.version), by: .portal, at: now, in: db)
      if let record = lease.seen {
        try AuditLog.append(
          .leaseTaken(holder: boot.id, host: record.host, after: record.last), by: .portal, at: now,
          in: db)
      }
      for outcome in leftovers { try ExecutionStore.adopt(outcome, at: now, in: db) }
      for change in try ChangeStore.all([.executing, .verifying], in: db).sound {
        try ChangeStore.move(
          change, to: .unknown,
          why: "Caretaker stopped while it ran. Nothing is sent again; the live state is read.",
          by: .portal, at: now, in: db)
      }
    }
    storage.spool.clear()
    return boot
  }
}
