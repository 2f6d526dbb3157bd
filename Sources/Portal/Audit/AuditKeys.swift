import Cryptography
import Rules

/// Which key signs the log at the entry that a reader has come to, and whether the reader has
/// reason to believe in it.
struct AuditKeys {
  private let logID: String
  private let pinned: NoteKey?
  private(set) var current: NoteKey?
  /// Whether the current key is the one that the reader brought, or follows it by rotations that
  /// each key signed for the next.
  private(set) var isVouchedFor = false
  /// Whether the key that the reader brought has been met.
  private(set) var isPinnedKnown: Bool

  /// - Parameter pinned: the key that the reader has from elsewhere.
  init(logID: String, pinned: NoteKey?, current: NoteKey? = nil) {
    self.logID = logID
    self.pinned = pinned
    isPinnedKnown = pinned == nil
    if let current { add(current) }
  }

  /// Takes the next entry.
  mutating func take(_ entry: Canonical) throws(AuditChain.Problem) {
    let type = entry["type"]?.text
    guard type == "log.key_added" || type == "log.key_rotated" else { return }
    guard let text = entry["data"]?["key"]?.text, let key = NoteKey(text) else {
      throw AuditChain.Problem("names a key that is none")
    }
    if type == "log.key_added" { return add(key) }
    guard let old = current, let note = entry["data"]?["note"]?.text.flatMap(SignedNote.init),
      KeyRotation(logID: logID, old: old, new: key).isSigned(in: note)
    else { throw AuditChain.Problem("tells of a new key that both keys have not signed") }
    let wasVouchedFor = isVouchedFor
    add(key)
    isVouchedFor = isVouchedFor || wasVouchedFor
  }

  private mutating func add(_ key: NoteKey) {
    current = key
    isVouchedFor = key == pinned
    if key == pinned { isPinnedKnown = true }
  }
}
