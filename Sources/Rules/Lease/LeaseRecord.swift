/// What stands in the object that says which of several portals works.
public struct LeaseRecord: Codable, Hashable, Sendable {
  /// Who last worked on the database.
  public struct Work: Codable, Hashable, Sendable {
    /// The holder it was.
    public var holder: String
    /// The machine it worked on.
    public var host: String
    /// Entries of the log as it was left; nil where it was not left in order.
    public var entries: Int64?

    /// Somebody who worked.
    public init(holder: String, host: String, entries: Int64? = nil) {
      self.holder = holder
      self.host = host
      self.entries = entries
    }
  }

  /// The process that wrote it, by a random name that no other process has.
  public var holder: String
  /// The machine it is on.
  public var host: String
  /// Its number there.
  public var process: Int64
  /// How often the holder has written it: no two objects are alike, so no two ETags are.
  public var number: Int64
  /// How long the others wait from when they see it until they take its place.
  public var waitMs: Int64
  /// Whether it was written where there was nothing: nobody holds it, and whoever has seen it for
  /// long enough may take it, also who wrote it.
  public var isOpen: Bool
  /// Whether the holder has ended, so that nobody has to wait.
  public var isReleased: Bool
  /// Who last worked on the database; nil where nobody has yet.
  public var last: Work?

  private enum CodingKeys: String, CodingKey {
    case holder, host, process, number, last
    case waitMs = "wait_ms"
    case isOpen = "open"
    case isReleased = "released"
  }

  /// All of it.
  public init(
    holder: String, host: String, process: Int64, number: Int64, waitMs: Int64,
    isOpen: Bool = false, isReleased: Bool = false, last: Work? = nil
  ) {
    self.holder = holder
    self.host = host
    self.process = process
    self.number = number
    self.waitMs = waitMs
    self.isOpen = isOpen
    self.isReleased = isReleased
    self.last = last
  }
}

/// How long portals wait for each other.
public struct LeaseTimes: Hashable, Sendable {
  /// How long a portal that stands by waits for a sign of the holder before it takes its place.
  public let waitMs: Int64

  /// - Parameter waitMs: the others follow from it.
  public init(waitMs: Int64) { self.waitMs = waitMs }

  /// The usual times.
  public static let usual = LeaseTimes(waitMs: Span.minute)
  /// How long the others wait while the database is brought back, in which nobody renews.
  public static let handOverMs = 15 * Span.minute

  /// How long after the start of its last renewal the holder acts. A third of the wait is left for
  /// calls under way then, and for clocks that do not run alike.
  public var holdMs: Int64 { waitMs * 2 / 3 }
  /// From one renewal to the next.
  public var renewEveryMs: Int64 { waitMs / 6 }
  /// How long one call may take.
  public var callMs: Int64 { waitMs / 12 }
  /// How long to wait before what did not come about is tried again.
  public var tryAgainMs: Int64 { waitMs / 30 }
}
