import Rules
import Testing

@Suite struct PaidDifferenceTests {
  static let service = "Amazon Elastic Container Service"
  static let run = Samples.noon
  static let today = Day(run).number

  /// Days around the run, each with what the service cost.
  func spend(
    _ days: ClosedRange<Int64> = -7...7, isEstimated: Bool = false,
    _ microDollars: (Int64) -> Int64 = { $0 < 0 ? 300_000 : 600_000 }
  ) -> [Day: DaySpend] {
    Dictionary(
      uniqueKeysWithValues: days.map { offset in
        let day = Day(number: Self.today + offset)
        let services = [
          Self.service: Money(microDollars: microDollars(offset)),
          "AmazonCloudWatch": Money(microDollars: 9),
        ]
        return (day, DaySpend(day: day, services: services, isEstimated: isEstimated))
      })
  }

  func difference(
    _ spend: [Day: DaySpend]?, of plan: Plan = Samples.plan(), daysLater: Int64 = 8
  ) throws -> PaidDifference {
    try #require(
      PaidDifference(
        of: plan, run: (Self.run, Self.run.adding(ms: Span.hour)), spend: spend,
        now: Self.run.adding(ms: daysLater * Span.day)))
  }

  @Test func `a week later the prediction stands beside what was paid`() throws {
    let found = try difference(spend())
    #expect(found.service == Self.service)
    // A quarter vCPU more, for 24 hours.
    #expect(found.predicted == Money(microDollars: 242_880))
    #expect(
      found.paid
        == .known(
          before: Money(microDollars: 300_000), after: Money(microDollars: 600_000),
          isEstimated: false))
    #expect(found.actual == Money(microDollars: 300_000))
  }

  @Test func `the day of the run belongs to neither side`() throws {
    let found = try difference(spend { $0 == 0 ? 99_000_000 : $0 < 0 ? 1 : 2 })
    #expect(found.actual == Money(microDollars: 1))
  }

  @Test func `one day that costs more counts a seventh`() throws {
    let found = try difference(spend { $0 == 3 ? 700_000 : 0 })
    #expect(found.actual == Money(microDollars: 100_000))
  }

  @Test func `a service that cost nothing on a day that was told cost nothing`() throws {
    let told = spend().mapValues { DaySpend(day: $0.day, services: [:], isEstimated: false) }
    #expect(try difference(told).actual == .zero)
  }

  @Test func `estimates are said to be estimates`() throws {
    guard case .known(_, _, let isEstimated) = try difference(spend(isEstimated: true)).paid else {
      Issue.record("not known")
      return
    }
    #expect(isEstimated)
  }

  @Test func `before seven whole days are over nothing is compared`() throws {
    for days in Int64(0)..<8 {
      let found = try difference(spend(), daysLater: days)
      #expect(found.paid == .notBefore(Day(number: Self.today + 8)))
      #expect(found.actual == nil)
    }
  }

  @Test(arguments: [-7, -1, 1, 7])
  func `a day that was not told makes it not known`(missing: Int64) throws {
    var told = spend()
    told[Day(number: Self.today + missing)] = nil
    let found = try difference(told)
    #expect(found.actual == nil)
    guard case .notKnown = found.paid else {
      Issue.record("\(found.paid)")
      return
    }
  }

  @Test func `without Cost Explorer the prediction stands alone`() throws {
    let found = try difference(nil)
    #expect(found.paid == .notKnown("Cost Explorer is off."))
    #expect(found.predicted != nil)
  }

  @Test func `what waited for the maintenance window is not compared`() throws {
    let found = try difference(
      spend(), of: Samples.plan(parameters: ["when": "window"]))
    guard case .notKnown(let why) = found.paid else {
      Issue.record("\(found.paid)")
      return
    }
    #expect(why.contains("maintenance window"))
  }

  @Test func `what has no price is not compared`() {
    let plan = Samples.plan(kind: "policy", cost: .none)
    #expect(
      PaidDifference(of: plan, run: (Self.run, Self.run), spend: spend(), now: Self.run) == nil)
  }

  @Test(arguments: [Int64.min, 0, Int64.max])
  func `no moment of a run traps`(ms: Int64) {
    let run = Moment(ms: ms)
    _ = PaidDifference(of: Samples.plan(), run: (run, run), spend: [:], now: Self.run)
    _ = PaidDifference(of: Samples.plan(), run: (Self.run, Self.run), spend: [:], now: run)
  }
}
