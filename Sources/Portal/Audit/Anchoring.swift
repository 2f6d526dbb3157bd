import AWS
import Cryptography
import Foundation
import GRDB
import Rules

/// Puts checkpoints where nobody on this machine can change them, and holds the log against those
/// that are there.
struct Anchoring: Sendable {
  let place: BucketPlace
  let s3: S3
  let storage: Storage
  let outside: Outside
  let boot: Boot
  /// How long one look at the bucket, or one write to it, may take.
  let withinMs: Int64

  /// The limit outside tests.
  static let usualWithinMs = 5 * Span.second
  /// How long, outside tests, a change that can't be put back waits for the anchor of its intent.
  static let usualIntentWithinMs = 10 * Span.second
  /// How long to wait before what a run waits for is tried again.
  static let tryAgainMs = Span.second
  /// For how long an anchor can't be deleted, where the bucket leaves that to each object.
  static let lockedMs = 400 * Span.day

  /// Whether there is anything to compare or to put: not yet compared at this start, or a newer
  /// checkpoint than the newest anchor, of a log that is not known to be behind.
  func isDue() async throws -> Bool {
    try await storage.read { [boot] db in
      guard let comparison = try AnchorStore.comparison(in: db), comparison.boot == boot.id else {
        return true
      }
      return try Self.waiting(in: db) != nil
    }
  }

  /// Compares the log with its newest anchor; if it is the same log, anchors its newest
  /// checkpoint.
  /// - Throws: `AWSError` or `Overdue` when the bucket can't be read or written; what is known of
  ///   the log is then left as it was.
  func run() async throws {
    try await compare()
    if let next = try await storage.read({ try Self.waiting(in: $0) }) {
      try await put(next.note, as: next.mark)
    }
  }

  /// Anchors the log until an anchor vouches for an entry that is signed or about to be.
  /// - Throws: `AWSError` or `Overdue` when the bucket can't be read or written, `Refusal` when the
  ///   log turns out to be behind.
  func run(through seq: Int64) async throws {
    while true {
      // Of a write without an answer, the next comparison finds what became.
      do { try await run() } catch let error as AWSError where error.effect == .unknown {}
      let (through, standing) = try await storage.read { [boot, now = outside.now()] db in
        (
          try AnchorStore.anchoredThrough(in: db),
          try AnchorStore.standing(isAnchored: true, boot: boot, at: now, in: db)
        )
      }
      if case .behind = standing { throw Refusal.logNotVouchedFor(standing) }
      if through >= seq { return }
      try await Task.sleep(for: .milliseconds(Self.tryAgainMs))
    }
  }

  /// The newest checkpoint, when it is newer than the newest anchor.
  private static func waiting(in db: Database) throws -> (mark: AnchorMark, note: String)? {
    guard try AnchorStore.comparison(in: db)?.behind == nil,
      let last = try CheckpointStore.last(in: db)
    else { return nil }
    let mark = AnchorMark(line: try CheckpointStore.line(in: db), size: last.size)
    // A gap accepted since the last checkpoint waits for the next one, which speaks for it.
    guard Checkpoint(whole: last.note)?.line == mark.line,
      try AnchorStore.newest(in: db).map({ $0.mark < mark }) ?? true
    else { return nil }
    return (mark, last.note)
  }

  private func put(_ note: String, as mark: AnchorMark) async throws {
    let key = try await key(of: mark)
    do {
      let until = outside.now().adding(ms: Self.lockedMs)
      let lock = try await within(withinMs) { try await s3.getObjectLock(place.bucket) }
      let placing = try await within(withinMs) {
        try await s3.place(
          Array(note.utf8), at: key, in: place.bucket,
          lockedUntil: lock == .onRequest ? When(until, now: until).iso : nil)
      }
      // Taken: an earlier attempt got there, or another log did. The next comparison tells.
      if placing == .taken { return try await compare() }
      try await record(mark, at: key, .kept)
    } catch {
      try await record(mark, at: key, .failed, detail: Self.why(error))
      throw error
    }
  }

  /// Holds the log against the newest anchor in the bucket.
  private func compare() async throws {
    let (known, line) = try await storage.read { db in
      (try AnchorStore.newest(in: db)?.mark, try CheckpointStore.line(in: db))
    }
    var found = try await marks(from: known)
    if let known, found.first != known {
      found = try await marks(from: nil)
      try await noteMissing(among: found)
    }
    // What earlier lines were anchored with, people have given up with the gap.
    found.removeAll { $0.line < line }
    guard let newest = found.max() else { return try await keep(behind: nil) }
    let key = try await key(of: newest)
    let bytes = try await within(withinMs) {
      try await s3.getObject(key, in: place.bucket)
    }
    let why = try await storage.read { [boot] db in
      try Self.difference(String(decoding: bytes, as: UTF8.self), newest, boot: boot, in: db)
    }
    let mark = AnchorMark(line: newest.line, size: found.map(\.size).max() ?? newest.size)
    try await keep(behind: why.map { (mark, $0) })
    if why == nil { try await record(newest, at: key, .kept) }
  }

  /// Why the log is not the one that an anchor speaks for; nil when it is.
  static func difference(
    _ text: String, _ mark: AnchorMark, boot: Boot, in db: Database
  ) throws -> String? {
    guard let note = SignedNote(whole: text), let anchor = Checkpoint(note),
      anchor.line == mark.line, anchor.size == mark.size
    else { return "What stands at the place of the anchor is none." }
    guard try LogKey.all(in: db).contains(where: note.isSigned(by:)) else {
      return "The anchor is signed with a key that the log does not name."
    }
    guard try AuditStore.head(in: db).count >= anchor.size else { return "Entries are missing." }
    // Once each start the entries themselves are read; afterwards what was signed is enough.
    let isFirst = try AnchorStore.comparison(in: db)?.boot != boot.id
    let range = try CheckpointStore.range(of: anchor.size, fromEntries: isFirst, in: db)
    return range.root == anchor.root ? nil : "The entries are not those that were anchored."
  }

  /// Why nothing was anchored, in words.
  static func why(_ error: any Error) -> String {
    if error is Overdue { return "The bucket did not answer in time." }
    return Failure.words(of: error)
  }

  private func noteMissing(among found: [AnchorMark]) async throws {
    let there = Set(found)
    try await storage.write { [now = outside.now()] db in
      let gone = try AnchorStore.kept(in: db).filter { !there.contains($0) }
      for mark in gone {
        try AnchorStore.record(mark, place: "", .missing, at: now, in: db)
      }
      guard let newest = gone.max() else { return }
      try AuditLog.append(.anchorMissing(size: newest.size), by: .portal, at: now, in: db)
    }
  }

  private func keep(behind: (mark: AnchorMark, why: String)?) async throws {
    try await storage.write { [boot, now = outside.now()] db in
      try AnchorStore.setComparison(behind: behind, boot: boot, at: now, in: db)
    }
  }

  private func record(
    _ mark: AnchorMark, at key: String, _ outcome: AnchorStore.Outcome, detail: String = ""
  ) async throws {
    try await storage.write { [place, now = outside.now()] db in
      if outcome == .kept, try AnchorStore.newest(in: db)?.mark == mark { return }
      try AnchorStore.record(
        mark, place: "s3://\(place.bucket)/\(key)", outcome, detail: detail, at: now, in: db)
    }
  }
}

// Names of anchors: their order is that of time.
extension Anchoring {
  /// `caretaker/<log>/0000/0000000000000057`.
  private func key(of mark: AnchorMark) async throws -> String {
    try await prefix() + mark.line.padded(to: 4) + "/" + mark.size.padded(to: 16)
  }

  private func prefix() async throws -> String {
    let logID = try await storage.read { try AuditLog.logID(in: $0) }
    return "\(place.prefix)/\(logID)/"
  }

  /// The anchors in the bucket from one on.
  private func marks(from first: AnchorMark?) async throws -> [AnchorMark] {
    let prefix = try await prefix()
    // The list begins behind a name: the one just before the first that is wanted.
    let before = first.map { prefix + $0.line.padded(to: 4) + "/" + ($0.size - 1).padded(to: 16) }
    let keys = try await within(withinMs) {
      try await s3.listObjects(place.bucket, prefix: prefix, after: before)
    }
    return keys.compactMap { key in
      let parts = key.dropFirst(prefix.count).split(separator: "/")
      guard parts.count == 2, let line = Int64(parts[0]), let size = Int64(parts[1]), size > 0
      else { return nil }
      return AnchorMark(line: line, size: size)
    }
  }
}

/// What was waited for did not come in time.
struct Overdue: Error {}

/// The result of work that has only so long.
func within<Value: Sendable>(
  _ limitMs: Int64, _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
  try await withThrowingTaskGroup(of: Value.self) { group in
    group.addTask { try await work() }
    group.addTask {
      try await Task.sleep(for: .milliseconds(limitMs))
      throw Overdue()
    }
    defer { group.cancelAll() }
    guard let value = try await group.next() else { throw Overdue() }
    return value
  }
}
