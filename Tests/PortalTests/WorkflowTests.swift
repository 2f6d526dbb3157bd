import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// Workflows and their runs, read from a GitHub that enforces what the real one does. The tests
/// take turns: there is one.
@Suite(.serialized) struct WorkflowTests {
  let github: FakeGitHub

  init() throws {
    github = try FakeGitHub.ofWorkflows.get()
    try github.reset()
  }

  /// A portal whose clock is near GitHub's, which is the real one, and that has read it once.
  func stage() async throws -> Stage {
    let stage = try Stage(github: github)
    stage.clock.advance(ms: cloud(on: stage).now().since(stage.clock.now))
    try await poll(stage)
    return stage
  }

  func cloud(on stage: Stage) -> Cloud {
    stage.portal.outside.cloud(stage.portal.configuration.sites[0])
  }

  func poll(_ stage: Stage) async throws {
    stage.clock.advance(ms: Span.minute)
    await stage.portal.poll(stage.portal.means(at: stage.portal.configuration.sites[0]))
  }

  func facts(on stage: Stage) throws -> WorkflowFacts {
    try #require(
      try stage.portal.storage.readNow {
        try ObservationStore.facts(WorkflowFacts.self, site: "blog", in: $0)
      }
    ).facts
  }

  func finding(_ id: String, on stage: Stage) throws -> Finding? {
    try stage.portal.storage.readNow { [now = stage.clock.now] db in
      try FindingStore.all(site: "blog", at: now, in: db).map(\.finding).first { $0.id == id }
    }
  }

  @Test func `a poll reads state, runs, inputs and how far each workflow is behind main`()
    async throws
  {
    let stage = try await stage()
    let facts = try facts(on: stage)
    #expect(facts.workflows.map(\.file) == Workflow.all)
    #expect(facts.workflows.allSatisfy { $0.state == "active" && !$0.runs.isEmpty })
    let infra = try #require(facts.workflow("infra-deploy.yml"))
    #expect(infra.definition?.inputs.map(\.name).first == "mode")
    #expect(infra.definition?.inputs.first?.kind == .choice)
    #expect(infra.definition?.inputs.first?.options == ["plan", "apply"])
    #expect(infra.behind == 7 && infra.isStale)
    let theme = try #require(facts.workflow("theme-deploy.yml"))
    #expect(theme.behind == 2 && !theme.isStale)
    #expect(facts.remaining != nil && facts.tokenUntil != nil && facts.missing.isEmpty)
    try await stage.end()
  }

  @Test func `what GitHub has not changed since the last poll costs none of its calls`()
    async throws
  {
    let stage = try Stage(github: github)
    let means = stage.portal.means(at: stage.portal.configuration.sites[0])
    await stage.portal.poll(means)
    let before = try facts(on: stage).remaining
    await stage.portal.poll(means)
    #expect(try facts(on: stage).remaining == before)
    try await stage.end()
  }

  @Test func `each finding comes and goes within one poll`() async throws {
    let stage = try await stage()
    #expect(try finding("workflow.enabled", on: stage)?.outcome == .pass)
    #expect(try finding("workflow.dispatch", on: stage)?.outcome == .pass)
    #expect(try finding("workflow.last-run", on: stage)?.outcome == .pass)
    let behind = try #require(try finding("workflow.behind", on: stage))
    #expect(behind.state.contains("infra-deploy is 7 commits behind main, where infra/"))
    #expect(behind.mend?.form["workflow"] == "infra-deploy.yml")
    try github.change(
      "workflow", #"{"file": "theme-deploy.yml", "state": "disabled_manually"}"#)
    _ = try github.seedRun(
      #"{"file": "image-deploy.yml", "age_s": 5, "inputs": {}, "conclusion": "failure"}"#)
    try github.push(
      "No dispatch", [".github/workflows/image-deploy.yml": "on: push\njobs: {}\n"])
    try await poll(stage)
    #expect(
      try finding("workflow.enabled", on: stage)?.state
        == "theme-deploy is disabled (disabled manually).")
    #expect(
      try finding("workflow.dispatch", on: stage)?.state
        == "image-deploy has no workflow_dispatch.")
    #expect(
      try finding("workflow.last-run", on: stage)?.state.hasPrefix("image-deploy ended as failure")
        == true)
    try await stage.end()
  }

  @Test func `a token that ends soon, has ended, or may too little is found and said in words`()
    async throws
  {
    let stage = try await stage()
    try github.change("token", #"{"expires_in_days": 10}"#)
    try await poll(stage)
    #expect(try finding("github.token-expiry", on: stage)?.outcome == .fail)
    try github.change("token", #"{"expires_in_days": 60, "permissions": {"contents": "none"}}"#)
    try await poll(stage)
    #expect(try finding("github.token-expiry", on: stage)?.outcome == .pass)
    #expect(
      try finding("github.permissions", on: stage)?.state
        == "The token lacks “Contents: read”.")
    #expect(try finding("workflow.behind", on: stage)?.outcome == .noData)
    try github.change("token", #"{"expires_in_days": -1}"#)
    try await poll(stage)
    let access = try #require(try finding("github.access", on: stage))
    #expect(access.outcome == .fail && access.severity == .danger)
    #expect(access.state.contains("wrong, revoked or expired"))
    #expect(try finding("workflow.last-run", on: stage)?.outcome == .noData)
    let page = await (try stage.browser(as: "viewer")).get("/workflows").text
    #expect(page.contains("GitHub lets the token read nothing."))
    try await stage.end()
  }

  @Test func `a repository the token can't see is no empty one`() async throws {
    let stage = try await stage()
    try github.change("token", #"{"sees_repository": false}"#)
    try await poll(stage)
    #expect(
      try finding("github.access", on: stage)?.state.contains("or the token can't see it") == true)
    try await stage.end()
  }

  @Test func `a GitHub that does not answer leaves what was read, with its age, and no verdict`()
    async throws
  {
    let stage = try await stage()
    try github.change("faults", #"[{"method": "GET", "status": 503, "times": null}]"#)
    try await poll(stage)
    #expect(try !facts(on: stage).workflows.isEmpty)
    #expect(try finding("github.access", on: stage)?.outcome == .noData)
    let page = await (try stage.browser(as: "viewer")).get("/workflows").text
    #expect(page.contains("The last reading failed."))
    #expect(page.contains("image-deploy v5.87.1-3"))
    try await stage.end()
  }

  @Test func `without a token the page says what one unlocks and how to add it`() async throws {
    let stage = try Stage()
    try await poll(stage)
    #expect(try finding("github.access", on: stage) == nil)
    let viewer = try await stage.browser(as: "viewer")
    let page = await viewer.get("/workflows").text
    #expect(page.contains("There is no GitHub token"))
    #expect(page.contains("github_token_file"))
    #expect(await viewer.get("/resources/workflows").text.contains("How to add a token"))
    #expect(await viewer.get("/workflows/runs/7").status == .notFound)
    try await stage.end()
  }

  @Test func `runs are kept, also those nobody asked for here, and filtered by the address`()
    async throws
  {
    let stage = try await stage()
    let viewer = try await stage.browser(as: "viewer")
    let all = await viewer.get("/workflows").text
    #expect(all.contains("image-deploy v5.80.0-1") && all.contains("theme-deploy"))
    let failed = await viewer.get("/workflows?result=failure").text
    #expect(!failed.contains("image-deploy v5.80.0-1"))
    #expect(failed.components(separatedBy: "<tr><th scope=\"row\"").count == 2)
    #expect(
      await viewer.get("/workflows?workflow=infra-deploy.yml&result=failure").text
        .contains("No run fits."))
    try github.reset()
    try await poll(stage)
    #expect(await viewer.get("/workflows").text.contains("image-deploy v5.80.0-1"))
    try await stage.end()
  }

  @Test func `a long list goes on from where it was, whatever comes in meanwhile`() async throws {
    let stage = try await stage()
    let now = stage.clock.now
    try stage.portal.storage.writeNow { db in
      let runs = (1...60).map { number in
        RunSummary(
          id: Int64(number), file: "theme-deploy.yml", title: "theme number-\(number).",
          commit: "c", event: "push", status: "completed", conclusion: "success",
          createdAt: now.adding(ms: Int64(number)), startedAt: now, updatedAt: now)
      }
      try RunStore.keep(runs, site: "blog", at: now, in: db)
    }
    let viewer = try await stage.browser(as: "viewer")
    let first = await viewer.get("/workflows").text
    #expect(first.contains("number-60.") && first.contains("number-36."))
    #expect(!first.contains("number-35."))
    let older = "/workflows?before=\(now.ms + 36)-36"
    #expect(first.contains("href=\"\(older)\""))
    let second = await viewer.get(older).text
    #expect(second.contains("number-35.") && second.contains("number-11."))
    #expect(!second.contains("number-36."))
    try await stage.end()
  }

  @Test func `runs are forgotten after two years`() async throws {
    let stage = try await stage()
    func count() throws -> Int? {
      try stage.portal.storage.readNow { try Int.fetchOne($0, sql: "SELECT count(*) FROM runs") }
    }
    #expect(try count() ?? 0 > 5)
    try stage.portal.storage.writeNow { [now = stage.clock.now] db in
      try Retention.sweep(at: now.adding(ms: 731 * Span.day), in: db)
    }
    #expect(try count() == 0)
    try await stage.end()
  }
}
