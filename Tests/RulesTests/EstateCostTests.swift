import Rules
import Testing

@Suite struct EstateCostTests {
  static let holdings: [String: Int64] = [
    "AWS::ElasticLoadBalancingV2::LoadBalancer": 1, "AWS::EC2::NatGateway": 1,
    "AWS::EC2::EIP": 1, "AWS::Route53::HostedZone": 1, "AWS::SecretsManager::Secret": 1,
    "AWS::SNS::Topic": 1,
  ]

  /// A price for everything that the estate uses.
  static func prices(
    of estate: Estate, holdings: [String: Int64]? = holdings, nanoDollars: Int64 = 1_000_000
  ) -> Prices {
    let products = EstateUse.all(of: estate, holdings: holdings).compactMap(\.product)
    return Prices(
      Dictionary(
        products.map {
          ($0, Price(rate: Rate(nanoDollars: nanoDollars), published: "2026-10-06", source: .list))
        }
      ) { first, _ in first })
  }

  func cost(
    of estate: Estate = EstateSamples.estate, holdings: [String: Int64]? = holdings
  ) -> EstateCost {
    EstateCost(of: estate, holdings: holdings, prices: Self.prices(of: estate, holdings: holdings))
  }

  func range(_ product: Product, in cost: EstateCost) throws -> MoneyRange {
    let line = try #require(cost.lines.first { $0.use.product == product })
    return try #require(line.monthly)
  }

  @Test func `a task of a quarter vCPU and an instance cost what bills say`() throws {
    let vCPU = Product.fargateVCPU(architecture: "X86_64")
    let instance = Product.databaseInstance(class: "db.t3.micro", multiAZ: true)
    let prices = Prices([
      vCPU: Price(rate: Rate(decimal: "0.04048"), published: "2026-10-06", source: .list),
      instance: Price(rate: Rate(decimal: "0.034"), published: "2026-10-06", source: .list),
    ])
    let cost = EstateCost(of: EstateSamples.estate, holdings: Self.holdings, prices: prices)
    #expect(try range(vCPU, in: cost).low == Money(microDollars: 7_387_600))
    #expect(try range(instance, in: cost).high == Money(microDollars: 24_820_000))
  }

  @Test func `lines sum exactly to the total, also those between bounds`() throws {
    let cost = cost()
    let known = cost.lines.compactMap(\.monthly)
    #expect(known.count == cost.lines.count)
    #expect(cost.unknownCount == 0)
    #expect(cost.total?.low.microDollars == known.reduce(0) { $0 + $1.low.microDollars })
    #expect(cost.total?.high == nil)
  }

  @Test func `bounds are summed too, and one without makes a sum without`() throws {
    let bounded = MoneyRange(low: Money(microDollars: 1), high: Money(microDollars: 5))
    let open = MoneyRange(low: Money(microDollars: 2), high: nil)
    #expect(
      bounded.adding(bounded)
        == MoneyRange(low: Money(microDollars: 2), high: Money(microDollars: 10)))
    #expect(bounded.adding(open) == MoneyRange(low: Money(microDollars: 3), high: nil))
    #expect(open.adding(MoneyRange(low: Money(microDollars: .max), high: nil)) == nil)
  }

  @Test(arguments: [
    Subject.service, .database, .backups, .logs, .alarms, .images,
  ])
  func `what can't be read is a line that is not known, with why`(subject: Subject) throws {
    var estate = EstateSamples.estate
    estate.add(failure: "AWS does not allow this.", of: subject)
    let failed = cost(of: estate)
    let line = try #require(failed.lines.first { $0.use.subject == subject })
    #expect(line.monthly == nil)
    #expect(line.use.note == "AWS does not allow this.")
    #expect(failed.unknownCount == 1)
    let (whole, known) = (try #require(cost().total), try #require(failed.total))
    #expect(known.low <= whole.low)
  }

  @Test func `nothing read is nothing known, and nothing claimed`() {
    let cost = cost(of: Estate(now: EstateSamples.now), holdings: nil)
    #expect(cost.lines.filter { $0.use.product != .bucketStorage }.allSatisfy { $0.monthly == nil })
    #expect(cost.total?.low == .zero)
    #expect(cost.total?.high == nil)
  }

  @Test func `without a price a line is not known, unless nothing is used`() {
    let cost = EstateCost(
      of: EstateSamples.estate, holdings: Self.holdings, prices: Prices())
    for line in cost.lines {
      #expect((line.monthly != nil) == (line.use.quantity == .exactly(0)), "\(line.use)")
    }
  }

  @Test func `a price that the list has twice is not known`() throws {
    let vCPU = Product.fargateVCPU(architecture: "X86_64")
    let prices = Prices([vCPU: Price(rate: nil, published: "2026-10-06", source: .list)])
    let cost = EstateCost(of: EstateSamples.estate, holdings: Self.holdings, prices: prices)
    #expect(cost.lines.first { $0.use.product == vCPU }?.monthly == nil)
  }

  @Test func `snapshots cost up to their whole size beyond the database's own`() throws {
    func snapshot(_ id: String) -> SnapshotSummary {
      SnapshotSummary(
        id: id, kind: "manual", status: "available", madeAt: nil, isEncrypted: true,
        engineVersion: "8.0.40", storageGiB: 20, percent: 100)
    }
    for (count, most) in [(0, 0), (1, 0), (2, 20_000), (4, 60_000)] {
      var estate = EstateSamples.estate
      var backups = EstateSamples.backups
      backups.snapshots = (0..<count).map { snapshot("s\($0)") }
      estate.add(backups)
      #expect(
        try range(.databaseBackup, in: cost(of: estate))
          == MoneyRange(low: .zero, high: Money(microDollars: Int64(most))))
    }
  }

  @Test func `a stopped instance is paid for by its storage alone`() throws {
    var estate = EstateSamples.estate
    var database = EstateSamples.database
    database.status = "stopped"
    estate.add(database)
    let instance = Product.databaseInstance(class: "db.t3.micro", multiAZ: true)
    #expect(try range(instance, in: cost(of: estate)).high == .zero)
    #expect(
      try range(.databaseStorage(type: "gp2", multiAZ: true), in: cost(of: estate)).low
        == Money(microDollars: 20_000))
  }

  @Test func `another engine's price is not known`() throws {
    var estate = EstateSamples.estate
    var database = EstateSamples.database
    database.engine = "mariadb"
    estate.add(database)
    let line = try #require(cost(of: estate).lines.first { $0.use.subject == .database })
    #expect(line.monthly == nil)
    #expect(line.use.note.contains("mariadb"))
  }

  @Test func `ten alarms are free for the account, which may have used them up`() throws {
    for (count, least) in [(1, 0), (10, 0), (12, 2_000)] {
      var estate = EstateSamples.estate
      estate.add(
        AlarmFacts(alarms: Array(repeating: EstateSamples.alarms.alarms[0], count: count)))
      let range = try range(.alarm, in: cost(of: estate))
      #expect(range.low == Money(microDollars: Int64(least)))
      #expect(range.high == Money(microDollars: Int64(count) * 1_000))
    }
  }

  @Test func `gateways count as EC2 tells them, and as the stack lists them until it does`() throws
  {
    var estate = EstateSamples.estate
    estate.add(NetworkFacts(gateways: ["a": "available", "b": "pending", "c": "deleted"]))
    #expect(try range(.gateway, in: cost(of: estate)).low == Money(microDollars: 1_460_000))
    estate.add(failure: "no", of: .network)
    #expect(try range(.gateway, in: cost(of: estate)).low == Money(microDollars: 730_000))
  }

  @Test func `bytes are counted up to the next thousandth of a GB`() {
    #expect(Quantity.upTo(bytes: 1 << 30).high == 1_000)
    #expect(Quantity.upTo(bytes: 1).high == 1)
    #expect(Quantity.upTo(bytes: -1).high == 0)
    #expect(Quantity.upTo(bytes: .max).high == 8_589_934_592_000)
  }

  @Test func `figures too large for money are not known instead of a crash`() {
    var estate = EstateSamples.estate
    var (service, database) = (EstateSamples.service, EstateSamples.database)
    service.desired = .max
    database.storageGiB = .max
    estate.add(service)
    estate.add(database)
    estate.add(LogFacts(retentionDays: nil, storedBytes: .max))
    let cost = EstateCost(
      of: estate, holdings: Self.holdings.mapValues { _ in .max },
      prices: Self.prices(of: estate, nanoDollars: .max))
    #expect(cost.lines.first { $0.use.subject == .service }?.monthly == nil)
    #expect(cost.unknownCount > 3)
  }

  @Test func `every product has a name of its own`() {
    let products = EstateUse.all(of: EstateSamples.estate, holdings: Self.holdings)
      .compactMap(\.product)
    #expect(Set(products.map(\.code)).count == Set(products).count)
    #expect(
      Product.databaseInstance(class: "db.t3.micro", multiAZ: true).code == "rds.db.t3.micro.multi")
  }
}
