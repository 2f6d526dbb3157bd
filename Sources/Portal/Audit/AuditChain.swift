import Cryptography
import Rules

/// Where a reader of the log stands: behind which entry, with which link and which Merkle root.
struct AuditChain {
  /// Why an entry is not the next one.
  struct Problem: Error {
    let why: String
    init(_ why: String) { self.why = why }
  }

  let logID: String
  private(set) var seq: Int64
  private(set) var merkle: MerkleRange
  private var link: [UInt8]
  private var floorMs = Int64.min

  /// Before the first entry, or behind the one that a part of a log says it follows.
  init(logID: String, merkle: MerkleRange = MerkleRange(), link: [UInt8] = []) {
    self.logID = logID
    self.merkle = merkle
    self.link = link
    seq = merkle.size
  }

  /// The last link, in hexadecimal.
  var head: String { Hex.encode(link) }

  /// Takes the next entry with the link that was kept beside it.
  mutating func take(_ bytes: [UInt8], link kept: [UInt8]) throws(Problem) -> Canonical {
    guard let entry = Canonical(canonical: bytes) else {
      throw Problem("is not in its canonical form")
    }
    guard entry["log"]?.text == logID, entry["seq"]?.number == seq + 1 else {
      throw Problem("is missing, or another stands in its place")
    }
    guard let ms = entry["at"]?.number,
      ms >= floorMs || AuditEvent.setsClock(entry["type"]?.text)
    else {
      throw Problem("is older than the one before")
    }
    let leaf = MerkleRange.leaf(of: bytes)
    let next = AuditLog.link(after: link, seq: seq + 1, logID: logID, leaf: leaf)
    guard next == kept else { throw Problem("is not linked to the one before") }
    seq += 1
    link = next
    floorMs = ms
    merkle.append(leaf: leaf)
    return entry
  }
}
