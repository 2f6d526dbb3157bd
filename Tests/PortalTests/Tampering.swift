import Cryptography
import Foundation
import GRDB
import Rules

@testable import Portal

/// Ways to tamper with a log, for somebody who may write the file as they like. Each changes it.
enum Tampering: CaseIterable {
  /// A bit of an entry's bytes.
  case bytes
  /// A bit of a link.
  case link
  /// A column that repeats the bytes.
  case column
  /// A column that repeats the bytes, as a value of another storage class.
  case storage
  /// An entry that is not the last is removed; with or without closing the gap.
  case remove
  /// A copy of an entry is put in.
  case insert
  /// Two entries are exchanged.
  case exchange
  /// The log's name.
  case name
  /// Entries are cut off the end.
  case cutTail
  /// An entry is forged and everything behind it linked anew.
  case linkAnew

  /// Whether the file alone gives it away. The others show against a link noted outside.
  var showsInTheFile: Bool { self != .cutTail && self != .linkAnew }

  /// Tampers with a log of entries 1 to `count`.
  func tamper(_ db: Database, count: Int64, with dice: inout Dice) throws {
    let seq = dice.roll(1...count)
    switch self {
    case .bytes: try flip("bytes", of: seq, in: db, with: &dice)
    case .link: try flip("chain", of: seq, in: db, with: &dice)
    case .column: try change(seq, in: db, with: &dice)
    case .storage: try store(seq, in: db, with: &dice)
    case .remove:
      let seq = dice.roll(1...(count - 1))
      try db.execute(sql: "DELETE FROM audit WHERE seq = ?", arguments: [seq])
      if dice.roll(0...1) == 1 { try shift(from: seq, by: -1, in: db) }
    case .insert:
      try shift(from: seq, by: 1, in: db)
      let origin = dice.roll(1...(count + 1), not: seq)
      try copy(origin, to: seq, in: db)
    case .exchange:
      let other = dice.roll(1...count, not: seq)
      for (from, to) in [(seq, -1), (other, seq), (-1, other)] {
        try db.execute(sql: "UPDATE audit SET seq = ? WHERE seq = ?", arguments: [to, from])
      }
    case .name:
      try db.execute(sql: "UPDATE log SET id = ?", arguments: [dice.hex(32)])
    case .cutTail:
      try db.execute(sql: "DELETE FROM audit WHERE seq >= ?", arguments: [seq])
    case .linkAnew: try linkAnew(from: seq, in: db, with: &dice)
    }
  }

  private func flip(
    _ column: String, of seq: Int64, in db: Database, with dice: inout Dice
  ) throws {
    var data =
      try Data.fetchOne(
        db, sql: "SELECT \(column) FROM audit WHERE seq = ?", arguments: [seq]) ?? Data()
    let bit = Int(dice.roll(0...Int64(data.count * 8 - 1)))
    data[bit / 8] ^= 1 << UInt8(bit % 8)
    try db.execute(
      sql: "UPDATE audit SET \(column) = ? WHERE seq = ?", arguments: [data, seq])
  }

  private func change(_ seq: Int64, in db: Database, with dice: inout Dice) throws {
    let amount = dice.roll(1...1_000)
    let value: String
    switch dice.roll(0...5) {
    case 0: value = "at = at + \(amount)"
    case 1: value = "type = type || char(\(amount + 32))"
    case 2: value = "person_id = CASE WHEN person_id IS NULL THEN \(amount) ELSE NULL END"
    case 3: value = "person_id = coalesce(person_id, 0) + \(amount)"
    case 4: value = "change = CASE WHEN change IS NULL THEN \(amount) ELSE NULL END"
    default: value = "change = coalesce(change, 0) + \(amount)"
    }
    try db.execute(sql: "UPDATE audit SET \(value) WHERE seq = ?", arguments: [seq])
  }

  private func store(_ seq: Int64, in db: Database, with dice: inout Dice) throws {
    try db.execute(
      sql: """
        CREATE TABLE loose (seq, at, type, person_id, change, bytes, chain);
        INSERT INTO loose SELECT seq, at, type, person_id, change, bytes, chain FROM audit;
        DROP TABLE audit;
        ALTER TABLE loose RENAME TO audit;
        """)
    if dice.roll(0...9) == 0 {
      let names = ["CAST(id AS BLOB)", "NULL", "5", "id || char(0) || 'x'", "CAST(x'ff' AS TEXT)"]
      return try db.execute(
        sql: "CREATE TABLE name AS SELECT \(dice.choose(names)) AS id FROM log; DROP TABLE log;"
          + "ALTER TABLE name RENAME TO log")
    }
    let values = [
      "at = CAST(at AS TEXT)", "at = CAST(at AS REAL)", "at = NULL", "at = 'soon'",
      "type = CAST(type AS BLOB)", "type = NULL", "type = 7", "type = type || char(0) || 'x'",
      "type = CAST(x'ff' AS TEXT)", "person_id = 'ana'", "person_id = 1.5", "change = 'CR-1'",
      "change = x'ff'", "bytes = CAST(bytes AS TEXT)",
      "bytes = NULL", "bytes = 1", "chain = hex(chain)", "chain = NULL", "chain = 0",
      "seq = CAST(seq AS TEXT)", "seq = NULL", "seq = seq + 0.5", "seq = x'00'",
    ]
    let value = dice.choose(values)
    try db.execute(sql: "UPDATE audit SET \(value) WHERE seq = ?", arguments: [seq])
  }

  private func shift(from seq: Int64, by distance: Int64, in db: Database) throws {
    try db.execute(
      sql: "UPDATE audit SET seq = -seq WHERE seq >= ?", arguments: [seq])
    try db.execute(sql: "UPDATE audit SET seq = -seq + ? WHERE seq < 0", arguments: [distance])
  }

  private func copy(_ origin: Int64, to seq: Int64, in db: Database) throws {
    try db.execute(
      sql: """
        INSERT INTO audit (seq, at, type, person_id, change, bytes, chain)
        SELECT ?, at, type, person_id, change, bytes, chain FROM audit WHERE seq = ?
        """,
      arguments: [seq, origin])
  }

  /// Makes an entry a second later, or leaves it out, and links what follows as Caretaker would.
  private func linkAnew(from seq: Int64, in db: Database, with dice: inout Dice) throws {
    let isLeftOut = dice.roll(0...1) == 1
    let logID = try String.fetchOne(db, sql: "SELECT id FROM log") ?? ""
    let before = "SELECT chain FROM audit WHERE seq = ?"
    var chain = try Data.fetchOne(db, sql: before, arguments: [seq - 1]).map { [UInt8]($0) } ?? []
    let rows = try Row.fetchAll(
      db, sql: "SELECT * FROM audit WHERE seq >= ? ORDER BY seq", arguments: [seq])
    try db.execute(sql: "DELETE FROM audit WHERE seq >= ?", arguments: [seq])
    var next = seq
    for row in rows where !(isLeftOut && row["seq"] == seq) {
      guard case .object(var members)? = Canonical(canonical: [UInt8](row["bytes"] as Data)) else {
        throw StorageProblem("entry \(next) can't be read")
      }
      let at: Int64 = row["at"] + (row["seq"] == seq ? 1_000 : 0)
      members["seq"] = .integer(next)
      members["at"] = .integer(at)
      let bytes = Canonical.object(members).bytes
      chain = AuditLog.link(
        after: chain, seq: next, logID: logID, leaf: MerkleRange.leaf(of: bytes))
      try db.execute(
        sql: "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?)",
        arguments: [
          next, at, row["type"], row["person_id"], row["change"], Data(bytes), Data(chain),
        ])
      next += 1
    }
  }
}

/// Numbers that follow from a seed (SplitMix64), so that what was found can be found again.
struct Dice: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  mutating func roll(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &self) }

  /// A number of the range other than one of them.
  mutating func roll(_ range: ClosedRange<Int64>, not taken: Int64) -> Int64 {
    let number = roll(range.lowerBound...(range.upperBound - 1))
    return number < taken ? number : number + 1
  }

  mutating func choose<Element>(_ elements: [Element]) -> Element {
    elements[Int(roll(0...Int64(elements.count - 1)))]
  }

  /// So many hexadecimal digits.
  mutating func hex(_ count: Int) -> String {
    String((0..<count).map { _ in choose(Array("0123456789abcdef")) })
  }
}
