import AWS
import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// Prices and what was paid, read of the AWS peer.
extension WatchTests {
  private static let ecs = "Amazon Elastic Container Service"

  private func denied(_ service: String, _ operation: String) throws {
    try peer.faults(
      """
      [{"service": "\(service)", "operation": "\(operation)", "times": 999,
        "code": "AccessDeniedException", "status": 400}]
      """)
  }

  private func costs(of stage: Stage) async throws -> String {
    await (try stage.browser(as: "viewer")).get("/costs").text
  }

  private func spending(on peer: CloudPeer) async throws -> Stage {
    let stage = try Stage(
      endpoint: peer.url, clock: .lastMonth(), site: { $0.usesCostExplorer = true })
    try await poll(stage)
    return stage
  }

  @Test func `the page adds up what the estate costs, with prices of the list`() async throws {
    let stage = try await stage()
    let page = try await costs(of: stage)
    for words in [
      "$7.39", "$0.04048 per vCPU-hour × 0.25 × 730 hours", "RDS db.t3.micro, Single-AZ",
      "$12.41", "$0.115 per GB-month × 20", "$2.30", "$32.85", "$16.43", "$0.40",
      "AWS Price List, on-demand", "2026-10-06", "follows use", "from $7.30",
      "Cost Explorer is off", "No change with a price has been run yet",
    ] {
      #expect(page.contains(words), "\(words)")
    }
    #expect(!page.contains("price book"))
    #expect(try peer.calls("GetCostAndUsage").isEmpty)
    try await stage.end()
  }

  @Test func `where the list can't be read the book stands in, and the page says why`()
    async throws
  {
    try denied("pricing", "GetProducts")
    let stage = try await stage()
    let page = try await costs(of: stage)
    for words in [
      "The Price List could not be read.", "pricing:GetProducts", "Caretaker's price book",
      "Nothing guarded is scaled by prices older than 30 days.", "$7.39",
      "us-west-2 estimates of DefangLabs/defang",
    ] {
      #expect(page.replacing("&#39;", with: "'").contains(words), "\(words)")
    }
    try await stage.end()
  }

  /// A clock within a month of the book.
  private static let besideTheBook = TestClock(
    at: (Day(iso: "2026-10-20") ?? .first).start.adding(ms: 12 * Span.hour))

  @Test func `by the book is scaled while it is young, and the preview says how old`()
    async throws
  {
    try denied("pricing", "GetProducts")
    let stage = try Stage(endpoint: peer.url, clock: Self.besideTheBook)
    try await poll(stage)
    let preview = await (try stage.browser(as: "operator"))
      .get("/changes/preview?kind=ecs.task-size&size=512-1024").text
    #expect(preview.contains("These prices are 19 days old"))
    let number = try await approved("kind=ecs.task-size&size=512-1024", on: stage)
    let cost = try stage.change(number).plan.cost
    #expect(cost.source == "Caretaker's price book, on-demand")
    #expect(cost.priceDate == "2026-10-01")
    #expect(cost.bookDate == "2026-10-01")
    #expect(cost.monthlyDifference != nil)
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .succeeded)
    try await stage.end()
  }

  @Test(
    arguments: ["kind=ecs.task-size&size=512-1024", "kind=rds.multi-az&multi_az=on&when=window"])
  func `by a book of more than 30 days nothing is scaled, until the list can be read`(
    query: String
  ) async throws {
    try denied("pricing", "GetProducts")
    let stage = try await stage()
    let browser = try await stage.browser(as: "operator")
    let preview = await browser.get("/changes/preview?" + query)
    #expect(preview.text.contains("Nothing guarded is scaled by prices older than 30 days."))
    #expect(preview.text.contains("give Caretaker’s role the action pricing:GetProducts"))
    let form = [
      "plan": try preview.hidden("plan"), "seal": try preview.hidden("seal"), "reason": "grow",
    ]
    let refused = await browser.post("/changes", form)
    #expect(refused.status == .conflict)
    #expect(refused.text.contains("pricing:GetProducts"))
    try peer.faults("[]")
    let number = try await proposed(query, on: stage)
    #expect(try stage.change(number).plan.cost.bookDate == nil)
    try await stage.end()
  }

  @Test func `what was approved by the list is not run by a book of more than 30 days`()
    async throws
  {
    let stage = try await stage()
    let number = try await proposed("kind=ecs.count&count=2", on: stage)
    try denied("pricing", "GetProducts")
    // What the list told is good for a day.
    stage.clock.advance(ms: Span.day)
    try await Proposals.approve(number, on: stage)
    let answer = try await run(number, on: stage)
    #expect(answer.status == .conflict)
    #expect(answer.text.contains("pricing:GetProducts"))
    #expect(try stage.change(number).storedState == .approved)
    try peer.faults("[]")
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .succeeded)
    try await stage.end()
  }

  @Test func `a restore by an old book, and what needs nobody, are not held up`() async throws {
    try denied("pricing", "GetProducts")
    let stage = try await stage()
    let restore = try await proposed("kind=rds.restore&from=latest&id=ghost-restored", on: stage)
    #expect(try stage.change(restore).plan.cost.bookDate != nil)
    try await stage.end()
  }

  @Test func `a region without a book has no price, and nothing in it is free`() async throws {
    let stage = try Stage(site: { $0.region = "eu-west-1" })
    let site = stage.portal.configuration.sites[0]
    try stage.portal.storage.writeNow { db in
      try ObservationStore.store(
        Look(.service, source: "test", .read(Proposals.facts())), site: site.name,
        at: stage.clock.now, in: db)
    }
    let means = stage.portal.means(at: site)
    let prices = try await means.prices(of: [.fargateVCPU(architecture: "X86_64"), .gateway])
    #expect(prices[.gateway] == nil)
    #expect(prices.source == "No price list")
    let page = try await costs(of: stage)
    #expect(page.contains("price not known per vCPU-hour × 0.25"))
    #expect(page.contains("What it costs is not known yet."))
    #expect(page.contains("No price is known."))
    try await stage.end()
  }

  @Test func `what the list does not have is not known, also where the book would`() async throws {
    let stage = try await stage()
    let browser = try await stage.browser(as: "operator")
    let preview = await browser.get("/changes/preview?kind=rds.class&class=db.m7g.2xlarge")
    #expect(preview.text.contains("not known per instance-hour"))
    let response = await browser.post(
      "/changes",
      [
        "plan": try preview.hidden("plan"), "seal": try preview.hidden("seal"), "reason": "grow",
      ])
    #expect(response.status == .conflict)
    #expect(response.text.contains("nothing is scaled without its cost"))
    try await stage.end()
  }

  @Test func `prices are kept for a day for previews, and asked again for a run`() async throws {
    let stage = try await stage()
    let browser = try await stage.browser(as: "operator")
    let polled = try peer.calls("GetProducts").count
    for _ in 0..<3 { _ = await browser.get("/changes/preview?kind=ecs.count&count=2") }
    try await poll(stage)
    #expect(try peer.calls("GetProducts").count == polled)
    let number = try await approved("kind=ecs.count&count=2", on: stage)
    _ = try await run(number, on: stage)
    #expect(try peer.calls("GetProducts").count == polled + 1)
    #expect(try await settled(number, on: stage) == .succeeded)
    stage.clock.advance(ms: Span.day)
    let later = try await stage.browser(as: "operator")
    _ = await later.get("/changes/preview?kind=ecs.count&count=3")
    #expect(try peer.calls("GetProducts").count == polled + 2)
    try await stage.end()
  }

  @Test func `the book has the prices of the list, and every line of it is a product`()
    async throws
  {
    let stage = try Stage(endpoint: peer.url)
    var products: Set<Product> = [
      .databaseBackup, .balancer, .balancerCapacity, .gateway, .gatewayData, .address,
      .bucketStorage, .logIngestion, .logStorage, .alarm, .imageStorage, .secret, .zone,
    ]
    for architecture in ["X86_64", "ARM64"] {
      products.insert(.fargateVCPU(architecture: architecture))
      products.insert(.fargateMemory(architecture: architecture))
    }
    for multiAZ in [false, true] {
      for type in ["gp2", "gp3"] {
        products.insert(.databaseStorage(type: type, multiAZ: multiAZ))
      }
      for name in DatabaseClass.all {
        products.insert(.databaseInstance(class: name, multiAZ: multiAZ))
      }
    }
    let book = products.compactMap { PriceBook.price(of: $0, in: "us-west-2") }
    #expect(book.count == products.count)
    #expect(PriceBook.count(in: "us-west-2") == products.count)
    #expect(book.allSatisfy { !$0.origin.isEmpty && $0.rate != nil })
    let site = stage.portal.configuration.sites[0]
    let (listed, failure) = await stage.portal.means(at: site).cloud.listed(products)
    #expect(failure == nil)
    let known = listed.filter { $0.value.rate != nil }
    #expect(known.count >= products.count - 4)
    for (product, price) in known {
      #expect(price.rate == PriceBook.price(of: product, in: "us-west-2")?.rate, "\(product)")
    }
    try await stage.end()
  }

  @Test func `what was paid is asked once a day, and shown by service`() async throws {
    let stage = try await spending(on: peer)
    try await poll(stage)
    #expect(try peer.calls("GetCostAndUsage").count == 1)
    let page = try await costs(of: stage)
    let month = stage.clock.now.monthWords
    for words in [
      "\(month) so far", "Paid by the whole account, not this stack alone, up to 14 \(month)",
      "Amazon Relational Database Service", "$6.77", "EC2 - Other", "$15.18", "estimates",
    ] {
      #expect(page.contains(words), "\(words)")
    }
    stage.clock.advance(ms: Span.day)
    try await poll(stage)
    #expect(try peer.calls("GetCostAndUsage").count == 2)
    try await stage.end()
  }

  @Test func `a Cost Explorer that refuses is said with the action it needs, and left alone`()
    async throws
  {
    try denied("ce", "GetCostAndUsage")
    let stage = try await spending(on: peer)
    try await poll(stage)
    #expect(try peer.calls("GetCostAndUsage").count == 1)
    let page = try await costs(of: stage)
    #expect(page.contains("ce:GetCostAndUsage"))
    #expect(page.contains("not known"))
    #expect(!page.contains("Paid by the whole account"))
    stage.clock.advance(ms: 6 * Span.hour)
    try peer.faults("[]")
    try await poll(stage)
    #expect(try await costs(of: stage).contains("Paid by the whole account"))
    try await stage.end()
  }

  @Test func `a week after a change what it was to cost stands beside what was paid`()
    async throws
  {
    let stage = try await spending(on: peer)
    let number = try await approved("kind=ecs.task-size&size=512-1024", on: stage)
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .succeeded)
    let soon = await (try stage.browser(as: "viewer")).get("/changes/\(number)").text
    let month = stage.clock.now.monthWords
    #expect(soon.contains("Seven whole days after it are over on 23 \(month)."))

    try peer.costs(Self.ecs, since: Day(stage.clock.now), dollarsADay: "0.5923584000")
    stage.clock.advance(ms: 8 * Span.day)
    try await poll(stage)
    let viewer = try await stage.browser(as: "viewer")
    for path in ["/changes/\(number)", "/costs"] {
      let page = await viewer.get(path).text
      #expect(page.contains("Predicted and paid"))
      #expect(page.components(separatedBy: "+$0.30").count == 3, "\(path)")
      #expect(page.contains("$0.59"))
    }
    try await stage.end()
  }

  @Test func `without Cost Explorer a change shows its prediction and what is needed`()
    async throws
  {
    let stage = try await stage()
    let number = try await approved("kind=ecs.count&count=2", on: stage)
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .succeeded)
    stage.clock.advance(ms: 9 * Span.day)
    let page = await (try stage.browser(as: "viewer")).get("/changes/\(number)").text
    #expect(page.contains("+$0.30"))
    #expect(page.contains("Cost Explorer is off."))
    try await stage.end()
  }

  @Test func `the preview of a deletion bounds what the last snapshot can cost`() async throws {
    let stage = try await stage()
    let browser = try await stage.browser(as: "operator")
    let page = await browser.get("/changes/preview?kind=rds.delete").text
    #expect(page.contains("$0.00 to $1.90 a month"))
    #expect(page.contains("$0.095 per GB-month, 0 to 20"))
    #expect(page.contains("$12.41 → $0.00 a month"))
    try await stage.end()
  }
}
