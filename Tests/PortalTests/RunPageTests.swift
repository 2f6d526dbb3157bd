import Foundation
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// The page of one run, and the files that are had from it.
extension WorkflowTests {
  private func dispatched(
    _ file: String, _ inputs: [String: String] = [:], on stage: Stage
  ) async throws -> Int64 {
    try #require(
      try await cloud(on: stage).github.dispatch(file, on: "main", inputs: inputs))
  }

  private func show(_ run: Int64, _ query: String = "", on stage: Stage) async throws -> Response {
    await (try stage.browser(as: "operator")).get("/workflows/runs/\(run)\(query)")
  }

  @Test func `a run is shown as it goes, and followed without a script until it is over`()
    async throws
  {
    let stage = try await stage()
    let run = try await dispatched("image-deploy.yml", on: stage)
    let waiting = try await show(run, on: stage).text
    #expect(waiting.contains("It waits for a machine of GitHub"))
    #expect(waiting.contains("http-equiv=\"refresh\" content=\"5\""))
    #expect(waiting.contains("data-following=\"/workflows/runs/\(run)\""))
    try github.advance(seconds: 125)
    let running = try await show(run, on: stage).text
    #expect(running.contains("It runs: deploy, step “"))
    #expect(running.contains("Cancel it") && !running.contains("Run it again"))
    try github.advance(seconds: 300)
    let over = try await show(run, on: stage).text
    #expect(over.contains("It succeeded after"))
    #expect(!over.contains("http-equiv=\"refresh\""))
    #expect(over.contains("Run it again") && !over.contains("Cancel it"))
    #expect(over.contains("No change of Caretaker asked for it."))
    #expect(over.contains("Log of deploy, newest lines"))
    try await stage.end()
  }

  @Test func `a run that failed shows its step and the log of the job that failed`() async throws {
    let stage = try await stage()
    let run = try github.seedRun(
      #"{"file": "image-deploy.yml", "inputs": {}, "conclusion": "failure"}"#)
    let page = try await show(run, on: stage).text
    #expect(page.contains("It failed after 4 min 0 s: deploy, step “"))
    #expect(page.contains("##[error]Process completed with exit code 1."))
    #expect(page.contains("Run again what failed"))
    let browser = try await stage.browser(as: "operator")
    let found = await browser.get("/workflows/runs/\(run)?q=process+COMPLETED&wrap=yes").text
    #expect(found.contains("<mark>Process completed</mark>"))
    #expect(found.contains("1 line holds “process COMPLETED”."))
    #expect(found.contains("log tail wrapped") && found.contains("Keep each line in one row"))
    let line = try #require(found.firstMatch(of: /href="(#L\d+)" aria-label="Line \d+"/)?.1)
    #expect(page.contains("href=\"\(line)\""), "a line keeps its address")
    let none = await browser.get("/workflows/runs/\(run)?q=zebra").text
    #expect(none.contains("No line holds “zebra”."))
    try await stage.end()
  }

  @Test func `where GitHub can't be asked the run is shown as it was last read`() async throws {
    let stage = try await stage()
    let run = try #require(try facts(on: stage).workflow("image-deploy.yml")?.runs.first)
    try github.change("faults", #"[{"method": "GET", "status": 502, "times": null}]"#)
    let page = try await show(run.id, on: stage)
    #expect(page.status == .ok)
    #expect(page.text.contains("GitHub can't be asked now."))
    #expect(page.text.contains("It succeeded after"))
    #expect(try await show(42, on: stage).status == .badGateway)
    try github.change("faults", "[]")
    #expect(try await show(42, on: stage).status == .notFound)
    try await stage.end()
  }

  @Test func `a log that GitHub keeps no longer is said to be gone`() async throws {
    let stage = try await stage()
    let run = try #require(try facts(on: stage).workflow("image-deploy.yml")?.runs.first)
    try github.change("logs", #"{"run": \#(run.id)}"#)
    #expect(try await show(run.id, on: stage).text.contains("GitHub keeps this no longer"))
    try await stage.end()
  }

  @Test func `log and artifacts are files to keep, and the token stays with GitHub`() async throws {
    let stage = try await stage()
    let run = try await dispatched("infra-deploy.yml", ["mode": "plan"], on: stage)
    try github.advance(seconds: 300)
    let page = try await show(run, on: stage).text
    let links = page.matches(of: /href="(\/workflows\/runs\/\d+\/(?:jobs|artifacts)\/[^"]+)"/)
      .map { String($0.1) }
    let log = try #require(links.first { $0.hasSuffix("/log") })
    let artifact = try #require(links.first { $0.contains("/artifacts/") })
    let browser = try await stage.browser(as: "viewer")
    let text = await browser.get(log)
    #expect(text.text.contains("Stack GhostInfraStack"))
    let zip = await browser.get(artifact)
    #expect(zip.body.starts(with: Array("PK".utf8)))
    for (answer, name) in [(text, "\(run)-plan.log"), (zip, "\(run)-cdk-diff.zip")] {
      #expect(answer.headers[.contentDisposition] == "attachment; filename=\"\(name)\"")
      #expect(answer.headers[.xContentTypeOptions] == "nosniff")
    }
    #expect(try github.leaks() == 0)
    #expect(await browser.get("/workflows/runs/\(run)/artifacts/1").status == .notFound)
    #expect(await browser.get("/workflows/runs/\(run)/jobs/1/log").status == .notFound)
    try await stage.end()
  }

  @Test func `a run that borrows the mark of a change is not taken for that change's run`()
    async throws
  {
    let stage = try await stage()
    let number = try await Proposals.propose(on: stage)
    let id = try stage.change(number).id
    let run = try await dispatched("image-deploy.yml", ["change_id": id], on: stage)
    let page = try await show(run, on: stage).text
    #expect(page.contains("It carries the mark of a change whose run is another one:"))
    try await stage.end()
  }

  @Test func `who may only look is offered nothing to do`() async throws {
    let stage = try await stage()
    let run = try await dispatched("image-deploy.yml", on: stage)
    let page = await (try stage.browser(as: "viewer")).get("/workflows/runs/\(run)").text
    #expect(!page.contains("Cancel it"))
    #expect(await !(try stage.browser(as: "viewer")).get("/workflows").text.contains("Run image"))
    try await stage.end()
  }
}
