/// How old prices may be. Those of the Price List are asked within a day; those of Caretaker's book
/// grow old where the list can't be asked.
public enum PriceAge {
  /// Older than this, pages say so.
  public static let daysUnremarked: Int64 = 7
  /// Older than this, nothing guarded is scaled by them.
  public static let daysMax: Int64 = 30

  /// Kinds of change that scale. A restore and an encryption are not held up by old prices.
  public static let scalingKinds: Set = [
    "ecs.count", "ecs.task-size", "rds.class", "rds.multi-az", "rds.storage",
  ]

  /// How old the oldest price of the book is, in days; nil without one.
  public static func days(of cost: Cost, at now: Moment) -> Int64? {
    cost.bookDate.flatMap(Day.init(iso:)).map { Day(now).number - $0.number }
  }
}

extension Plan {
  /// Refuses to scale by prices that are too old. An emergency is not asked.
  /// - Parameter cost: the plan's own, or the one it has now.
  public func checkPriceAge(_ cost: Cost, at now: Moment) throws(Refusal) {
    guard guarding != .logged, PriceAge.scalingKinds.contains(kind),
      let days = PriceAge.days(of: cost, at: now), days > PriceAge.daysMax
    else { return }
    throw .pricesTooOld(days: days)
  }
}
