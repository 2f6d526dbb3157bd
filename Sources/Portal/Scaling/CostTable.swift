import Mustache
import Rules

/// A cost block as a table: now, then, difference, for each line, an hour and a month.
struct CostTable: TemplateData {
  let rows: [Row]
  let totals: [Row]
  /// What use decides afterwards.
  let ranges: [RangeRow]
  let summary: String
  let difference: String
  let priceDate: String
  /// How old the prices are, `49 days ago`; empty where their day is not known.
  let age: String
  let source: String
  /// What to know of old prices; empty where there is nothing.
  let oldPrices: String
  let leftOut: [Sentence]

  static let fields: [Field<CostTable>] = [
    .list("rows", { $0.rows }), .list("totals", { $0.totals }),
    .list("ranges", { $0.ranges }), .flag("anyRange", { !$0.ranges.isEmpty }),
    .text("summary", { $0.summary }), .text("difference", { $0.difference }),
    .text("priceDate", { $0.priceDate }), .text("age", { $0.age }),
    .text("source", { $0.source }), .text("oldPrices", { $0.oldPrices }),
    .list("leftOut", { $0.leftOut }),
  ]

  /// The table of a plan; nil where nothing has a price.
  static func of(_ plan: Plan, at now: Moment) -> CostTable? {
    plan.cost.lines.isEmpty && plan.cost.ranges.isEmpty
      ? nil
      : CostTable(plan.cost, oldPrices: oldPrices(of: plan, at: now), at: now)
  }

  init(_ cost: Cost, oldPrices: String, at now: Moment) {
    rows = cost.lines.map { Row(line: $0) }
    totals = [
      Row(cost, label: "An hour", hours: 1, decimals: 4),
      Row(cost, label: "A month of \(Cost.hoursPerMonth) hours", hours: Cost.hoursPerMonth),
    ]
    summary = "\(totals[1].before) → \(totals[1].after) a month"
    difference = totals[1].difference
    ranges = cost.ranges.map(RangeRow.init)
    priceDate = cost.priceDate
    age = Self.age(of: cost.priceDate, at: now)
    source = cost.source
    self.oldPrices = oldPrices
    leftOut = cost.leftOut.map(Sentence.init)
  }

  /// Why nothing is scaled by the prices, or how old they are.
  private static func oldPrices(of plan: Plan, at now: Moment) -> String {
    do throws(Refusal) {
      try plan.checkPriceAge(plan.cost, at: now)
    } catch {
      return error.sentence
    }
    guard let days = PriceAge.days(of: plan.cost, at: now), days > PriceAge.daysUnremarked else {
      return ""
    }
    return "These prices are \(Span.words(days: days)) old: AWS may have others by now."
  }

  /// How long ago a day was; empty for what is none.
  static func age(of day: String, at now: Moment) -> String {
    guard let day = Day(iso: day) else { return "" }
    let days = Day(now).number - day.number
    return days <= 0 ? "today" : "\(Span.words(days: days)) ago"
  }

  /// Thousandths of a unit as a plain number, `0.25`.
  static func units(_ milliUnits: Int64) -> String {
    let fraction = String(String(milliUnits % 1_000 + 1_000).dropFirst())
    var text = "\(milliUnits / 1_000).\(fraction)"
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return text
  }

  /// Something paid for afterwards, at most so much.
  struct RangeRow: TemplateData {
    let label: String
    let unitPrice: String
    let amount: String

    static let fields: [Field<RangeRow>] = [
      .text("label", { $0.label }), .text("unitPrice", { $0.unitPrice }),
      .text("amount", { $0.amount }),
    ]

    init(_ range: CostRange) {
      label = range.label
      unitPrice =
        "\(range.rate?.formatted ?? "not known") per \(range.unit), "
        + "0 to \(CostTable.units(range.milliUnitsMax))"
      amount =
        range.monthlyMax.map { MoneyRange(low: .zero, high: $0).words + " a month" } ?? "not known"
    }
  }

  struct Row: TemplateData {
    let label: String
    let unitPrice: String
    let before: String
    let after: String
    let difference: String

    static let fields: [Field<Row>] = [
      .text("label", { $0.label }), .text("unitPrice", { $0.unitPrice }),
      .text("before", { $0.before }), .text("after", { $0.after }),
      .text("difference", { $0.difference }),
    ]

    /// One line over a month, with what a unit costs and how many are used.
    init(line: CostLine) {
      let hours = Cost.hoursPerMonth
      let rate = line.milliUnitsAfter > 0 ? line.rateAfter : line.rateBefore
      self.init(
        label: line.label,
        unitPrice: "\(rate?.formatted ?? "not known") per \(line.unit), "
          + "\(CostTable.units(line.milliUnitsBefore)) → \(CostTable.units(line.milliUnitsAfter))",
        before: line.amount(.before, hours: hours), after: line.amount(.after, hours: hours),
        decimals: 2)
    }

    /// The sum of all lines over some hours.
    init(_ cost: Cost, label: String, hours: Int64, decimals: Int = 2) {
      self.init(
        label: label, unitPrice: "", before: cost.total(.before, hours: hours),
        after: cost.total(.after, hours: hours), decimals: decimals)
    }

    private init(label: String, unitPrice: String, before: Money?, after: Money?, decimals: Int) {
      let unknown = "not known"
      self.label = label
      self.unitPrice = unitPrice
      self.before = before?.formatted(decimals: decimals) ?? unknown
      self.after = after?.formatted(decimals: decimals) ?? unknown
      difference =
        before.flatMap { after?.subtracting($0) }?.formattedDifference(decimals: decimals)
        ?? unknown
    }
  }
}
