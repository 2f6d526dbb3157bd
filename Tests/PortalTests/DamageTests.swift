import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// Rows of one change or one entry that are not as they were written: everything else goes on.
@Suite struct DamageTests {
  /// What can be wrong with the row of a change.
  enum Kind: CaseIterable {
    case bytes, digest, revision

    func damage(_ change: Int64, in db: Database) throws {
      let isOf = "(SELECT id FROM changes WHERE number = \(change))"
      switch self {
      case .bytes:
        try db.execute(
          sql: "UPDATE plans SET bytes = substr(bytes, 2) WHERE change_id = \(isOf)")
      case .digest:
        try db.execute(
          sql: "UPDATE plans SET digest = hex(randomblob(32)) WHERE change_id = \(isOf)")
      case .revision:
        try db.execute(sql: "UPDATE changes SET revision = 9 WHERE number = \(change)")
      }
    }
  }

  private func damage(_ change: Int64, _ kind: Kind = .bytes, on stage: Stage) throws {
    try stage.portal.storage.writeNow { db in
      try db.execute(sql: "DROP TRIGGER IF EXISTS plans_immutable")
      try kind.damage(change, in: db)
    }
  }

  private func damage(entry seq: Int64, on stage: Stage) throws {
    try stage.portal.storage.writeNow { db in
      try db.execute(sql: "DROP TRIGGER audit_immutable")
      try db.execute(
        sql: "UPDATE audit SET bytes = substr(bytes, 2) WHERE seq = ?", arguments: [seq])
    }
  }

  /// The number of the newest entry of a type.
  private func entry(_ type: String, on stage: Stage) throws -> Int64 {
    try stage.portal.storage.readNow { db in
      try Int64.fetchOne(
        db, sql: "SELECT max(seq) FROM audit WHERE type = ?", arguments: [type]) ?? 0
    }
  }

  private func state(_ number: Int64, on stage: Stage) throws -> String? {
    try stage.portal.storage.readNow { db in
      try String.fetchOne(
        db, sql: "SELECT state FROM changes WHERE number = ?", arguments: [number])
    }
  }

  @Test(arguments: Kind.allCases)
  func `a damaged change is named in every list, beside the others, and says itself what to do`(
    kind: Kind
  ) async throws {
    let stage = try Stage()
    for _ in 0..<3 { _ = try await Proposals.propose(on: stage) }
    let browser = try await stage.browser(as: "administrator")
    #expect(await browser.get("/changes").text.contains("3 changes wait."))
    try damage(2, kind, on: stage)
    let list = await browser.get("/changes").text
    #expect(list.contains("2 changes wait."))
    #expect(list.contains("/changes/1\"") && list.contains("/changes/3\""))
    for path in ["/changes", "/", "/search?q=CR-2"] {
      let page = await browser.get(path)
      #expect(page.status == .ok, "\(path)")
      #expect(page.text.contains("CR-2 can&#39;t be read: it is damaged"), "\(path)")
    }
    for path in [
      "/search?q=sunday", "/safety", "/todos", "/deployments", "/costs", "/audit", "/people/3",
      "/scaling",
    ] {
      #expect(await browser.get(path).status == .ok, "\(path)")
    }
    let own = await browser.get("/changes/2")
    #expect(own.status == .internalServerError)
    #expect(own.text.contains("<h1>CR-2 is damaged</h1>"))
    #expect(own.text.contains("go back to the last backup: operations.md"))
    try await stage.end()
  }

  @Test func `nothing is done with a damaged change, whoever asks`() async throws {
    let stage = try Stage()
    let number = try await Proposals.propose(on: stage)
    let digest = try stage.change(number).digest
    try damage(number, on: stage)
    let acts = [
      "approval", "rejection", "vote-withdrawal", "revocation", "withdrawal", "execution",
      "resumption", "finding", "inverse",
    ]
    let form = [
      "digest": digest, "password": Stage.password, "note": "n", "found": "done", "typed": "t",
    ]
    for login in ["operator", "administrator"] {
      let browser = try await stage.browser(as: login)
      for act in acts {
        let answer = await browser.post("/changes/\(number)/\(act)", form)
        let isRefused = answer.status == .forbidden || answer.text.contains("CR-1 is damaged")
        #expect(isRefused, "\(login): \(act)")
      }
    }
    #expect(try state(number, on: stage) == "pending")
    try await stage.end()
  }

  @Test func `the clock runs, and closes, the others`() async throws {
    let stage = try Stage()
    for _ in 0..<2 {
      var plan = try Proposals.plan()
      plan.terms.runAt = stage.clock.now.adding(ms: Span.minute)
      try await Proposals.approve(try await Proposals.propose(plan, on: stage), on: stage)
    }
    try damage(1, on: stage)
    stage.clock.advance(ms: Span.minute)
    try await stage.portal.runWhatIsDue()
    #expect(try stage.auditTypes().contains("change.refused"))
    stage.clock.advance(ms: 30 * Span.day)
    let log = CapturedLog()
    let reconciler = Reconciler(
      storage: stage.portal.storage, outside: stage.portal.outside, log: log.logger)
    try await reconciler.settle(
      with: stage.portal.means(at: stage.portal.configuration.sites[0]))
    try await reconciler.sweep()
    #expect(try state(1, on: stage) == "approved")
    #expect(try state(2, on: stage) == "expired")
    try await stage.end()
  }

  @Test func `a start leaves a damaged run as it is, locked, and the check says so`() async throws {
    let before = try Stage()
    for count in [2, 3] {
      let number = try await Proposals.propose(try Proposals.plan(count: Int64(count)), on: before)
      try before.portal.storage.writeNow { db in
        try ChangeStore.setState(
          of: ChangeStore.find(number, in: db), to: .executing, window: nil, in: db)
      }
    }
    try damage(1, on: before)
    try await before.portal.close()
    let stage = try Stage(folder: before.folder, clock: before.clock)
    #expect(try state(1, on: stage) == "executing")
    #expect(try state(2, on: stage) == "unknown")
    await stage.portal.executor.stop(1, why: "It has to end.")
    #expect(try state(1, on: stage) == "executing")
    let own = Installation(
      configuration: stage.portal.configuration, outside: stage.portal.outside)
    for isWhole in [false, true] {
      let check = await own.checks(clockLeadMs: 0, wholly: isWhole).first { $0.what == "Changes" }
      #expect(check?.standing == .unsafe)
      #expect(check?.state == "Damaged in the database: CR-1.")
      #expect(check?.remedy == Damage.remedy)
    }
    try await stage.end()
  }

  /// Somebody has approved, and the entry that says so is damaged.
  private func withDamagedEntry() async throws -> (stage: Stage, seq: Int64) {
    let stage = try Stage()
    let number = try await Proposals.propose(on: stage)
    try await Proposals.approve(number, on: stage)
    let seq = try entry("change.approved", on: stage)
    try damage(entry: seq, on: stage)
    return (stage, seq)
  }

  @Test func `a damaged entry stands in its lists as what it is`() async throws {
    let (stage, seq) = try await withDamagedEntry()
    let browser = try await stage.browser(as: "auditor")
    for path in [
      "/audit", "/audit/review", "/audit?change=1", "/changes/1", "/audit/entries/\(seq)",
    ] {
      let page = await browser.get(path)
      #expect(page.status == .ok, "\(path)")
      #expect(page.text.contains("Entry \(seq)"), "\(path)")
      #expect(page.text.contains("can&#39;t be read: it is damaged in the database."), "\(path)")
    }
    #expect(await browser.get("/search?q=\(seq)").text.contains("it is damaged in the database"))
    try await stage.end()
  }

  @Test func `a damaged entry is neither reviewed nor exported`() async throws {
    let (stage, seq) = try await withDamagedEntry()
    let browser = try await stage.browser(as: "auditor")
    #expect(!(await browser.get("/audit/entries/\(seq)").text.contains("Record the review")))
    for (path, form) in [
      ("/audit/entries/\(seq)/review", ["verdict": "ok"]), ("/audit/exports", ["format": "csv"]),
      ("/audit/exports", ["format": "ocsf"]),
    ] {
      let answer = await browser.post(path, form)
      #expect(answer.text.contains("<h1>Entry \(seq) is damaged</h1>"), "\(path)")
    }
    let isReviewed = try stage.portal.storage.readNow { db in
      try ReviewStore.find(seq, in: db)?.item.verdict != nil
    }
    #expect(!isReviewed)
    try await stage.end()
  }

  @Test func `a damaged refusal does not keep anybody from signing in`() async throws {
    let stage = try Stage()
    let visitor = Browser(stage.portal)
    func tryWrongly() async -> HTTPResponse.Status {
      await visitor.post("/session", ["login": "viewer", "password": "wrong"]).status
    }
    let first = await tryWrongly()
    try damage(entry: try entry("session.refused", on: stage), on: stage)
    #expect(await tryWrongly() == first)
    _ = try await stage.browser(as: "viewer")
    try await stage.end()
  }
}
