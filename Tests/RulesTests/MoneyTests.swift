import Rules
import Testing

@Suite struct MoneyTests {
  @Test(arguments: [
    (0, 2, "$0.00"), (14_775_200, 2, "$14.78"), (1_234_560_000, 2, "$1,234.56"),
    (-5_000, 2, "−$0.01"), (-4_999, 2, "$0.00"), (999_995_000, 2, "$1,000.00"),
    (12_343, 4, "$0.0123"), (12_350, 4, "$0.0124"), (1_500_000, 0, "$2"), (7, 6, "$0.000007"),
    (Int64.max, 2, "$9,223,372,036,854.78"), (Int64.min, 2, "−$9,223,372,036,854.78"),
  ])
  func `money is written as people write it`(microDollars: Int64, decimals: Int, text: String) {
    #expect(Money(microDollars: microDollars).formatted(decimals: decimals) == text)
  }

  @Test func `a difference carries its sign`() {
    #expect(Money(microDollars: 14_780_000).formattedDifference() == "+$14.78")
    #expect(Money(microDollars: -14_780_000).formattedDifference() == "−$14.78")
    #expect(Money.zero.formattedDifference() == "$0.00")
  }

  @Test(arguments: [
    ("0.0404800000", 40_480_000), ("0.0044450000", 4_445_000), ("1", 1_000_000_000),
    ("0.0000004", 400), ("0.034", 34_000_000), ("9223372036.854775807", Int64.max),
  ])
  func `a price of the list is read exactly`(text: String, nanoDollars: Int64) {
    #expect(Rate(decimal: text)?.nanoDollars == nanoDollars)
  }

  @Test(arguments: [
    "", ".", "1.", ".5", "-1", "+1", "1e3", "0.0000166667", "١", "1.2.3", "1,5", " 1",
    "99999999999", "9223372036.854775808", "NaN",
  ])
  func `a price that can't be read exactly is not known`(text: String) {
    #expect(Rate(decimal: text) == nil)
  }

  @Test func `figures too large for money are not known instead of a crash`() throws {
    let rate = try #require(Rate(nanoDollars: .max))
    #expect(rate.cost(milliUnits: .max, times: .max) == nil)
    #expect(rate.cost(milliUnits: 2, times: 1) == nil)
    #expect(Money(microDollars: .max).adding(Money(microDollars: 1)) == nil)
    #expect(Money(microDollars: .min).subtracting(Money(microDollars: 1)) == nil)
    #expect(Moment(ms: .max).adding(ms: 1) == Moment(ms: .max))
  }

  @Test func `a unit price shows every digit it has`() throws {
    #expect(Rate(decimal: "0.0404800000")?.formatted == "$0.04048")
    #expect(Rate(decimal: "0.5")?.formatted == "$0.50")
    #expect(Rate(decimal: "1234.5")?.formatted == "$1,234.50")
  }
}

extension MoneyTests {
  @Test(arguments: [
    ("0.2961792000", 296_179), ("-0.0131506849", -13_151), ("0", 0), ("12", 12_000_000),
    ("3.2E-7", 0), ("5E-7", 1), ("-4.9E-7", 0), ("1.5E3", 1_500_000_000), ("0.0000005", 1),
    ("9223372036854.775807", Int64.max),
  ])
  func `an amount of a bill is read to the nearest micro-dollar`(text: String, amount: Int64) {
    #expect(Money(rounding: text)?.microDollars == amount)
  }

  @Test(arguments: [
    "", "-", ".", "1.", ".5", "1,5", "--1", "+1", "1E", "E5", "1E99", "1E2E3", "NaN", "١",
    "9223372036854.775808", "99999999999999999999",
  ])
  func `what is no amount is not known`(text: String) {
    #expect(Money(rounding: text) == nil)
  }
}

@Suite struct CostTests {
  @Test func `what use decides is in no total, and bounded by its most`() throws {
    let range = CostRange(
      label: "Snapshot", unit: "GB-month", rate: Samples.rate(95_000_000), milliUnitsMax: 20_000)
    let plain = Samples.cost()
    let cost = Cost(
      lines: plain.lines, ranges: [range], priceDate: "2026-10-06", source: "x", leftOut: [])
    #expect(cost.total(.after, hours: 730) == plain.total(.after, hours: 730))
    #expect(range.monthlyMax == Money(microDollars: 1_900_000))
    let unknown = CostRange(label: "x", unit: "y", rate: nil, milliUnitsMax: 1)
    #expect(unknown.monthlyMax == nil)
    for ranges in [[], [range], [range, unknown]] {
      let plan = Samples.plan(
        cost: Cost(lines: [], ranges: ranges, priceDate: "", source: "", leftOut: []))
      #expect(Plan(bytes: plan.bytes)?.cost.ranges == ranges)
      #expect(String(decoding: plan.bytes, as: UTF8.self).contains("ranges") == !ranges.isEmpty)
    }
  }

  @Test func `a quarter vCPU for a month is what the price list says`() throws {
    let rate = try #require(Rate(decimal: "0.04048"))
    #expect(rate.cost(milliUnits: 250, times: 730) == Money(microDollars: 7_387_600))
  }

  @Test func `lines sum exactly to the total`() throws {
    let line = CostLine(
      label: "x", unit: "GB-hour", rateBefore: Samples.rate(4_445_000),
      rateAfter: Samples.rate(4_445_000), milliUnitsBefore: 500, milliUnitsAfter: 1_500)
    let cost = Cost(lines: [line, line, line], priceDate: "", source: "", leftOut: [])
    let amount = try #require(line.amount(.after, hours: 1))
    #expect(cost.total(.after, hours: 1)?.microDollars == amount.microDollars * 3)
  }

  @Test func `one price that is not known makes the total not known, never less`() {
    let cost = Samples.cost(afterNano: nil)
    #expect(cost.total(.before, hours: 730) != nil)
    #expect(cost.total(.after, hours: 730) == nil)
    #expect(cost.monthlyDifference == nil)
  }

  @Test func `nothing used costs nothing, whatever the price`() {
    let line = CostLine(
      label: "x", unit: "y", rateBefore: nil, rateAfter: nil, milliUnitsBefore: 0,
      milliUnitsAfter: 1)
    #expect(line.amount(.before, hours: 730) == .zero)
    #expect(line.amount(.after, hours: 730) == nil)
  }

  @Test func `a price may rise by 5 dollars or a tenth, and fall as it likes`() {
    func exceeded(_ approved: Int64, _ now: Int64?) -> Bool {
      PriceTolerance.isExceeded(
        approved: Money(microDollars: approved), now: now.map(Money.init(microDollars:)))
    }
    #expect(!exceeded(10_000_000, 15_000_000))
    #expect(exceeded(10_000_000, 15_000_001))
    #expect(!exceeded(100_000_000, 110_000_000))
    #expect(exceeded(100_000_000, 110_000_001))
    #expect(!exceeded(100_000_000, 0))
    #expect(exceeded(100_000_000, nil))
  }

  @Test(arguments: [
    ("0.115", 157_534, "$2.30"), ("0.23", 315_068, "$4.60"), ("0", 0, "$0.00"),
    ("0.000000365", 1, "$0.00"), ("0.000000364", 0, "$0.00"),
  ])
  func `a month's price is spread over its hours, and 20 of it cost a month what they should`(
    month: String, nanoDollars: Int64, cost: String
  ) throws {
    let hour = try #require(Rate(decimal: month)?.hourOfMonth)
    #expect(hour.nanoDollars == nanoDollars)
    #expect(hour.cost(milliUnits: 20_000, times: Cost.hoursPerMonth)?.formatted() == cost)
  }
}
