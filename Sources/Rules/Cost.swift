/// What a change costs: every line before and after, and what is not in it.
public struct Cost: Hashable, Sendable {
  /// The lines, each with its own unit price. Totals are sums of these, exactly.
  public let lines: [CostLine]
  /// What use decides afterwards, within bounds. In no total.
  public let ranges: [CostRange]
  /// The day the price list was published, `2026-10-06`.
  public let priceDate: String
  /// Where the prices come from, in words.
  public let source: String
  /// The day of the oldest price that is of Caretaker's book, as `2026-10-06`; nil where all are of
  /// the Price List, which is asked within the day.
  public let bookDate: String?
  /// What is left out, one sentence each.
  public let leftOut: [String]

  /// Hours in the month that AWS and everybody else reckons with: 365 × 24 ÷ 12.
  public static let hoursPerMonth: Int64 = 730

  /// Kinds of change that can raise what is paid: none of them is proposed without its cost.
  public static let pricedKinds: Set = [
    "ecs.count", "ecs.task-size", "rds.class", "rds.multi-az", "rds.storage", "rds.restore",
    "rds.encryption", "cloudwatch.alarms",
  ]

  /// What costs nothing and so has no prices.
  public static let none = Cost(lines: [], priceDate: "", source: "", leftOut: [])

  /// A cost block.
  public init(
    lines: [CostLine], ranges: [CostRange] = [], priceDate: String, source: String,
    bookDate: String? = nil, leftOut: [String]
  ) {
    self.lines = lines
    self.ranges = ranges
    self.priceDate = priceDate
    self.source = source
    self.bookDate = bookDate
    self.leftOut = leftOut
  }

  /// The sum of a column of lines over some hours; nil as soon as one line is not known.
  public func total(_ side: CostLine.Side, hours: Int64) -> Money? {
    lines.reduce(Money?.some(.zero)) { sum, line in
      guard let sum, let amount = line.amount(side, hours: hours) else { return nil }
      return sum.adding(amount)
    }
  }

  /// What the change adds to a month; negative when it saves; nil when not known.
  public var monthlyDifference: Money? {
    guard let before = total(.before, hours: Self.hoursPerMonth),
      let after = total(.after, hours: Self.hoursPerMonth)
    else { return nil }
    return after.subtracting(before)
  }
}

/// One priced thing, before and after.
public struct CostLine: Hashable, Sendable {
  /// Which column.
  public enum Side: Sendable {
    /// As it is now.
    case before
    /// As it would be.
    case after
  }

  /// What is paid for, `Fargate vCPU`.
  public let label: String
  /// What the price is for, `vCPU-hour`.
  public let unit: String
  /// The unit price before; nil when not known.
  public let rateBefore: Rate?
  /// The unit price after; differs where the thing itself changes, as with a database class.
  public let rateAfter: Rate?
  /// Thousandths of a unit used each hour, before.
  public let milliUnitsBefore: Int64
  /// Thousandths of a unit used each hour, after.
  public let milliUnitsAfter: Int64

  /// A line.
  public init(
    label: String, unit: String, rateBefore: Rate?, rateAfter: Rate?,
    milliUnitsBefore: Int64, milliUnitsAfter: Int64
  ) {
    self.label = label
    self.unit = unit
    self.rateBefore = rateBefore
    self.rateAfter = rateAfter
    self.milliUnitsBefore = milliUnitsBefore
    self.milliUnitsAfter = milliUnitsAfter
  }

  /// The line's cost over some hours; nil when its price is not known. Nothing used costs nothing,
  /// whatever the price.
  public func amount(_ side: Side, hours: Int64) -> Money? {
    let (rate, milliUnits) =
      side == .before ? (rateBefore, milliUnitsBefore) : (rateAfter, milliUnitsAfter)
    if milliUnits == 0 { return .zero }
    return rate?.cost(milliUnits: milliUnits, times: hours)
  }
}

/// One thing that is paid for afterwards by what is used, at most so much in a month.
public struct CostRange: Hashable, Sendable {
  /// What is paid for, `The last snapshot`.
  public let label: String
  /// What the price is for, `GB-month`.
  public let unit: String
  /// The unit price; nil when not known.
  public let rate: Rate?
  /// The most thousandths of a unit that a month can use.
  public let milliUnitsMax: Int64

  /// A range.
  public init(label: String, unit: String, rate: Rate?, milliUnitsMax: Int64) {
    self.label = label
    self.unit = unit
    self.rate = rate
    self.milliUnitsMax = milliUnitsMax
  }

  /// The most a month can cost; nil when the price is not known.
  public var monthlyMax: Money? { rate?.cost(milliUnits: milliUnitsMax, times: 1) }
}

/// How far a price may have moved between proposal and run before people must look again.
public enum PriceTolerance {
  /// $5 a month.
  public static let monthly = Money(microDollars: 5_000_000)
  /// Ten per cent of what was approved.
  public static let percent: Int64 = 10

  /// Whether a re-priced month is too far above the approved one. Cheaper never is; a price that
  /// is not known any more always is.
  public static func isExceeded(approved: Money, now: Money?) -> Bool {
    guard let now, let rise = now.subtracting(approved) else { return true }
    let share = Money(microDollars: approved.microDollars / 100 * percent)
    return rise > max(monthly, share)
  }
}
