import Cryptography
import Rules

/// The first line of an export: which entries follow, and what has to be known of those before.
struct AuditPart {
  let logID: String
  let from: Int64
  let to: Int64
  /// The line of the log, the key and the last link before `from`.
  let line: Int64
  let key: NoteKey?
  let link: [UInt8]
  let merkle: MerkleRange

  /// The line itself.
  var header: Canonical {
    .object([
      "export": .integer(1), "log": .string(logID), "from": .integer(from), "to": .integer(to),
      "line": .integer(line), "key": .string(key?.text ?? ""),
      "link": .string(Hex.encode(link)), "frontier": .string(Hex.encode(merkle.frontier)),
    ])
  }

  /// Where the reading of the part begins. The rules are replayed on a log from its beginning only.
  func proof(pinned: NoteKey?, anchors: [AuditProof.Anchor]) -> AuditProof {
    AuditProof(
      chain: AuditChain(logID: logID, merkle: merkle, link: link),
      keys: AuditKeys(logID: logID, pinned: pinned, current: key), line: line,
      replay: from == 1 ? AuditReplay() : nil, anchors: anchors)
  }
}

extension AuditPart {
  /// Reads the line; nil for any other.
  init?(_ header: Canonical) {
    guard header["export"]?.number == 1, let logID = header["log"]?.text,
      let from = header["from"]?.number, let to = header["to"]?.number, from >= 1, to >= from - 1,
      let line = header["line"]?.number, let key = header["key"]?.text,
      let link = header["link"]?.text.flatMap(Hex.decode),
      let frontier = header["frontier"]?.text.flatMap(Hex.decode),
      let merkle = MerkleRange(size: from - 1, frontier: frontier),
      from > 1 || (link.isEmpty && key.isEmpty && line == 0)
    else { return nil }
    self.init(
      logID: logID, from: from, to: to, line: line, key: NoteKey(key), link: link, merkle: merkle)
    guard self.header == header else { return nil }
  }
}
