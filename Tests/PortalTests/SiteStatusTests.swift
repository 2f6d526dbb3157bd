import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

@Suite struct SiteStatusTests {
  private func status(of stage: Stage) throws -> SiteStatus {
    try stage.portal.storage.readNow { db in
      try SiteStatus(stage.portal.configuration.sites[0], at: stage.clock.now, in: db)
    }
  }

  private func keep(_ facts: any Shown, on stage: Stage) throws {
    let site = stage.portal.configuration.sites[0].name
    try stage.portal.storage.writeNow { db in
      let look = Look(type(of: facts).subject, source: "test", .read(facts))
      try ObservationStore.store(look, site: site, at: stage.clock.now, in: db)
      try FindingStore.judge(site: site, at: stage.clock.now, in: db)
    }
  }

  @Test func `before the first poll a site is unknown, not good`() async throws {
    let stage = try Stage()
    let status = try status(of: stage)
    #expect(status.health == "unknown")
    #expect(!status.isGood)
    #expect(status.readAtMs == nil)
    let page = await (try stage.browser(as: "viewer")).get("/resources").text
    #expect(page.contains("Nothing has been read yet.") && !page.contains("All good."))
    try await stage.end()
  }

  @Test func `sites beyond those that are read at the same time have their turn`() async throws {
    let stage = try Stage(siteCount: 9)
    await stage.portal.pollOnce()
    let read = try stage.portal.storage.readNow { db in
      try String.fetchSet(db, sql: "SELECT DISTINCT site FROM observations")
    }
    #expect(read == Set(stage.portal.configuration.sites.map(\.name)))
    #expect(read.count == 9)
    try await stage.end()
  }

  @Test func `scripts get every finding with its health, and people what is wrong`() async throws {
    let stage = try Stage()
    try keep(BucketFacts(versioning: "never"), on: stage)
    let status = try status(of: stage)
    #expect(status.health == "danger")
    #expect(status.lines.contains("  danger  Versioning is off. (s3.versioning)"))
    let json = String(decoding: try JSONEncoder().encode(status), as: UTF8.self)
    #expect(json.contains(#""id":"s3.versioning""#))
    #expect(json.contains(#""outcome":"fail""#))
    try await stage.end()
  }

  @Test func `what somebody answers for is good until its day, and then again not`() async throws {
    let stage = try Stage()
    try keep(BucketFacts(versioning: "never"), on: stage)
    let site = stage.portal.configuration.sites[0].name
    let owner = try stage.person("approver")
    try stage.portal.storage.writeNow { db in
      try AcceptanceStore.accept(
        "s3.versioning", site: site, owner: owner, reason: "Images are kept elsewhere",
        until: stage.clock.now.adding(ms: Span.day), by: owner, at: stage.clock.now, in: db)
    }
    let accepted = try status(of: stage).findings.first { $0.id == "s3.versioning" }
    #expect(accepted?.health == "good")
    #expect(accepted?.outcome == "fail")
    #expect(accepted?.acceptedBy == "Approver")
    stage.clock.advance(ms: Span.day)
    #expect(try status(of: stage).findings.first { $0.id == "s3.versioning" }?.health == "danger")
    try await stage.end()
  }
}

/// Findings through the pages.
@Suite struct FindingPageTests {
  private func stage() throws -> Stage {
    let stage = try Stage()
    let site = stage.portal.configuration.sites[0].name
    try stage.portal.storage.writeNow { db in
      let look = Look(.bucket, source: "test", .read(BucketFacts(versioning: "never")))
      try ObservationStore.store(look, site: site, at: stage.clock.now, in: db)
      try FindingStore.judge(site: site, at: stage.clock.now, in: db)
    }
    return stage
  }

  @Test func `a finding is accepted with an owner, a reason and a day, and the log says so`()
    async throws
  {
    let stage = try stage()
    let browser = try await stage.browser(as: "approver")
    let owner = String(try stage.person("operator").id)
    let response = await browser.post(
      "/findings/s3.versioning/acceptance",
      ["owner": owner, "until": "2027-01-31", "reason": "Images are kept elsewhere"])
    #expect(response.status == .seeOther)
    let page = await browser.get("/findings/s3.versioning").text
    #expect(page.contains("Operator answers for it until"))
    #expect(try stage.auditTypes().last == "finding.accepted")
    let ended = await browser.post("/findings/s3.versioning/acceptance/end")
    #expect(ended.status == .seeOther)
    #expect(try stage.auditTypes().last == "finding.acceptance_ended")
    try await stage.end()
  }

  @Test(
    arguments: [
      (["until": "2026-01-01", "reason": "r"], "Choose a last day after today"),
      (["until": "2030-01-01", "reason": "r"], "within a year"),
      (["until": "tomorrow", "reason": "r"], "as 2026-12-31"),
      (["until": "2027-01-31", "reason": ""], "Give a reason"),
    ])
  func `what is missing to accept it is said, and what was typed stays`(
    fields: [String: String], words: String
  ) async throws {
    let stage = try stage()
    let browser = try await stage.browser(as: "approver")
    let owner = String(try stage.person("operator").id)
    let page = await browser.post(
      "/findings/s3.versioning/acceptance", fields.merging(["owner": owner]) { own, _ in own })
    #expect(page.status == .unprocessableContent)
    #expect(page.text.contains(words))
    #expect(page.text.contains("value=\"\(owner)\" selected"))
    try await stage.end()
  }

  @Test func `a finding there is none of is not found`() async throws {
    let stage = try stage()
    #expect(await (try stage.browser(as: "viewer")).get("/findings/nope").status == .notFound)
    #expect(await (try stage.browser(as: "viewer")).get("/resources/nope").status == .notFound)
    try await stage.end()
  }
}
