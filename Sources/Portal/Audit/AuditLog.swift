import Cryptography
import Foundation
package import GRDB
package import Rules

/// The append-only log. Entries are made with the handle of the transaction they describe, so an
/// act without its entry cannot be committed.
package enum AuditLog {
  /// Who did it.
  package enum Actor: Sendable {
    /// A person.
    case person(Person)
    /// Caretaker itself: a poll, a recovery at start, the executor going on.
    case portal
    /// Whoever has the command line of the server.
    case command
    /// Somebody not signed in.
    case visitor
  }

  private static let chainLabel = Array("audit-chain-v1\0".utf8)

  /// Adds an entry behind the last one. Its time is never before that of the last one: a clock that
  /// was set back does not take the log back with it, until somebody has said that it is right.
  package static func append(
    _ event: AuditEvent, by actor: Actor, at now: Moment, in db: Database
  ) throws {
    let head = try AuditStore.head(in: db)
    let seq = head.count + 1
    let now = event.setsClock ? now : max(now, head.at)
    let logID = try head.logID ?? logID(in: db)
    let bytes = entry(event, by: actor, at: now, seq: seq, logID: logID).bytes
    let chain = link(
      after: head.chain, seq: seq, logID: logID, leaf: MerkleRange.leaf(of: bytes))
    try db.cachedStatement(
      sql: """
        INSERT INTO audit (seq, at, type, person_id, change, bytes, chain)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      seq, now.ms, event.type, actor.personID, event.changeNumber, Data(bytes), Data(chain),
    ])
    try AuditFacets.add(
      AuditEntry(
        seq: seq, at: now, type: event.type, actor: actor.word, personID: actor.personID,
        change: event.changeNumber, data: .object(event.data)),
      after: head.count > 0 ? head.at : nil, in: db)
  }

  /// h(n) = SHA-256(label ‖ log id ‖ n as 8 bytes ‖ h(n−1) ‖ leaf), where the leaf is that of the
  /// Merkle tree.
  static func link(after before: [UInt8], seq: Int64, logID: String, leaf: [UInt8]) -> [UInt8] {
    var bytes = chainLabel
    bytes += logID.utf8
    withUnsafeBytes(of: seq.bigEndian) { bytes += $0 }
    bytes += before
    bytes += leaf
    return SHA256.digest(bytes)
  }

  private static func entry(
    _ event: AuditEvent, by actor: Actor, at now: Moment, seq: Int64, logID: String
  ) -> Canonical {
    var members: [String: Canonical] = [
      "v": .integer(1), "log": .string(logID), "seq": .integer(seq), "at": .integer(now.ms),
      "type": .string(event.type), "actor": .string(actor.word), "data": .object(event.data),
    ]
    members["person"] = actor.personID.map(Canonical.integer)
    return .object(members)
  }

  /// The log's name, made when it is first asked for.
  static func logID(in db: Database) throws -> String {
    if let id = try String.fetchOne(db.cachedStatement(sql: "SELECT id FROM log")) { return id }
    let id = Hex.encode(try RandomBytes.generate(16))
    try db.execute(sql: "INSERT INTO log (only, id) VALUES (1, ?)", arguments: [id])
    return id
  }
}

extension AuditLog.Actor {
  var personID: Int64? { if case .person(let person) = self { person.id } else { nil } }

  var word: String {
    switch self {
    case .person: "person"
    case .portal: "portal"
    case .command: "command"
    case .visitor: "visitor"
    }
  }
}
