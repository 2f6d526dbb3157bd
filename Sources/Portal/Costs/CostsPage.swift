import Mustache
import Rules

/// What the site costs as it stands, what was paid, and what changes were to cost.
struct CostsPage: Page {
  let state: String
  let source: String
  /// Why prices are not of the list; empty where they are.
  let listFailure: String
  let lines: [Line]
  let prices: [PriceLine]
  let spend: SpendPart
  let comparisons: [ComparisonLine]

  static let template = "costs/index"
  static let section: Section? = .costs
  var title: String { "Costs" }

  static let fields: [Field<CostsPage>] = [
    .text("state", { $0.state }), .text("source", { $0.source }),
    .text("listFailure", { $0.listFailure }), .list("lines", { $0.lines }),
    .text("total", { $0.total }), .text("notKnown", { $0.notKnown }),
    .list("leftOut", { _ in EstateCost.leftOut.map(Sentence.init) }),
    .list("prices", { $0.prices }), .flag("anyPrice", { !$0.prices.isEmpty }),
    .item("spend", { $0.spend }),
    .list("comparisons", { $0.comparisons }),
    .flag("anyComparison", { !$0.comparisons.isEmpty }),
  ]

  let total: String
  let notKnown: String

  /// One line of the estate.
  struct Line: TemplateData {
    let line: EstateLine

    static let fields: [Field<Line>] = [
      .text("resource", { $0.line.use.subject.label }),
      .link("path", { $0.line.use.subject.path }),
      .text("label", { $0.line.use.product?.label ?? $0.line.use.subject.label }),
      .text("reckoning", { $0.reckoning }), .text("note", { $0.line.use.note }),
      .text("monthly", { $0.line.monthly?.words ?? "not known" }),
    ]

    /// Unit price and quantity.
    private var reckoning: String {
      guard let product = line.use.product else { return "" }
      let rate = line.price?.rate?.formatted ?? "price not known"
      guard let quantity = line.use.quantity?.words else { return "\(rate) per \(product.unit)" }
      return "\(rate) per \(product.unit) × \(quantity)"
        + (product.timesAMonth > 1 ? " × \(product.timesAMonth) hours" : "")
    }
  }

  /// Where one price comes from.
  struct PriceLine: TemplateData {
    let product: Product
    let price: Price

    static let fields: [Field<PriceLine>] = [
      .text("label", { $0.product.label }),
      .text("rate", { "\($0.price.rate?.formatted ?? "not known") per \($0.product.unit)" }),
      .text("published", { $0.price.published }),
      .text(
        "origin",
        { line in
          line.price.source == .list ? "AWS Price List" : "Price book: \(line.price.origin)"
        }),
    ]
  }
}

/// What was paid this month.
struct SpendPart: TemplateData {
  let month: String
  let total: String
  let words: String
  let failure: String
  let services: [Line]
  let when: When?

  static let fields: [Field<SpendPart>] = [
    .text("month", { $0.month }), .text("total", { $0.total }), .text("words", { $0.words }),
    .text("failure", { $0.failure }), .list("services", { $0.services }),
    .flag("anyService", { !$0.services.isEmpty }), .item("when", { $0.when }),
  ]

  struct Line: TemplateData {
    let service: String
    let amount: String

    static let fields: [Field<Line>] = [
      .text("service", { $0.service }), .text("amount", { $0.amount }),
    ]
  }
}

extension MoneyRange {
  /// The amount, or its bounds, in words: `$7.39`, `$0.00 to $1.90`, `from $7.30`, `follows use`.
  var words: String {
    guard let high else { return low == .zero ? "follows use" : "from \(low.formatted())" }
    let (least, most) = (low.formatted(), high.formatted())
    return least == most ? most : "\(least) to \(most)"
  }
}

extension Quantity {
  /// The quantity, or its bounds, in words; nil where only use decides.
  var words: String? {
    let least = CostTable.units(low)
    guard let high else { return low == 0 ? nil : "at least \(least)" }
    return low == high ? least : "\(least) to \(CostTable.units(high))"
  }
}
