import Foundation
import Rules
import Testing

@testable import Portal

/// Acts past Caretaker, as CloudTrail tells of them, against the AWS peer.
extension WatchTests {
  @Test func `what somebody does at the console is seen once, and waits to be reviewed`()
    async throws
  {
    let stage = try await stage()
    #expect(try stage.outsideActs().isEmpty)
    try peer.act(
      "rds", "modify_db_instance",
      #"{"DBInstanceIdentifier": "\#(CloudPeer.database)", "BackupRetentionPeriod": 3}"#
    )
    try await poll(stage)
    try await poll(stage)
    let acts = try stage.outsideActs()
    #expect(acts.map(\.act) == ["rds ModifyDBInstance"])
    #expect(acts.first?.who == "olive")
    #expect(try await outcome("trail.past-caretaker", on: stage) == .fail)
    let entries = try stage.auditTypes().filter { $0 == "outside.acted" }
    #expect(entries.count == 1)
    let browser = try await stage.browser(as: "auditor")
    #expect(await browser.get("/deployments").text.contains("rds ModifyDBInstance"))
    let review = await browser.get("/audit/review").text
    #expect(review.contains("saw an act that no change made: rds ModifyDBInstance"))
    #expect(!review.contains("olive"))
    try await stage.end()
  }

  @Test func `what a change of Caretaker did is not taken for somebody else's`() async throws {
    // What is compared are the times of two clocks, and CloudTrail's is AWS's.
    let stage = try Stage(endpoint: peer.url)
    let site = stage.portal.configuration.sites[0]
    stage.clock.advance(ms: stage.portal.outside.cloud(site).now().since(stage.clock.now))
    try await poll(stage)
    let number = try await approved("kind=ecs.count&count=2", on: stage)
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .succeeded)
    #expect(try peer.calls("UpdateService").count == 1)
    try await poll(stage)
    let seen = try stage.outsideActs()
    #expect(seen.isEmpty, "\(seen)")
    try await stage.end()
  }

  @Test func `a trail that can't be read is not known, and its action is named`() async throws {
    try peer.faults(
      #"""
      [{"service": "cloudtrail", "operation": "LookupEvents", "status": 400,
        "code": "AccessDeniedException", "message": "no", "times": 9}]
      """#
    )
    let stage = try await stage()
    let page = await (try stage.browser(as: "viewer")).get("/resources/trail").text
    #expect(page.contains("cloudtrail:LookupEvents"))
    try await stage.end()
  }

  @Test func `the history shows what changed, what ran and what rolled out`() async throws {
    let stage = try await stage()
    let browser = try await stage.browser(as: "viewer")
    let number = try await approved("kind=ecs.task-size&size=512-1024", on: stage)
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .succeeded)
    try await poll(stage)
    let page = await browser.get("/deployments?area=service").text
    #expect(page.contains("/changes/\(number)"))
    #expect(page.contains("Rollout of "))
    #expect(page.contains("0.25 vCPU, 512 MiB → 0.5 vCPU, 1 GiB"))
    #expect(page.contains(#"data-label="A month" class="num">+$9.01</td>"#))
    #expect(await browser.get("/deployments?area=theme").text.contains("No deployment fits"))
    #expect(await browser.get("/deployments").text.contains("Live, on main, approved"))
    try await stage.end()
  }
}
