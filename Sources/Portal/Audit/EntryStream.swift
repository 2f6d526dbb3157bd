import AWS
import GRDB
import Logging
import Rules

/// Puts the log's entries where engines that read lines find them: in objects of entries that
/// follow each other, never replaced, each of which can be proven by itself.
///
/// What is there is asked of the bucket before each, so a stop between an object and its row, or an
/// answer that is lost, neither leaves entries out nor puts them twice.
struct EntryStream: Sendable {
  let place: BucketPlace
  let s3: S3
  let storage: Storage
  let outside: Outside
  /// How long one look at the bucket, or one write to it, may take.
  let withinMs: Int64

  /// The most entries of one object.
  static let entriesMax: Int64 = 1_000

  /// Puts every entry that is signed and not there yet.
  /// - Throws: `AWSError` or `Overdue` when the bucket can't be read or written,
  ///   `EntryStreamProblem` when what stands there is not of this log. What was put stays.
  func run() async throws {
    let isNew = try await storage.read { [place] db in
      try EntryStreamStore.standing(of: place, in: db) == nil
    }
    if isNew {
      try await storage.write { [place, now = outside.now()] db in
        try EntryStreamStore.begin(place, at: now, in: db)
      }
    }
    while !Task.isCancelled, let due = try await due() {
      let through = try await bring(due)
      try await storage.write { [place, now = outside.now()] db in
        try EntryStreamStore.reached(through, of: place, at: now, in: db)
      }
    }
  }

  /// Entries that are due, and the folder that they belong into.
  private struct Due {
    let lines: AuditLines
    /// `caretaker/log=<id>/line=0000/`, which Athena takes for two columns. Entries of an older
    /// line of the log may have been given up with a gap.
    let folder: String

    func key(through last: Int64) -> String { start + "-" + last.padded(to: 16) + ".jsonl" }

    /// What stands before every name that begins with the first of these entries, or a later one.
    var start: String { folder + lines.from.padded(to: 16) }
  }

  /// The signed entries that follow those that are there; nil when there are none.
  private func due() async throws -> Due? {
    try await storage.read { [place] db in
      guard let through = try EntryStreamStore.standing(of: place, in: db)?.through,
        let signed = try CheckpointStore.last(in: db)?.size, signed > through
      else { return nil }
      let log = try AuditLog.logID(in: db)
      let line = try CheckpointStore.line(in: db).padded(to: 4)
      return Due(
        lines: AuditLines(from: through + 1, to: min(signed, through + Self.entriesMax)),
        folder: "\(place.prefix)/log=\(log)/line=\(line)/")
    }
  }

  /// Puts entries, unless an earlier attempt did.
  /// - Returns: the last one that is there now.
  private func bring(_ due: Due) async throws -> Int64 {
    let there = try await within(withinMs) {
      try await s3.listObjects(place.bucket, prefix: due.folder, after: due.start)
    }
    if let name = there.first { return try await adopt(name, of: due) }
    let bytes = try await bytes(of: due.lines)
    let key = due.key(through: due.lines.to)
    let placing = try await within(withinMs) {
      try await s3.place(bytes, at: key, in: place.bucket, lockedUntil: nil)
    }
    return placing == .placed ? due.lines.to : try await adopt(key, of: due)
  }

  /// Takes an object for what an earlier attempt put, if it is that.
  private func adopt(_ name: String, of due: Due) async throws -> Int64 {
    let last = name.dropFirst(due.start.count + 1).split(separator: ".").first
    let count = try await storage.read { try AuditStore.head(in: $0).count }
    guard let through = last.flatMap({ Int64($0) }), name == due.key(through: through),
      due.lines.from...max(due.lines.from, count) ~= through
    else { throw EntryStreamProblem(place, name) }
    let bytes = try await bytes(of: AuditLines(from: due.lines.from, to: through))
    let found = try await within(withinMs) { try await s3.getObject(name, in: place.bucket) }
    guard found == bytes else { throw EntryStreamProblem(place, name) }
    return through
  }

  private func bytes(of lines: AuditLines) async throws -> [UInt8] {
    try await storage.read { db in
      var bytes: [UInt8] = []
      try lines.run(in: db) { bytes += $0 }
      return bytes
    }
  }
}

/// What stands at the place of a stream is not of the log as it is here.
struct EntryStreamProblem: SpokenError {
  let sentence: String

  init(_ place: BucketPlace, _ name: String) {
    sentence =
      "\(name) in \(place.bucket) is not of this log: most likely an older copy of the database "
      + "was put in place. Nothing was put there. Put the newest copy back, or give the stream "
      + "another prefix."
  }
}

extension Portal {
  /// Puts what is due, and keeps why nothing was put.
  func streamEntries() async {
    guard let place = configuration.stream, let s3 = s3(of: place) else { return }
    let stream = EntryStream(
      place: place, s3: s3, storage: storage, outside: outside, withinMs: anchorWithinMs)
    do { try await stream.run() } catch {
      guard !Task.isCancelled else { return }
      log.error("The entries of the log could not be put into \(place.url): \(error)")
      try? await storage.write {
        try EntryStreamStore.failed(Anchoring.why(error), of: place, in: $0)
      }
    }
  }

  /// Puts entries on its own clock, until cancelled.
  func keepStream() async {
    guard configuration.stream != nil else { return }
    while !Task.isCancelled {
      await streamEntries()
      try? await Task.sleep(for: .milliseconds(Self.lookAtLogEveryMs))
    }
  }
}
