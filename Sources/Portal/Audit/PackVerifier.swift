import Cryptography
import Rules

extension AuditVerifier {
  /// Reads the evidence of one change: its entries are in the log that the checkpoint speaks for,
  /// keep the rules, and say what plan, votes and steps say.
  /// - Throws: when it can't be read, or is no evidence.
  public func verify(pack path: String) throws -> AuditVerdict {
    let lines = try LineReader(path: path)
    guard let first = try lines.next(), let header = Canonical(canonical: first),
      var pack = PackProof(header, pinned: pinned)
    else { throw StorageProblem("It is no evidence of a change.") }
    do {
      while let line = try lines.next() { try pack.take(line) }
      return try pack.verdict()
    } catch let verdict as AuditVerdict {
      return verdict
    }
  }
}

/// The proof of a pack while its lines pass by.
private struct PackProof {
  /// Votes and steps, by the pack's own lines or by the entries of the log.
  private struct Claims {
    /// Each vote with how often it was cast: who withdraws an approval may give it again.
    var votes: [Canonical: Int] = [:]
    var steps: Set<Canonical> = []
  }

  private let logID: String
  private let change: Int64
  private let entries: Int64
  private let checkpoint: Checkpoint
  private let isSigned: Bool
  private let isVouchedFor: Bool
  private var replay = AuditReplay()
  private var seq: Int64 = 0
  private var taken: Int64 = 0
  /// The digests of the plan given, and of the one that was proposed last.
  private var digest: String?
  private var proposed: String?
  private var claimed = Claims()
  private var logged = Claims()

  init?(_ header: Canonical, pinned: NoteKey?) {
    guard case .object(let members) = header,
      members.keys.sorted() == ["change", "checkpoint", "entries", "keys", "log", "pack"],
      header["pack"]?.number == 1, let logID = header["log"]?.text,
      let change = header["change"]?.number, let entries = header["entries"]?.number,
      let note = header["checkpoint"]?.text.flatMap(SignedNote.init),
      let checkpoint = Checkpoint(note),
      let texts = header["keys"]?.elements
    else { return nil }
    let keys = texts.compactMap { $0.text.flatMap(NoteKey.init) }
    guard keys.count == texts.count else { return nil }
    self.logID = logID
    self.change = change
    self.entries = entries
    self.checkpoint = checkpoint
    isSigned =
      checkpoint.logID == logID && keys.contains(where: note.isSigned(by:))
      && pinned.map(keys.contains) ?? true
    isVouchedFor = pinned.map(note.isSigned(by:)) ?? false
  }

  mutating func take(_ bytes: [UInt8]) throws(AuditVerdict) {
    guard let line = Canonical(canonical: bytes), case .object(let members) = line else {
      throw .tampered(entry: seq + 1, why: "is not in its canonical form")
    }
    let proof = line["proof"]?.elements
    switch (members.keys.sorted(), line["plan"], line["entry"]) {
    case (["digest", "plan"], let plan?, _)
    where digest == nil && line["digest"]?.text == ChangeStore.digest(of: plan.bytes):
      digest = line["digest"]?.text
    case (["vote"], _, _): for vote in members.values { claimed.votes[vote, default: 0] += 1 }
    case (["step"], _, _) where claimed.steps.isDisjoint(with: members.values):
      claimed.steps.formUnion(members.values)
    case (["entry", "proof"], _, let entry?) where proof != nil:
      try take(entry, (proof ?? []).map { $0.text.flatMap(Hex.decode) ?? [] })
    default: throw .tampered(entry: seq + 1, why: "is no line of evidence")
    }
  }

  private mutating func take(_ entry: Canonical, _ proof: [[UInt8]]) throws(AuditVerdict) {
    guard let number = entry["seq"]?.number, number > seq, let data = entry["data"],
      entry["log"]?.text == logID, let type = entry["type"]?.text,
      data["change"]?.number == change || EvidencePack.isContext(type),
      MerkleProof.isIncluded(
        leaf: MerkleRange.leaf(of: entry.bytes), index: number - 1, size: checkpoint.size,
        root: checkpoint.root, proof: proof)
    else {
      throw .tampered(entry: seq + 1, why: "or the one given for it is not in the signed log")
    }
    seq = number
    taken += 1
    let why = replay.apply(
      type: type, person: entry["person"]?.number, at: entry["at"]?.number ?? 0, data: data)
    if let why { throw .ruleBroken(entry: seq, why: why) }
    switch type {
    case "change.proposed", "change.revised", "change.repriced": proposed = data["digest"]?.text
    case "step.intended", "step.finished":
      logged.steps.insert(EvidencePack.step(data["step"], data["outcome"], data["detail"]))
    default:
      guard let decision = EvidencePack.decisions[type] else { return }
      let vote = EvidencePack.vote(
        entry["person"], .string(decision), data["digest"], data["note"])
      logged.votes[vote, default: 0] += 1
    }
  }

  func verdict() throws(AuditVerdict) -> AuditVerdict {
    guard isSigned else {
      throw .tampered(
        entry: checkpoint.size, why: "is signed with no key of the log, or not with the one given")
    }
    guard taken == entries, proposed == digest, digest != nil else {
      throw .tampered(entry: seq, why: "is the last: entries are missing, or the plan is another")
    }
    guard claimed.votes == logged.votes, claimed.steps.isSubset(of: logged.steps) else {
      throw .tampered(entry: seq, why: "is the last, and votes or steps are not as they tell")
    }
    let size = checkpoint.size
    return .sound(
      entries: size, vouchedFor: isVouchedFor ? size : 0, head: Hex.encode(checkpoint.root))
  }
}
