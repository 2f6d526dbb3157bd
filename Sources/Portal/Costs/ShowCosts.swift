import GRDB
import HTTP
import HTTPTypes
import Rules

extension Portal {
  /// What the site costs, from what was last read. Nothing is asked of AWS here.
  func showCosts(_ visit: Visit) async throws -> Response {
    let site = configuration.sites[0]
    let content = try await storage.read { [now = visit.now] db in
      let estate = try ObservationStore.estate(of: site.name, at: now, in: db)
      let (cost, prices) = try EstateCost.now(of: site, estate, in: db)
      return CostsPage(
        site: site, cost: cost, prices: prices,
        reading: try CostReading.find(.prices, site: site.name, in: db),
        spend: try SpendPart(of: site, at: now, in: db),
        comparisons: try Comparison.all(of: site, at: now, in: db), now: now)
    }
    return page(content, for: visit)
  }
}

extension EstateCost {
  /// What a site costs by what was last read of it, and the prices that go into it.
  static func now(
    of site: Site, _ estate: Estate, in db: Database
  ) throws -> (cost: EstateCost, prices: Prices) {
    let holdings = try ResourceStore.holdings(site: site.name, in: db)
    let uses = EstateUse.all(of: estate, holdings: holdings)
    let prices = try PriceStore.prices(
      of: Set(uses.compactMap(\.product)), region: site.region, at: estate.now, in: db)
    return (EstateCost(of: estate, holdings: holdings, prices: prices), prices)
  }
}

extension CostsPage {
  init(
    site: Site, cost: EstateCost, prices: Prices, reading: CostReading, spend: SpendPart,
    comparisons: [Comparison], now: Moment
  ) {
    let products = cost.lines.compactMap(\.use.product)
    let notKnown =
      cost.unknownCount == 0 ? "" : count(cost.unknownCount, "line") + " not known"
    self.init(
      state: Self.sentence(cost), source: Self.source(prices, reading, now: now),
      listFailure: Self.failure(prices, reading, now: now),
      lines: cost.lines.map(Line.init),
      prices: products.enumerated().filter { products.firstIndex(of: $1) == $0 }
        .compactMap { product in
          prices[product.element].map { PriceLine(product: product.element, price: $0) }
        },
      spend: spend, comparisons: comparisons.map(ComparisonLine.init),
      total: cost.total.map { "at least \($0.low.formatted())" } ?? "not known",
      notKnown: notKnown)
  }

  private static func sentence(_ cost: EstateCost) -> String {
    guard let total = cost.total, total.low > .zero else {
      return "What it costs is not known yet."
    }
    let unknown = cost.unknownCount
    return "At least \(total.low.formatted()) a month as it stands, and what follows use."
      + (unknown == 0
        ? "" : " \(count(unknown, "line is", "lines are")) not known and not in it.")
  }

  /// Why prices are of the book, and what that stops; empty where they are of the list.
  private static func failure(_ prices: Prices, _ reading: CostReading, now: Moment) -> String {
    guard let failure = reading.failure, prices.uses(.book) || !prices.uses(.list) else {
      return ""
    }
    let age = prices.bookDate.flatMap(Day.init(iso:)).map { Day(now).number - $0.number } ?? 0
    return failure
      + (age > PriceAge.daysMax
        ? " Nothing guarded is scaled by prices older than \(PriceAge.daysMax) days." : "")
  }

  /// Where the prices come from and how old they are.
  private static func source(_ prices: Prices, _ reading: CostReading, now: Moment) -> String {
    let age = CostTable.age(of: prices.newest, at: now)
    guard !age.isEmpty else { return "No price is known." }
    let (oldest, newest) = (prices.published, prices.newest)
    let published = oldest == newest ? newest : "\(oldest) to \(newest)"
    let read = prices.uses(.list) ? reading.readAt.map { When.relative(ms: now.since($0)) } : nil
    return "\(prices.source), published \(published) (\(age))"
      + (read.map { ", read \($0)." } ?? ".")
  }
}

extension SpendPart {
  /// What Cost Explorer told of this month, or why it told nothing.
  init(of site: Site, at now: Moment, in db: Database) throws {
    let today = Day(now)
    let first = today.firstOfMonth
    let reading = try CostReading.find(.spend, site: site.name, in: db)
    let days = try SpendStore.days(site: site.name, from: first, in: db)
      .filter { $0.key < today }
    var services: [String: Money] = [:]
    for (service, money) in days.values.flatMap(\.services) {
      services[service] = services[service, default: .zero].adding(money)
    }
    let isTold = site.usesCostExplorer && !days.isEmpty
    let sum = services.values.reduce(Money?.some(.zero)) { $0?.adding($1) }
    self.init(
      month: first.start.monthWords,
      total: isTold ? sum?.formatted() ?? "not known" : "not known",
      words: Self.words(site, days, reading),
      failure: site.usesCostExplorer ? reading.failure ?? "" : "",
      services: isTold
        ? services.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
          .map { Line(service: $0.key, amount: $0.value.formatted()) } : [],
      when: site.usesCostExplorer ? reading.readAt.map { When($0, now: now) } : nil)
  }

  private static func words(
    _ site: Site, _ days: [Day: DaySpend], _ reading: CostReading
  ) -> String {
    guard site.usesCostExplorer else {
      return
        "Cost Explorer is off. Each of its calls costs a cent, so Caretaker asks it once a day "
        + "and only where the configuration says “cost_explorer: true” for the site."
    }
    guard let last = days.keys.max() else {
      return reading.readAt == nil
        ? "Cost Explorer has told nothing yet." : "No whole day of the month is known yet."
    }
    return "Paid by the whole account, not this stack alone, up to \(last.start.dayWords)."
      + (days.values.contains(where: \.isEstimated) ? " AWS's estimates, until the bill." : "")
  }
}

extension Day {
  /// The first day of the month.
  var firstOfMonth: Day { Day(iso: iso.dropLast(2) + "01") ?? self }
}

extension Moment {
  /// The month in words, `November 2026`.
  var monthWords: String { dayWords.drop { $0 != " " }.dropFirst().description }
}
