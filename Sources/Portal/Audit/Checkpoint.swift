import Cryptography
import Rules

/// A statement of how many entries a log has and what their Merkle root is (C2SP
/// tlog-checkpoint): the origin, the size, the root, a line each.
struct Checkpoint: Hashable {
  let logID: String
  /// Which line of the log: 0 from its beginning, another behind each gap that people accepted.
  let line: Int64
  let size: Int64
  let root: [UInt8]

  var text: String {
    let origin = LogKey.name(logID: logID) + (line == 0 ? "" : "/\(line)")
    return "\(origin)\n\(size)\n\(Base64.encode(root))\n"
  }
}

extension Checkpoint {
  /// Reads the text of a note; nil when it is none of a checkpoint of ours.
  init?(_ note: SignedNote) {
    let lines = note.text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count == 4, let root = Base64.decode(lines[2]) else { return nil }
    let origin = lines[0].split(separator: "/", omittingEmptySubsequences: false)
    guard origin.count == 2 || origin.count == 3, let size = Int64(lines[1]),
      let line = origin.count == 2 ? 0 : Int64(origin[2])
    else { return nil }
    self.init(logID: String(origin[1]), line: line, size: size, root: root)
    // One spelling: no leading zeros, no other prefix, no line numbered 0.
    guard text == note.text, size > 0 else { return nil }
  }

  /// Reads a whole note, whoever signed it.
  init?(whole: String) {
    guard let note = SignedNote(whole: whole) else { return nil }
    self.init(note)
  }
}
