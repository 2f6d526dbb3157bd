import AWS
import GRDB
import Rules

/// Reads prices and what was paid on their own clocks, so that no page waits on AWS.
struct CostReader: Sendable {
  let means: Means

  private var site: Site { means.cloud.site }

  /// How far back Cost Explorer is asked each time: the month so far, and the days that a change
  /// of the last weeks is compared with.
  static let spendDays: Int64 = 35

  /// Reads what is due. A reading that fails leaves its sentence, and is tried again later.
  func read() async throws {
    let now = means.outside.now()
    let (prices, spend, products) = try await means.storage.read { [site] db in
      (
        try CostReading.find(.prices, site: site.name, in: db),
        try CostReading.find(.spend, site: site.name, in: db),
        try EstateCost.products(of: site, at: now, in: db)
      )
    }
    if prices.isDue(.prices, at: now), !products.isEmpty { try await readPrices(products, at: now) }
    if site.usesCostExplorer, spend.isDue(.spend, at: now) { try await readSpend(at: now) }
  }

  private func readPrices(_ products: Set<Product>, at now: Moment) async throws {
    let (prices, failure) = await means.cloud.listed(products)
    // What a stop cut off says nothing of AWS.
    try Task.checkCancellation()
    try await means.storage.write { [site] db in
      try PriceStore.keep(prices, region: site.region, at: now, in: db)
      try CostReading.note(
        .prices, site: site.name, failure: failure?.sentence, at: now, in: db)
    }
  }

  private func readSpend(at now: Moment) async throws {
    var days: [DaySpend] = []
    var failure: String?
    do {
      days = try await means.cloud.spend(from: now.adding(ms: -Self.spendDays * Span.day), to: now)
    } catch let error as any SpokenError {
      failure = error.sentence
    }
    try Task.checkCancellation()
    try await means.storage.write { [site, days, failure] db in
      try SpendStore.keep(days, site: site.name, in: db)
      try CostReading.note(.spend, site: site.name, failure: failure, at: now, in: db)
    }
  }
}

extension EstateCost {
  /// The products of which a site uses some, as last read.
  static func products(
    of site: Site, at now: Moment, in db: Database
  ) throws -> Set<Product> {
    let estate = try ObservationStore.estate(of: site.name, at: now, in: db)
    let holdings = try ResourceStore.holdings(site: site.name, in: db)
    return Set(EstateUse.all(of: estate, holdings: holdings).compactMap(\.product))
  }
}

extension ResourceStore {
  /// How many resources of each type the stack holds; nil before it was listed.
  static func holdings(site: String, in db: Database) throws -> [String: Int64]? {
    let entries = try all(site: site, in: db)
    guard !entries.isEmpty else { return nil }
    let there = entries.filter { $0.status != "DELETE_COMPLETE" }
    return Dictionary(grouping: there, by: \.type).mapValues { Int64($0.count) }
  }
}

extension Cloud {
  /// What the account paid on the whole days of a span, as far as Cost Explorer knows them.
  func spend(from: Moment, to: Moment) async throws -> [DaySpend] {
    try await costExplorer.getCostAndUsage(from: Day(from).iso, to: Day(to).iso).map { told in
      guard let day = Day(iso: told.day) else {
        throw PlanProblem("Cost Explorer answered with the day “\(told.day)”.")
      }
      var services: [String: Money] = [:]
      for cost in told.services {
        guard cost.currency == "USD", let money = Money(rounding: cost.amount),
          let sum = services[cost.service, default: .zero].adding(money)
        else {
          throw PlanProblem(
            "Cost Explorer answered with “\(cost.amount) \(cost.currency)”. Caretaker reckons in "
              + "US dollars alone.")
        }
        services[cost.service] = sum
      }
      return DaySpend(day: day, services: services, isEstimated: told.isEstimated)
    }
  }
}
