import Foundation
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// The one history of deployments: its pages over runs of GitHub and rollouts that were seen.
extension WorkflowTests {
  private static let service = "arn:aws:ecs:us-west-2:1:service-deployment/main/ghost/"

  /// Keeps rollouts, the first an hour ago, each ten minutes after the one before.
  private func rollouts(_ all: [RolloutSummary], on stage: Stage) throws {
    let start = stage.clock.now.adding(ms: -Span.hour)
    try stage.portal.storage.writeNow { db in
      let placed = all.enumerated().map { index, rollout in
        var placed = rollout
        placed.startedAt = start.adding(ms: Int64(index) * 10 * Span.minute)
        placed.endedAt = placed.startedAt?.adding(ms: 3 * Span.minute)
        return placed
      }
      try DeploymentStore.keep(placed, site: "blog", in: db)
    }
  }

  private func told(_ id: String, _ revision: String, _ status: String = "SUCCESSFUL")
    -> RolloutSummary
  {
    RolloutSummary(
      arn: Self.service + id, status: status,
      reason: status == "SUCCESSFUL" ? "" : "tasks failed to start", revision: revision,
      digest: "sha256:" + String(repeating: id.first.map(String.init) ?? "0", count: 64))
  }

  @Test func `a rollout has a page of its own, with what ran before and what came shortly before`()
    async throws
  {
    let stage = try await stage()
    try rollouts(
      [told("aaaa", "Ghost:1"), told("bbbb", "Ghost:2", "ROLLBACK_SUCCESSFUL")], on: stage)
    let browser = try await stage.browser(as: "viewer")
    let list = await browser.get("/deployments?area=service").text
    #expect(list.contains(#"href="/deployments/rollouts/bbbb""#))
    let page = await browser.get("/deployments/rollouts/bbbb").text
    #expect(page.contains("Ghost:1 → Ghost:2"))
    #expect(page.contains("It did not bring what it was to bring. tasks failed to start"))
    #expect(page.contains("Rollout of Ghost:1"))
    #expect(await browser.get("/deployments/rollouts/cccc").status == .notFound)
    #expect(await browser.get("/deployments/rollouts/%25").status == .notFound)
    try await stage.end()
  }

  @Test func `two deployments are compared, with the site after each and what came in between`()
    async throws
  {
    let stage = try await stage()
    try rollouts(
      [
        told("aaaa", "Ghost:1"), told("bbbb", "Ghost:2", "ROLLBACK_SUCCESSFUL"),
        told("cccc", "Ghost:3"),
      ], on: stage)
    let browser = try await stage.browser(as: "viewer")
    for query in ["a=rollout-cccc&b=rollout-aaaa", "a=rollout-aaaa&b=rollout-cccc"] {
      let page = await browser.get("/deployments/compare?" + query).text
      #expect(page.contains("They began 20 minutes apart."))
      #expect(page.contains("1 deployment came in between"))
      #expect(page.contains("Rollout of Ghost:2: tasks failed to start"))
      #expect(page.contains(">Ghost:1<") && page.contains(">Ghost:3<"))
      #expect(page.contains("differs"))
    }
    // One that was rolled back leaves what was there.
    let same = await browser.get("/deployments/compare?a=rollout-aaaa&b=rollout-bbbb").text
    #expect(same.contains("Nothing came in between") && same.contains("the same"))
    try await stage.end()
  }

  @Test func `what nobody asked for here is found behind any number of runs that were asked for`()
    async throws
  {
    let stage = try await stage()
    let mark = try stage.change(try await Proposals.propose(on: stage)).id
    let now = stage.clock.now
    try stage.portal.storage.writeNow { db in
      let runs = (0...Int64(Portal.deploymentsPerPage) + 1).map { age in
        RunSummary(
          id: 1_000 + age, file: "image-deploy.yml", title: age == 0 ? "by hand." : mark,
          commit: "c", event: "push", status: "completed", conclusion: "success",
          createdAt: now.adding(ms: age), startedAt: now, updatedAt: now)
      }
      try RunStore.keep(runs, site: "blog", at: now, in: db)
    }
    let browser = try await stage.browser(as: "viewer")
    #expect(await browser.get("/deployments?by=outside").text.contains("by hand."))
    #expect(!(await browser.get("/deployments").text.contains("by hand.")))
    try await stage.end()
  }

  @Test func `runs that one push began are on one page, and none is lost between two`()
    async throws
  {
    let stage = try await stage()
    let now = stage.clock.now
    try stage.portal.storage.writeNow { db in
      let runs = (0..<Int64(Portal.deploymentsPerPage) + 10).map { number in
        RunSummary(
          id: 1_000 + number, file: "image-deploy.yml", title: "push number-\(number).",
          commit: "c", event: "push", status: "completed", conclusion: "success",
          createdAt: now.adding(ms: number / 3 * Span.second), startedAt: now, updatedAt: now)
      }
      try RunStore.keep(runs, site: "blog", at: now, in: db)
    }
    let browser = try await stage.browser(as: "viewer")
    let first = await browser.get("/deployments").text
    let link = try #require(first.firstMatch(of: /href="(\/deployments\?before=[0-9]+)"/))
    let second = await browser.get(String(link.1)).text
    for number in 0..<Portal.deploymentsPerPage + 10 {
      let words = "push number-\(number)."
      #expect(first.contains(words) != second.contains(words), "\(words)")
    }
    #expect(first.contains("The last began ") && !second.contains("The last began "))
    let end = await browser.get("/deployments?before=1").text
    #expect(end.contains("No deployment fits this filter"))
    #expect(!end.contains("Nothing was deployed yet"))
    try await stage.end()
  }

  @Test func `two runs are compared by their commits, and what is not there is said`() async throws
  {
    let stage = try await stage()
    let browser = try await stage.browser(as: "viewer")
    let list = await browser.get("/deployments?area=image").text
    let keys = list.matches(of: #/name="a" value="(run-[0-9]+)"/#).map { String($0.output.1) }
    #expect(keys.count >= 2)
    let page = await browser.get("/deployments/compare?a=\(keys[0])&b=\(keys[1])")
    #expect(page.status == .ok)
    #expect(page.text.contains("The site after each"))
    for query in ["", "?a=run-1&b=change-1", "?a=\(keys[0])", "?a=-&b=x", "?a=run-x&b=rollout-"] {
      let refused = await browser.get("/deployments/compare" + query)
      #expect(refused.status == .notFound, "\(query)")
      #expect(refused.text.contains("Choose an A and a B"), "\(query)")
    }
    try await stage.end()
  }
}
