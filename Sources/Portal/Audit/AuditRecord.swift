import Cryptography
import Foundation
import GRDB
import Rules

/// An entry of the log exactly as it is stored, with its place in the chain.
struct AuditRecord: Sendable {
  let entry: AuditEntry
  let bytes: [UInt8]
  /// SHA-256 of 0x00 and the bytes.
  let leaf: [UInt8]
  let link: [UInt8]
  /// The link of the entry before; empty for the first.
  let before: [UInt8]
  /// Whether an entry follows.
  let hasNext: Bool

  /// The bytes as text.
  var raw: String { String(decoding: bytes, as: UTF8.self) }

  /// The same with one member a line; the bytes themselves when they can't be read.
  var pretty: String { Canonical(canonical: bytes)?.indented() ?? raw }
}

extension AuditStore {
  /// An entry exactly as it is stored; nil when there is none with this number.
  static func record(_ seq: Int64, in db: Database) throws -> AuditRecord? {
    let rows = try Row.fetchAll(
      db, sql: "SELECT * FROM audit WHERE seq >= ? ORDER BY seq LIMIT 3", arguments: [seq - 1])
    guard let row = rows.first(where: { $0["seq"] == seq }) else { return nil }
    let before = rows.first.map { $0["seq"] == seq - 1 ? [UInt8]($0["chain"] as Data) : [] }
    let bytes = [UInt8](row["bytes"] as Data)
    return AuditRecord(
      entry: AuditEntry(row: row), bytes: bytes, leaf: MerkleRange.leaf(of: bytes),
      link: [UInt8](row["chain"] as Data), before: before ?? [],
      hasNext: rows.last.map { $0["seq"] > seq } ?? false)
  }
}

extension Canonical {
  /// The value with one member a line, for reading; not the bytes that are hashed.
  func indented(by depth: Int = 0) -> String {
    let inner = String(repeating: "  ", count: depth + 1)
    let outer = String(repeating: "  ", count: depth)
    switch self {
    case .object(let members) where !members.isEmpty:
      let lines = members.sorted { $0.key < $1.key }.map { key, value in
        "\(inner)\"\(key)\": \(value.indented(by: depth + 1))"
      }
      return "{\n\(lines.joined(separator: ",\n"))\n\(outer)}"
    case .array(let values) where !values.isEmpty:
      let lines = values.map { inner + $0.indented(by: depth + 1) }
      return "[\n\(lines.joined(separator: ",\n"))\n\(outer)]"
    default: return String(decoding: bytes, as: UTF8.self)
    }
  }
}
