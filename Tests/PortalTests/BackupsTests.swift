import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// The page of the backups, and the record of restores that were tried.
@Suite struct BackupsTests {
  /// A stage on which backups were read.
  private func stage(_ outcome: Look.Outcome? = nil) throws -> Stage {
    let stage = try Stage()
    let look = Look(
      .backups, source: "rds:DescribeDBSnapshots",
      outcome ?? .read(Self.facts(at: stage.clock.now)))
    try stage.portal.storage.writeNow { [now = stage.clock.now] db in
      try ObservationStore.store(look, site: "blog", at: now, in: db)
    }
    return stage
  }

  private static func facts(at now: Moment) -> BackupFacts {
    func snapshot(_ id: String, _ status: String, _ percent: Int64) -> SnapshotSummary {
      SnapshotSummary(
        id: id, kind: "manual", status: status,
        madeAt: percent < 100 ? nil : now.adding(ms: -3 * Span.day), isEncrypted: false,
        engineVersion: "8.0.40", storageGiB: 20, percent: percent)
    }
    return BackupFacts(
      snapshots: [snapshot("new", "creating", 40), snapshot("before-5-87", "available", 100)],
      restorableFrom: now.adding(ms: -Span.day), restorableTo: now.adding(ms: -5 * Span.minute),
      publicSnapshots: ["before-5-87"])
  }

  private let good = [
    "what": "before-5-87", "worked": "yes", "note": "Ghost showed its newest post",
  ]

  @Test func `the page says how far back one can go, and lists the snapshots`() async throws {
    let stage = try stage()
    let page = await (try stage.browser(as: "operator")).get("/backups").text
    for words in [
      "The newest backup was made 5 minutes ago.", "restored to any moment from 21 November 2026",
      "creating, 40 %", "<b>public</b>", "Take a snapshot", "Set how long backups are kept",
      "/changes/new?kind=rds.restore&amp;from=snapshot%3Abefore-5-87",
      "Nobody has noted that a restore worked.",
    ] {
      #expect(page.contains(words), "\(words)")
    }
    #expect(!page.contains("from=snapshot%3Anew"))
    try await stage.end()
  }

  @Test func `a viewer sees it and is offered nothing`() async throws {
    let stage = try stage()
    let page = await (try stage.browser(as: "viewer")).get("/backups").text
    #expect(page.contains("before-5-87"))
    #expect(!page.contains("/changes/new"))
    #expect(!page.contains("/restore-tests"))
    try await stage.end()
  }

  @Test func `what could not be read is said, and is no backup`() async throws {
    let stage = try stage(.failed("AWS does not allow this: RDS DescribeDBSnapshots."))
    let page = await (try stage.browser(as: "viewer")).get("/backups").text
    #expect(page.contains("Nothing is known of the backups yet."))
    #expect(page.contains("AWS does not allow this: RDS DescribeDBSnapshots."))
    #expect(!page.contains("There is no snapshot."))
    try await stage.end()
  }

  @Test func `a restore that worked is green for 90 days, and the log has it`() async throws {
    let stage = try stage()
    let browser = try await stage.browser(as: "operator")
    let response = await browser.post("/restore-tests", good)
    #expect(response.headers[.location] == "/backups?said=tested")
    #expect(try stage.auditTypes().last == "backup.restore_tested")
    var page = await browser.get("/backups").text
    #expect(page.contains("A restore last worked just now."))
    #expect(page.contains("Ghost showed its newest post"))
    stage.clock.advance(ms: 91 * Span.day)
    page = await (try stage.browser(as: "viewer")).get("/backups").text
    #expect(page.contains("A restore last worked 91 days ago."))
    #expect(page.contains("Try one at least every 90 days."))
    let audit = await (try stage.browser(as: "auditor")).get("/audit").text
    #expect(audit.contains("restored before-5-87 to try it, which worked"))
    try await stage.end()
  }

  @Test func `a newer restore that did not work is not hidden by one that did`() async throws {
    let stage = try stage()
    let browser = try await stage.browser(as: "operator")
    _ = await browser.post("/restore-tests", good)
    stage.clock.advance(ms: Span.minute)
    _ = await browser.post(
      "/restore-tests", good.merging(["worked": "no", "note": "No such table: posts"]) { $1 })
    let page = await browser.get("/backups").text
    #expect(page.contains("The newest one did not."))
    #expect(page.contains("No such table: posts"))
    try await stage.end()
  }

  @Test(arguments: [
    (["what": ""], "Say what you restored"), (["worked": ""], "Say whether it worked."),
    (["worked": "perhaps"], "Say whether it worked."), (["note": ""], "Say how you saw that"),
    (["what": String(repeating: "x", count: 256)], "255 characters or less"),
    (["note": String(repeating: "x", count: 2_001)], "longer than 2000 characters"),
    (["note": String(repeating: "e\u{301}", count: 1_001)], "longer than 2000 characters"),
    (["note": "with AKIAIOSFODNN7EXAMPLQ"], "an AWS access key"),
  ])
  func `a record without its parts is refused with what was typed still there`(
    change: [String: String], words: String
  ) async throws {
    let stage = try stage()
    let browser = try await stage.browser(as: "operator")
    let before = try stage.auditTypes()
    let response = await browser.post("/restore-tests", good.merging(change) { $1 })
    #expect(response.status == .unprocessableContent)
    #expect(response.text.contains("There is a problem"))
    #expect(response.text.contains(words), "\(words)")
    #expect(change["what"] != nil || response.text.contains(#"value="before-5-87""#))
    #expect(try stage.auditTypes() == before)
    try await stage.end()
  }
}
