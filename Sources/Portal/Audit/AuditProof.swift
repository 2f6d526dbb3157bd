import Cryptography
import Rules

/// The proof of a log while its entries and checkpoints pass by once: links, roots, signatures,
/// rules. Every step throws the verdict that ends it.
struct AuditProof {
  private var chain: AuditChain
  private var keys: AuditKeys
  private var line: Int64
  private var replay: AuditReplay?
  private var gaps: [Gap] = []
  /// Anchors from outside whose size has not come by yet, smallest first.
  private var anchors: ArraySlice<Anchor>
  /// Anchors that the log did not agree with when their size came by.
  private var strangers: [Checkpoint] = []
  private var vouchedFor: Int64 = 0

  /// A checkpoint that somebody kept elsewhere.
  struct Anchor {
    let note: SignedNote
    let checkpoint: Checkpoint
  }

  /// What people have accepted as lost.
  private struct Gap {
    let line: Int64
    let kept: Int64
    let lost: Int64

    func excuses(_ anchor: Checkpoint) -> Bool {
      anchor.line < line && kept < anchor.size && anchor.size <= lost
    }
  }

  /// - Parameters:
  ///   - replay: nil for a part of a log: the rules need its beginning.
  ///   - anchors: in any order, those of other logs too.
  init(
    chain: AuditChain, keys: AuditKeys, line: Int64, replay: AuditReplay?, anchors: [Anchor]
  ) {
    self.chain = chain
    self.keys = keys
    self.line = line
    self.replay = replay
    self.anchors =
      anchors.filter {
        $0.checkpoint.logID == chain.logID && $0.checkpoint.size > chain.seq
      }.sorted { $0.checkpoint.size < $1.checkpoint.size }[...]
  }

  /// The number of the last entry taken.
  var seq: Int64 { chain.seq }

  /// Takes the next entry with the link that was kept beside it.
  mutating func take(_ bytes: [UInt8], link: [UInt8]) throws(AuditVerdict) -> Canonical {
    let entry: Canonical
    do throws(AuditChain.Problem) {
      entry = try chain.take(bytes, link: link)
    } catch {
      throw .tampered(entry: seq + 1, why: error.why)
    }
    do throws(AuditChain.Problem) { try keys.take(entry) } catch {
      throw .tampered(entry: seq, why: error.why)
    }
    try follow(entry)
    try noteGap(entry)
    while let anchor = anchors.first, anchor.checkpoint.size == seq {
      anchors.removeFirst()
      if objection(to: anchor.note) == nil {
        vouchedFor = seq
      } else {
        strangers.append(anchor.checkpoint)
      }
    }
    return entry
  }

  /// Takes a checkpoint that was kept with the log, after the last entry it speaks for.
  /// - Parameter frontier: what was kept with it for the next one, where anything was.
  mutating func take(
    checkpoint whole: String, frontier: [UInt8]? = nil
  ) throws(AuditVerdict) {
    guard let note = SignedNote(whole: whole) else {
      throw .tampered(entry: seq, why: "is followed by a checkpoint that can't be read")
    }
    if let objection = objection(to: note) {
      throw .tampered(entry: seq, why: "is followed by a checkpoint " + objection)
    }
    guard frontier ?? chain.merkle.frontier == chain.merkle.frontier else {
      throw .tampered(entry: seq, why: "is followed by a checkpoint with another frontier")
    }
    if keys.isVouchedFor { vouchedFor = seq }
  }

  /// The verdict after the last entry.
  /// - Parameter claimed: how many entries the log's own checkpoints or export speak for.
  func verdict(claimed: Int64) throws(AuditVerdict) -> AuditVerdict {
    let open = anchors.map(\.checkpoint).filter(isUnexcused)
    if let stranger = strangers.first(where: isUnexcused) {
      throw .tampered(
        entry: stranger.size, why: "or one before it is not the one that was anchored")
    }
    let size = max(claimed, open.map(\.size).max() ?? 0)
    guard size <= seq else {
      throw .tampered(entry: seq + 1, why: "is missing: there is word of \(size) entries")
    }
    guard keys.isPinnedKnown || seq == 0 else {
      throw .tampered(entry: seq, why: "is the last, and none names the key you brought along")
    }
    return .sound(entries: seq, vouchedFor: vouchedFor, head: chain.head)
  }

  private func isUnexcused(_ anchor: Checkpoint) -> Bool {
    !gaps.contains { $0.excuses(anchor) }
  }

  private mutating func follow(_ entry: Canonical) throws(AuditVerdict) {
    let why = replay?.apply(
      type: entry["type"]?.text ?? "", person: entry["person"]?.number,
      at: entry["at"]?.number ?? 0, data: entry["data"] ?? .object([:]))
    if let why = why ?? nil { throw .ruleBroken(entry: seq, why: why) }
  }

  private mutating func noteGap(_ entry: Canonical) throws(AuditVerdict) {
    guard entry["type"]?.text == "log.gap_accepted" else { return }
    guard let data = entry["data"], let next = data["line"]?.number, next > line,
      let kept = data["kept"]?.number, let lost = data["lost"]?.number
    else { throw .tampered(entry: seq, why: "tells of a gap that can't be") }
    gaps.append(Gap(line: next, kept: kept, lost: lost))
    line = next
  }

  /// Why a note is not the log's own checkpoint here; nil when it is.
  private func objection(to note: SignedNote) -> String? {
    guard let checkpoint = Checkpoint(note), checkpoint.logID == chain.logID,
      checkpoint.line == line, checkpoint.size == seq
    else { return "of another place or log" }
    guard checkpoint.root == chain.merkle.root else { return "of other entries" }
    guard let key = keys.current, note.isSigned(by: key) else {
      return "that is not signed with the log's key"
    }
    return nil
  }
}
