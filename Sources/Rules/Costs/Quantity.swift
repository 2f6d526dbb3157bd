/// How much of a product is used, in thousandths of its unit, where use decides within bounds.
public struct Quantity: Hashable, Sendable {
  /// At least so much.
  public let low: Int64
  /// At most so much; nil where nothing bounds it.
  public let high: Int64?

  /// Between two amounts.
  public init(low: Int64, high: Int64?) {
    self.low = low
    self.high = high
  }

  /// Exactly so many units; the largest number where it would not fit.
  public static func exactly(_ units: Int64) -> Quantity {
    .exactly(milliUnits: thousandfold(units))
  }

  /// Exactly so many thousandths.
  public static func exactly(milliUnits: Int64) -> Quantity {
    Quantity(low: milliUnits, high: milliUnits)
  }

  /// Between some units and others.
  public static func between(_ low: Int64, _ high: Int64) -> Quantity {
    Quantity(low: thousandfold(low), high: thousandfold(high))
  }

  /// As many as there are bytes of GB (2^30), rounded up; none at least.
  public static func upTo(bytes: Int64, atLeast low: Int64 = 0) -> Quantity {
    Quantity(low: milliGB(low), high: milliGB(bytes))
  }

  /// What only use decides.
  public static let followsUse = Quantity(low: 0, high: nil)

  private static func thousandfold(_ units: Int64) -> Int64 {
    let (product, overflow) = units.multipliedReportingOverflow(by: 1_000)
    return overflow ? .max : product
  }

  private static func milliGB(_ bytes: Int64) -> Int64 {
    let (whole, rest) = max(bytes, 0).quotientAndRemainder(dividingBy: 1 << 30)
    return whole * 1_000 + (rest * 1_000 + (1 << 30) - 1) / (1 << 30)
  }
}

/// An amount of money between bounds.
public struct MoneyRange: Hashable, Sendable {
  /// At least.
  public let low: Money
  /// At most; nil where nothing bounds it.
  public let high: Money?

  /// Between two amounts.
  public init(low: Money, high: Money?) {
    self.low = low
    self.high = high
  }

  /// What a quantity costs at a price, so many times; nil where it does not fit.
  public init?(_ quantity: Quantity, at rate: Rate, times: Int64) {
    guard let low = rate.cost(milliUnits: quantity.low, times: times) else { return nil }
    guard let most = quantity.high else {
      self.init(low: low, high: nil)
      return
    }
    guard let high = rate.cost(milliUnits: most, times: times) else { return nil }
    self.init(low: low, high: high)
  }

  /// Whether it is one amount.
  public var isExact: Bool { low == high }

  /// The sum; nil where it does not fit.
  public func adding(_ other: MoneyRange) -> MoneyRange? {
    guard let low = low.adding(other.low) else { return nil }
    guard let left = high, let right = other.high else { return MoneyRange(low: low, high: nil) }
    return left.adding(right).map { MoneyRange(low: low, high: $0) }
  }
}
