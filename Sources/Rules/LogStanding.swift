/// How far what stands outside this machine vouches for the log. Guarded changes are run only
/// while a log that was cut or set back would be noticed.
public enum LogStanding: Hashable, Sendable {
  /// Nothing outside is asked to vouch for it.
  case unanchored
  /// Not compared with its anchors since the start: it may be an older copy.
  case unchecked
  /// Compared, and all but the newest entries are anchored.
  case healthy
  /// The oldest entry that is not anchored has waited so long, and so many wait with it.
  case late(sinceMs: Int64, entries: Int64)
  /// An anchor speaks for entries that the log has not got, or not so.
  case behind(anchored: Int64, local: Int64)

  /// Entries that may wait for their anchor while a guarded change is begun.
  public static let tailMax: Int64 = 50
  /// How long an entry may wait for its anchor while a guarded change is begun.
  public static let lateMs = 15 * Span.minute

  /// How a log stands of whose entries so many wait for their anchor, the oldest for so long.
  public init(tail: Int64, waitingMs: Int64) {
    let isLate = tail > Self.tailMax || tail > 0 && waitingMs > Self.lateMs
    self = isLate ? .late(sinceMs: waitingMs, entries: tail) : .healthy
  }

  /// Why no guarded change is run, and what to do; nil while they are run.
  public var sentence: String? {
    switch self {
    case .unanchored, .healthy: nil
    case .unchecked:
      "The log has not been compared with its anchors since Caretaker started, so guarded changes "
        + "are not run yet. If this stays, the anchors can't be read: see the server's own log."
    case .late(let sinceMs, let entries):
      "\(entries) \(entries == 1 ? "entry" : "entries") of the log could not be anchored for "
        + "\(max(1, sinceMs / Span.minute)) min, so guarded changes are not run. Caretaker goes "
        + "on trying: check that it may write to the bucket."
    case .behind(let anchored, let local):
      "The log has \(local) entries and is not the one that was anchored with \(anchored): this "
        + "may be an older copy of the database. No guarded change is run. Put the newest "
        + "database back, or have two people accept the gap."
    }
  }
}
