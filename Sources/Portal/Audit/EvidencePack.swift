import Cryptography
import Foundation
import GRDB
import Rules

/// Everything about one change in one file that proves itself: the plan's bytes, the votes, the
/// steps, the entries of the log with their proofs of inclusion, and the checkpoint these lead to.
enum EvidencePack {
  /// The lines of the pack.
  /// - Parameter checkpoint: one that covers every entry of the change.
  static func lines(
    of change: Change, checkpoint: SignedCheckpoint, in db: Database
  ) throws -> [Canonical] {
    let logID = try AuditLog.logID(in: db)
    let entries = try entries(of: change, in: checkpoint, db: db)
    let header = Canonical.object([
      "pack": .integer(1), "log": .string(logID), "change": .integer(change.number),
      "entries": .integer(Int64(entries.count)),
      "keys": .array(try LogKey.all(in: db).map { .string($0.text) }),
      "checkpoint": .string(checkpoint.note),
    ])
    let plan = Canonical.object([
      "plan": Canonical(canonical: change.plan.bytes) ?? .object([:]),
      "digest": .string(change.digest),
    ])
    return [header, plan] + (try votes(on: change, in: db)) + (try steps(of: change, in: db))
      + entries
  }

  /// Whether entries of a type say who may approve what: the rules need them with the change's own.
  static func isContext(_ type: String) -> Bool {
    context.contains { type.hasPrefix($0) }
  }

  /// The types of entry that tell of a vote, with what was decided.
  static let decisions = [
    "change.approved": "approve", "change.rejected": "reject", "change.vote_withdrawn": "withdraw",
  ]

  private static let context = ["person.", "policy.", "emergency."]

  /// A vote as a line and an entry both tell of it.
  static func vote(
    _ person: Canonical?, _ decision: Canonical?, _ digest: Canonical?, _ note: Canonical?
  ) -> Canonical {
    let members = ["person": person, "decision": decision, "digest": digest, "note": note]
    return .object(members.compactMapValues(\.self))
  }

  /// A step as a line and an entry both tell of it.
  static func step(
    _ step: Canonical?, _ outcome: Canonical?, _ detail: Canonical?
  ) -> Canonical {
    .object(["step": step, "outcome": outcome, "detail": detail].compactMapValues(\.self))
  }

  private static func votes(on change: Change, in db: Database) throws -> [Canonical] {
    try Row.fetchAll(
      db,
      sql: "SELECT person_id, decision, digest, note FROM votes WHERE change_id = ? ORDER BY id",
      arguments: [change.id]
    ).map { row in
      .object([
        "vote": vote(
          .integer(row["person_id"]), .string(row["decision"]), .string(row["digest"]),
          .string(row["note"]))
      ])
    }
  }

  private static func steps(of change: Change, in db: Database) throws -> [Canonical] {
    try ExecutionStore.steps(of: change.id, in: db).map { row in
      .object([
        "step": step(
          .integer(row.step), row.outcome.map(Canonical.string), row.detail.map(Canonical.string))
      ])
    }
  }

  private static func entries(
    of change: Change, in checkpoint: SignedCheckpoint, db: Database
  ) throws -> [Canonical] {
    let isContext = context.map { "type GLOB '\($0)*'" }.joined(separator: " OR ")
    let numbers = try Int64.fetchAll(
      db,
      sql: """
        SELECT seq FROM audit
        WHERE seq <= ?2 AND (change = ?1 OR \(isContext))
        ORDER BY seq
        """,
      arguments: [change.number, checkpoint.size])
    var prover = MerkleProver(entries: numbers.map { $0 - 1 }, size: checkpoint.size)
    let wanted = Set(numbers)
    var entries: [(seq: Int64, entry: Canonical)] = []
    let rows = try Row.fetchCursor(
      db, sql: "SELECT seq, bytes FROM audit WHERE seq <= ? ORDER BY seq",
      arguments: [checkpoint.size])
    while let row = try rows.next() {
      let bytes = [UInt8](row["bytes"] as Data)
      prover.append(leaf: MerkleRange.leaf(of: bytes))
      guard wanted.contains(row["seq"]) else { continue }
      guard let entry = Canonical(canonical: bytes) else {
        throw Damage.entry(row["seq"])
      }
      entries.append((row["seq"], entry))
    }
    guard prover.root == checkpoint.range.root else {
      throw StorageProblem(
        "The log is not the one that was signed with \(checkpoint.size) entries.")
    }
    return entries.map { seq, entry in
      .object([
        "entry": entry,
        "proof": .array(prover.proof(of: seq - 1).map { .string(Hex.encode($0)) }),
      ])
    }
  }
}
