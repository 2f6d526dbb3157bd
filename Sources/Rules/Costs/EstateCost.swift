/// What a site costs in a month as it stands. Sums are exact over what is known, and never more
/// than that is claimed.
public struct EstateCost: Sendable {
  /// The lines, resource by resource.
  public let lines: [EstateLine]

  /// The cost of what is known of a site.
  /// - Parameter holdings: how many resources of each CloudFormation type the stack holds; nil
  ///   before it was listed.
  public init(of estate: Estate, holdings: [String: Int64]?, prices: Prices) {
    lines = EstateUse.all(of: estate, holdings: holdings).map { use in
      EstateLine(use: use, price: use.product.flatMap { prices[$0] })
    }
  }

  /// The sum of the lines that are known, bounded above where all of them are; nil where it does
  /// not fit.
  public var total: MoneyRange? {
    let none = MoneyRange(low: .zero, high: .zero)
    return lines.compactMap(\.monthly).reduce(MoneyRange?.some(none)) { $0?.adding($1) }
  }

  /// How many lines are not known.
  public var unknownCount: Int { lines.filter { $0.monthly == nil }.count }

  /// What no line is about, one sentence each.
  public static let leftOut = [
    "Data sent to the internet, mail, requests and DNS queries: they follow use.",
    "Whatever else the account holds beside this stack.",
    "Savings Plans, reserved instances, free tier, support and taxes.",
  ]
}

/// One priced thing of a site.
public struct EstateLine: Hashable, Sendable {
  /// What is used.
  public let use: EstateUse
  /// What a unit costs; nil when not known.
  public let price: Price?

  /// A line.
  public init(use: EstateUse, price: Price?) {
    self.use = use
    self.price = price
  }

  /// What it costs in a month; nil when the price or the quantity is not known. Nothing used costs
  /// nothing, whatever the price.
  public var monthly: MoneyRange? {
    guard let product = use.product, let quantity = use.quantity else { return nil }
    if quantity == .exactly(0) { return MoneyRange(low: .zero, high: .zero) }
    return price?.rate.flatMap { MoneyRange(quantity, at: $0, times: product.timesAMonth) }
  }
}
