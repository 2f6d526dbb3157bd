import Foundation
import Rules
import Testing

@testable import Portal

extension Stage {
  /// Acts past Caretaker, newest first.
  func outsideActs() throws -> [OutsideAct] {
    try portal.storage.readNow { try TrailStore.newest(site: "blog", in: $0) }
  }
}

/// Acts past Caretaker, as the runs of GitHub tell of them.
extension WorkflowTests {
  /// A run of image-deploy that ended well a moment ago.
  private func seedRun(_ more: String = "") throws -> Int64 {
    try github.seedRun(
      #"{"file": "image-deploy.yml", "age_s": 30, "conclusion": "success"\#(more)}"#)
  }

  private func acts(of run: Int64, on stage: Stage) throws -> [OutsideAct] {
    try stage.outsideActs().filter { $0.source == "github" && $0.id.hasPrefix("\(run)-") }
  }

  @Test func `a deploy that somebody starts on GitHub is seen once, and waits to be reviewed`()
    async throws
  {
    let stage = try await stage()
    let pushed = try seedRun()
    let run = try seedRun(#", "inputs": {"image_tag": "v5.87.1-3"}"#)
    try await poll(stage)
    try await poll(stage)
    #expect(try acts(of: pushed, on: stage).map(\.act) == ["image-deploy.yml by a push"])
    let seen = try acts(of: run, on: stage)
    #expect(seen.map(\.act) == ["image-deploy.yml by hand"])
    let auditor = try await stage.browser(as: "auditor")
    let review = await auditor.get("/audit/review").text
    #expect(review.contains("saw an act that no change made: image-deploy.yml by hand"))
    try await stage.end()
  }

  @Test func `a deploy that carries the mark of an approved change is that change's`() async throws
  {
    let stage = try await stage()
    let number = try await Proposals.propose(on: stage)
    try await Proposals.approve(number, on: stage)
    let mark = try stage.change(number).id
    let run = try seedRun(#", "inputs": {"change_id": "\#(mark)"}"#)
    try await poll(stage)
    #expect(try acts(of: run, on: stage).isEmpty)
    try await stage.end()
  }

  @Test func `the mark of a change that nobody has approved covers nothing`() async throws {
    let stage = try await stage()
    let mark = try stage.change(try await Proposals.propose(on: stage)).id
    let run = try seedRun(#", "inputs": {"change_id": "\#(mark)"}"#)
    try await poll(stage)
    #expect(try acts(of: run, on: stage).count == 1)
    try await stage.end()
  }

  @Test func `the history says from which commit to which a run went, and links to the difference`()
    async throws
  {
    let stage = try await stage()
    try github.push("Another image", ["ghost/Dockerfile": "FROM ghost:5\n"])
    _ = try seedRun()
    try await poll(stage)
    try await stage.portal.close()
    // Of a server with another address only the API is known, and no page to link to.
    let later = try Stage(github: github, folder: stage.folder, clock: stage.clock) {
      $0.githubEndpoint = nil
    }
    let page = await (try later.browser(as: "viewer")).get("/deployments?area=image").text
    let link = try #require(
      page.firstMatch(of: /href="[^"]+\/compare\/([0-9a-f]{40})\.\.\.([0-9a-f]{40})"/))
    #expect(link.1 != link.2)
    #expect(page.contains("<small>\(link.1.prefix(7)) → \(link.2.prefix(7)) "))
    try await later.end()
  }

  @Test func `a run that failed deployed nothing`() async throws {
    let stage = try await stage()
    let run = try github.seedRun(
      #"{"file": "image-deploy.yml", "age_s": 30, "conclusion": "failure"}"#)
    try await poll(stage)
    #expect(try acts(of: run, on: stage).isEmpty)
    try await stage.end()
  }
}

/// Acts past Caretaker, as Ghost's own log tells of them.
extension ThemeDeployTests {
  private func act(_ caller: String, _ event: String, _ kind: String, _ name: String) throws {
    try blog.control(
      "act",
      #"{"caller": "\#(caller)", "event": "\#(event)", "kind": "\#(kind)", "name": "\#(name)"}"#)
  }

  /// Polls with a clock that is near Ghost's, which is the real one.
  private func look(_ stage: Stage) async throws -> [String] {
    let site = stage.portal.configuration.sites[0]
    stage.clock.advance(ms: stage.portal.outside.cloud(site).now().since(stage.clock.now))
    try await poll(stage)
    return try stage.outsideActs().filter { $0.source == "ghost" }.map(\.act)
  }

  @Test func `what staff change in Ghost by hand is seen once, and a post is none of it`()
    async throws
  {
    let stage = try stage()
    try act("staff", "edited", "setting", "members_signup_access")
    try act("staff", "edited", "post", "Sunday")
    #expect(try await look(stage) == ["setting edited"])
    #expect(try await look(stage) == ["setting edited"])
    let entries = try stage.auditTypes().filter { $0 == "outside.acted" }
    #expect(entries.count == 1)
    try await stage.end()
  }

  @Test func `a theme that a change sent is the change's, one that another key sent is not`()
    async throws
  {
    let stage = try stage()
    _ = try await look(stage)
    _ = try await deployed(try await keep("1.5.0", on: stage), on: stage)
    #expect(try await look(stage) == [])
    stage.clock.advance(ms: Span.hour)
    try await poll(stage)
    try act("staff", "edited", "theme", ThemeZip.name)
    #expect(try await look(stage) == ["theme edited"])
    try await stage.end()
  }
}
