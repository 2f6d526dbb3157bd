/// What was read from the live resources and the price list just before a run.
public struct Preflight: Sendable {
  /// How old the live reading may be at the moment a run is decided.
  public static let ageMsMax = Span.minute

  /// The fields by path; a field that could not be read is absent.
  public let readings: [String: String]
  /// The plan priced again; nil when prices could not be read.
  public let cost: Cost?
  /// The newest moment the data can be restored to; nil when unknown or not asked for.
  public let restorableTo: Moment?
  /// When the reading was begun.
  public let readAt: Moment

  /// A reading.
  public init(
    readings: [String: String], cost: Cost?, restorableTo: Moment? = nil, readAt: Moment
  ) {
    self.readings = readings
    self.cost = cost
    self.restorableTo = restorableTo
    self.readAt = readAt
  }

  /// Every field that is not what the plan requires.
  public func drift(from preconditions: [Reading]) -> [Drift] {
    preconditions.compactMap { required in
      let seen = readings[required.field]
      return seen == required.value ? nil : Drift(required: required, seen: seen)
    }
  }

  /// Refuses unless the live state, the backups and the prices are what was approved.
  func check(_ plan: Plan, at now: Moment) throws(Refusal) {
    guard readAt <= now, now.since(readAt) <= Self.ageMsMax else { throw .readingTooOld }
    let drift = drift(from: plan.preconditions)
    guard drift.isEmpty else { throw .drifted(drift) }
    if let backup = plan.backup {
      guard let restorableTo, now.since(restorableTo) <= backup.ageMsMax else {
        throw .backupTooOld(backup.words, newest: restorableTo)
      }
    }
    let approved = plan.cost.total(.after, hours: Cost.hoursPerMonth)
    let price = cost?.total(.after, hours: Cost.hoursPerMonth)
    guard let approved, !PriceTolerance.isExceeded(approved: approved, now: price) else {
      throw .priceMoved(approved: approved, now: price)
    }
  }
}

/// One field that is not what was approved.
public struct Drift: Hashable, Sendable {
  /// What the plan requires.
  public let required: Reading
  /// What was read; nil when it could not be.
  public let seen: String?

  /// A drift.
  public init(required: Reading, seen: String?) {
    self.required = required
    self.seen = seen
  }
}
