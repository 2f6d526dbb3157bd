/// Which of several portals works, as one of them sees it: what it may write into the one object
/// that they share, and whether it may act.
///
/// No clock is compared with another's. The holder acts until `holdMs` after the **start** of its
/// last write that is known to stand. Another takes its place once it has seen the same object, by
/// its ETag, for `waitMs` of its own clock, by a write that S3 refuses unless the object is still
/// that one. The holder's write came before that span began, so its time is over first. Both clocks
/// have to go on while the machine sleeps.
///
/// That there is no object is no version of it: a write that was to be the first may come late,
/// after others came and somebody removed theirs. So it makes nobody the holder.
public struct Lease: Sendable {
  /// A write that S3 makes only where the object is as it was seen.
  public struct Write: Hashable, Sendable {
    /// What is written.
    public let record: LeaseRecord
    /// The ETag that the object must still have; nil where there must be none.
    public let replacing: String?
  }

  /// The object as it was read.
  public struct Seen: Hashable, Sendable {
    /// Its version.
    public let etag: String
    /// Its content.
    public let record: LeaseRecord

    /// An object.
    public init(etag: String, record: LeaseRecord) {
      self.etag = etag
      self.record = record
    }
  }

  /// How long it waits for others.
  public let times: LeaseTimes
  /// Whoever waited for the lease in this portal's place and has ended; nil for nobody.
  private let predecessor: String?
  private var own: LeaseRecord
  /// What was read last; nil before the first.
  private var view: (object: Seen?, unchangedSinceMs: Int64)?
  /// When writes were begun of which nobody knows whether they stand, by their numbers.
  private var begunMs: [Int64: Int64] = [:]
  /// When the last write was begun that is known to stand.
  private var heldFromMs: Int64?
  /// Whether this portal works on the database.
  private var works = false

  /// Whether the object has to be read before anything is written.
  public private(set) var mustRead = true
  /// Whoever took the place of this portal after it had held the lease. It never holds it again.
  public private(set) var successor: LeaseRecord?

  /// A portal that does not hold the lease yet.
  /// - Parameters:
  ///   - holder: a name that no other process has.
  ///   - predecessor: the holder that waited in its place.
  public init(
    holder: String, host: String, process: Int64, times: LeaseTimes, predecessor: String? = nil
  ) {
    self.times = times
    self.predecessor = predecessor
    own = LeaseRecord(
      holder: holder, host: host, process: process, number: 0, waitMs: times.waitMs)
  }

  /// The name of this process.
  public var holder: String { own.holder }

  /// What was read last; nil where there was nothing.
  public var seen: Seen? { view?.object }

  /// Whether the object names this portal, whether or not it may still act.
  public var isNamed: Bool {
    guard let record = view?.object?.record else { return false }
    return record.holder == own.holder && !record.isReleased && !record.isOpen
  }

  /// Whether this portal may act now.
  public func acts(at nowMs: Int64) -> Bool {
    guard successor == nil, let heldFromMs else { return false }
    return nowMs >= heldFromMs && nowMs - heldFromMs < times.holdMs
  }

  /// How long ago the last write was begun that stands; nil before there is one.
  public func ageMs(at nowMs: Int64) -> Int64? { heldFromMs.map { nowMs - $0 } }

  /// How long is left until this portal may write in place of what it sees.
  public func waitMs(at nowMs: Int64) -> Int64 {
    guard let view else { return times.waitMs }
    guard let record = view.object?.record else { return 0 }
    let isOurs = record.holder == own.holder || record.holder == predecessor
    if record.isReleased || isOurs && !record.isOpen { return 0 }
    return max(0, view.unchangedSinceMs + record.waitMs - nowMs)
  }
}

extension Lease {
  /// Notes what a read found.
  /// - Parameter nowMs: when its answer was there.
  public mutating func see(_ found: Seen?, at nowMs: Int64) {
    mustRead = false
    if view == nil || view?.object?.etag != found?.etag { view = (found, nowMs) }
    guard let record = found?.record, !record.isOpen else { return }
    if record.holder == own.holder {
      // A write whose answer was lost stands after all, from when it was begun.
      if let begun = begunMs[record.number] { heldFromMs = max(heldFromMs ?? begun, begun) }
      begunMs = begunMs.filter { $0.key > record.number }
    } else if heldFromMs != nil {
      successor = record
      heldFromMs = nil
    }
  }

  /// The write that is due; nil while there is none. It is begun with this.
  public mutating func write(at nowMs: Int64) -> Write? {
    guard view != nil, !mustRead, successor == nil, waitMs(at: nowMs) == 0 else { return nil }
    return begin(at: nowMs)
  }

  /// The write that gives the lease back; nil where it is not this portal's. It acts no more from
  /// here on, whatever becomes of the write.
  /// - Parameter entries: those of the log as it is left; nil where this portal did not work.
  public mutating func release(entries: Int64?, at nowMs: Int64) -> Write? {
    guard isNamed, !mustRead, successor == nil else { return nil }
    own.isReleased = true
    if works { own.last?.entries = entries }
    let write = begin(at: nowMs)
    heldFromMs = nil
    begunMs = [:]
    return write
  }

  /// The write that leaves the lease to another process of this machine, for which the others wait
  /// longer; nil where it is not this portal's.
  public mutating func handOver(waitMs: Int64, at nowMs: Int64) -> Write? {
    guard isNamed, !mustRead, successor == nil else { return nil }
    own.waitMs = waitMs
    return begin(at: nowMs)
  }

  private mutating func begin(at nowMs: Int64) -> Write {
    own.number += 1
    own.isOpen = view?.object == nil
    if !works { own.last = view?.object?.record.last }
    if !own.isOpen { begunMs[own.number] = nowMs }
    return Write(record: own, replacing: view?.object?.etag)
  }

  /// From the next write on the object says that this portal works on the database.
  public mutating func work() {
    works = true
    own.last = LeaseRecord.Work(holder: own.holder, host: own.host)
  }

  /// Notes that a write stands.
  public mutating func wrote(_ write: Write, etag: String, at nowMs: Int64) {
    view = (Seen(etag: etag, record: write.record), nowMs)
    if !write.record.isReleased, let begun = begunMs[write.record.number] { heldFromMs = begun }
    // No earlier one can follow: the object is not the one that it was to replace.
    begunMs = [:]
  }

  /// Notes that S3 refused a write because the object is not as it was seen.
  public mutating func wasOvertaken() { mustRead = true }
}
