import AWS
import GRDB
import Logging
import Rules

/// Signing the log as it stands.
extension Portal {
  /// How old the newest checkpoint may become while there is news.
  static let signWithinMs = 5 * Span.minute
  /// Unsigned entries with which signing does not wait, so that runs are not held up by them.
  static let unsignedMax = LogStanding.tailMax / 2
  /// How often it is looked whether something is due.
  static let lookAtLogEveryMs = 30 * Span.second
  /// How long the log may be silent before that is written in it.
  static let quietMs = Span.hour

  /// Signs the log as it is now. One that is behind its anchor is not signed: that would speak for
  /// two histories.
  /// - Parameter checkpointsMax: the most to make; what is left waits for the next time.
  func signLog(checkpointsMax: Int = .max) async {
    do {
      let goal = try await storage.read { try AuditStore.head(in: $0).count }
      for _ in 0..<checkpointsMax {
        guard let signed = try await signNext(), signed < goal, !Task.isCancelled else { return }
      }
    } catch {
      log.error("The log could not be signed: \(error)")
    }
  }

  /// Makes the next checkpoint.
  /// - Returns: how many entries it speaks for; nil where there is nothing to sign.
  private func signNext() async throws -> Int64? {
    let next = try await storage.read { [signer, now = outside.now()] db in
      try AnchorStore.comparison(in: db)?.behind == nil
        ? CheckpointStore.next(signedBy: signer, at: now, in: db) : nil
    }
    guard let next else { return nil }
    try await storage.write { try CheckpointStore.insert(next, in: $0) }
    return next.size
  }

  /// Signs what has waited long enough, and writes down an hour in which nothing happened.
  func signWhatIsDue() async {
    do {
      let now = outside.now()
      let (head, signed) = try await storage.read { db in
        (try AuditStore.head(in: db), try CheckpointStore.last(in: db))
      }
      if now.since(head.at) >= Self.quietMs {
        try await storage.write { db in
          try AuditLog.append(.logQuiet, by: .portal, at: now, in: db)
        }
      }
      let isDue =
        signed.map { last in
          now.since(last.at) >= Self.signWithinMs || head.count - last.size >= Self.unsignedMax
        } ?? true
      if isDue { await signLog() }
    } catch {
      log.error("The log could not be looked at: \(error)")
    }
  }

  /// Anchors what is signed, where an anchor is configured and has not got it.
  func anchorLog() async {
    guard let anchoring else { return }
    do {
      if try await anchoring.isDue() { try await anchoring.run() }
    } catch {
      log.error("The log could not be anchored: \(error)")
    }
  }

  /// Signs and anchors the log on its own clock, until cancelled.
  func keepLog() async {
    while !Task.isCancelled {
      await signWhatIsDue()
      await anchorLog()
      try? await Task.sleep(for: .milliseconds(Self.lookAtLogEveryMs))
    }
  }

  /// Signs the log with a run that has just begun in it. What can't be put back also waits until
  /// that is anchored, where an anchor is configured: nobody can take it out of the log any more.
  /// - Returns: why no call may be made; nil when they may.
  func signIntent(of plan: Plan) async -> String? {
    guard plan.guarding == .irreversible, let anchoring else {
      await signLog()
      return nil
    }
    do {
      let intent = try await storage.read { try AuditStore.head(in: $0).count }
      await signLog()
      try await within(intentWithinMs) { try await anchoring.run(through: intent) }
      return nil
    } catch {
      // Caretaker stops: the executor sees that too, and leaves the run to the next start.
      if Task.isCancelled { return nil }
      log.error("The intent of a run could not be anchored: \(error)")
      return "Nothing was sent: what can't be put back is not begun before the log that tells of "
        + "it is anchored. \(Anchoring.why(error)) Mend that, then propose it again."
    }
  }

  private var anchoring: Anchoring? {
    configuration.anchor.flatMap { place in
      s3(of: place).map { s3 in
        Anchoring(
          place: place, s3: s3, storage: storage, outside: outside, boot: boot,
          withinMs: anchorWithinMs)
      }
    }
  }

  /// Where Caretaker's own objects are put.
  func s3(of place: BucketPlace) -> S3? {
    configuration.sites.first { $0.name == place.site }.map { outside.cloud($0).asCaretaker.s3 }
  }

  /// How the log stands: whether what is outside this machine vouches for it.
  func logStanding(at now: Moment, in db: Database) throws -> LogStanding {
    try AnchorStore.standing(
      isAnchored: configuration.anchor != nil, boot: boot, at: now, in: db)
  }

  /// Why no guarded change may be begun for now, by how the log stands; nil while they may.
  func logObstacle(to plan: Plan, at now: Moment, in db: Database) throws -> Refusal? {
    if ChangeKind.named(plan.kind)?.mendsLog == true { return nil }
    let standing = try logStanding(at: now, in: db)
    return standing.sentence == nil ? nil : .logNotVouchedFor(standing)
  }
}
