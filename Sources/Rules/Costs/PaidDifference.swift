/// What was paid on one day, by service, as bills name services.
public struct DaySpend: Hashable, Sendable {
  /// The day in UTC.
  public let day: Day
  /// The amounts by service; a service that cost nothing may be missing.
  public let services: [String: Money]
  /// Whether the bill is still to come.
  public let isEstimated: Bool

  /// A day.
  public init(day: Day, services: [String: Money], isEstimated: Bool) {
    self.day = day
    self.services = services
    self.isEstimated = isEstimated
  }

  /// The whole day; nil where it does not fit.
  public var total: Money? {
    services.values.reduce(Money?.some(.zero)) { $0?.adding($1) }
  }
}

/// What a change was to cost a day, beside what was paid for its service before and after it.
public struct PaidDifference: Hashable, Sendable {
  /// How many whole days before and after a run are compared. The days of the run itself hold both.
  public static let days: Int64 = 7

  /// What was paid.
  public enum Paid: Hashable, Sendable {
    /// The mean of a day before, and after.
    case known(before: Money, after: Money, isEstimated: Bool)
    /// The days after are not over before this day.
    case notBefore(Day)
    /// Why it is not known, in a sentence.
    case notKnown(String)
  }

  /// What a day was to cost more, or less below zero; nil when not known.
  public let predicted: Money?
  /// The service that bills name.
  public let service: String
  /// What was paid.
  public let paid: Paid

  /// What was paid a day more; nil when not known.
  public var actual: Money? {
    guard case .known(let before, let after, _) = paid else { return nil }
    return after.subtracting(before)
  }

  /// The comparison for a plan that was run; nil for one that prices nothing bills tell apart.
  /// - Parameter spend: what was paid by day; nil when that is not read.
  public init?(
    of plan: Plan, run: (from: Moment, to: Moment), spend: [Day: DaySpend]?, now: Moment
  ) {
    guard !plan.cost.lines.isEmpty, let service = Self.service(of: plan) else { return nil }
    self.service = service
    let before = plan.cost.total(.before, hours: 24)
    predicted = before.flatMap { plan.cost.total(.after, hours: 24)?.subtracting($0) }
    paid = Self.paid(for: service, plan, from: Day(run.from), to: Day(run.to), spend, now)
  }

  /// The one service of its steps, as Cost Explorer names it.
  private static func service(of plan: Plan) -> String? {
    let names = [
      "ecs": "Amazon Elastic Container Service", "rds": "Amazon Relational Database Service",
    ]
    let called = Set(plan.steps.map(\.service))
    return called.count == 1 ? called.first.flatMap { names[$0] } : nil
  }

  private static func paid(
    for service: String, _ plan: Plan, from first: Day, to last: Day, _ spend: [Day: DaySpend]?,
    _ now: Moment
  ) -> Paid {
    guard plan.parameters["when"] != "window" else {
      return .notKnown("It waited for the maintenance window, and its day there is not known.")
    }
    guard last.number < Day.last.number - days, first.number > Day.first.number + days else {
      return .notKnown("Its days are out of bounds.")
    }
    let over = Day(number: last.number + days + 1)
    guard Day(now) >= over else { return .notBefore(over) }
    guard let spend else { return .notKnown("Cost Explorer is off.") }
    guard let before = mean(of: service, from: first.number - days, spend),
      let after = mean(of: service, from: last.number + 1, spend)
    else { return .notKnown("Cost Explorer has not told all of the days before and after.") }
    return .known(
      before: before.money, after: after.money,
      isEstimated: before.isEstimated || after.isEstimated)
  }

  /// The mean of seven days, rounded towards zero; nil when a day is missing.
  private static func mean(
    of service: String, from first: Int64, _ spend: [Day: DaySpend]
  ) -> (money: Money, isEstimated: Bool)? {
    let told = (first..<first + days).compactMap { spend[Day(number: $0)] }
    guard told.count == days else { return nil }
    return told.map { $0.services[service] ?? .zero }
      .reduce(Money?.some(.zero)) { $0?.adding($1) }
      .map {
        (Money(microDollars: $0.microDollars / days), told.contains(where: \.isEstimated))
      }
  }
}
