/// Whether the machine's clock can be believed. Deadlines, the age of readings and the order of the
/// log rest on it.
public enum ClockStanding: Hashable, Sendable {
  /// As far as can be told.
  case sound
  /// So many milliseconds behind AWS's, negative when ahead of it: worth a word.
  case off(ms: Int64)
  /// The same, and too much for anything guarded.
  case wrong(ms: Int64)
  /// So many milliseconds behind what has been written already: it was set back.
  case behind(ms: Int64)

  /// How far the clock may be behind the latest entry, for two threads that finish out of order.
  public static let behindMsMax = 2 * Span.second
  /// From here on people are told.
  public static let offMsMax = 30 * Span.second
  /// From here on nothing guarded is begun.
  public static let wrongMs = 120 * Span.second

  /// - Parameters:
  ///   - floor: the highest time ever written.
  ///   - behindMs: how far AWS's clock was ahead at its last answer; nil before the first.
  public init(now: Moment, floor: Moment, behindMs: Int64?) {
    let behindFloorMs = floor.since(now)
    let offMs = behindMs ?? 0
    if behindFloorMs > Self.behindMsMax {
      self = .behind(ms: behindFloorMs)
    } else if offMs.magnitude > Self.wrongMs {
      self = .wrong(ms: offMs)
    } else if offMs.magnitude > Self.offMsMax {
      self = .off(ms: offMs)
    } else {
      self = .sound
    }
  }

  /// What is wrong and what to do; nil when nothing is.
  public var problem: String? {
    switch self {
    case .sound: nil
    case .off(let ms), .wrong(let ms):
      "This machine's clock is \(Self.seconds(ms)) \(ms > 0 ? "behind" : "ahead of") AWS's. "
        + "Set it by NTP."
    case .behind(let ms):
      "This machine's clock is \(Self.seconds(ms)) behind the latest entry of the log. Set it by "
        + "NTP; if it is right now and was wrong before, say so with “caretaker clock accept”."
    }
  }

  /// Why nothing guarded is begun; nil when it may be.
  public var refusal: Refusal? {
    switch self {
    case .sound, .off: nil
    case .wrong, .behind: problem.map(Refusal.machineUnfit)
    }
  }

  private static func seconds(_ ms: Int64) -> String {
    let count = ms.magnitude / Span.second.magnitude
    return "\(count) second\(count == 1 ? "" : "s")"
  }
}
