import AWS
import Foundation
import Rules
import Testing

@testable import Portal

/// GitHub's client against a server that refuses, limits, redirects and forgets.
extension WorkflowTests {
  /// A client on a clock that stands still, with a memory of its own.
  private func client(_ clock: TestClock, on stage: Stage) -> GitHub {
    let cloud = cloud(on: stage)
    return GitHub(
      site: stage.portal.configuration.sites[0], transport: cloud.transport, environment: [:],
      now: { clock.now }, sleep: { _ in })
  }

  private func sentence(_ call: () async throws -> Void) async -> String {
    do {
      try await call()
      return "nothing was wrong"
    } catch let error as GitHubError {
      return error.sentence
    } catch {
      return "\(error)"
    }
  }

  @Test func `the version of the API is the newest that both know, whatever is called first`()
    async throws
  {
    try github.change("api", #"{"versions": ["2022-11-28"]}"#)
    let stage = try Stage(github: github)
    let reads = cloud(on: stage).github
    _ = try await reads.dispatch("theme-deploy.yml", on: "main", inputs: [:])
    let sent = try github.writes().map { [$0.version, $0.status.map(String.init)] }
    #expect(sent == [["2026-03-10", "400"], ["2022-11-28", "200"]])
    _ = try await reads.workflows()
    #expect(try github.calls().last?.version == "2022-11-28")
    try await stage.end()
  }

  @Test func `calls that change something wait for their turn, however many come at once`()
    async throws
  {
    let stage = try Stage(github: github)
    let writes = client(TestClock(), on: stage)
    for _ in 0..<4 { _ = try await writes.dispatch("theme-deploy.yml", on: "main", inputs: [:]) }
    #expect(try github.writes().count == 4)
    try await stage.end()
  }

  @Test func `GitHub is left alone for longer each time it says no time, and then asked again`()
    async throws
  {
    let stage = try Stage(github: github)
    let clock = TestClock()
    let reads = client(clock, on: stage)
    try github.change(
      "limits", #"{"secondary": {"times": 3, "status": 429, "retry_after_s": null}}"#)
    for minutes: Int64 in [1, 2, 4] {
      #expect(await sentence { _ = try await reads.workflows() }.contains("too many calls"))
      let rest = try #require(reads.standing.restsUntil)
      #expect(rest.since(clock.now) == minutes * Span.minute)
      clock.advance(ms: minutes * Span.minute)
    }
    #expect(try await reads.workflows().count == 3)
    try await stage.end()
  }

  @Test func `a secondary limit is respected for as long as retry-after says, by writes too`()
    async throws
  {
    let stage = try Stage(github: github)
    let clock = TestClock()
    let reads = client(clock, on: stage)
    try github.change("limits", #"{"secondary": {"retry_after_s": 30}}"#)
    _ = await sentence { _ = try await reads.workflows() }
    let before = try github.calls().count
    #expect(
      await sentence { try await reads.cancel(1) }
        == "GitHub has asked to be left alone. It is asked again in 30 seconds.")
    #expect(try github.calls().count == before)
    clock.advance(ms: 30 * Span.second)
    #expect(try await reads.workflows().count == 3)
    try await stage.end()
  }

  @Test func `a run that many follow is asked for once in a while`() async throws {
    let stage = try Stage(github: github)
    let clock = TestClock()
    let reads = client(clock, on: stage)
    let id = try #require(try await reads.runs(of: "image-deploy.yml").first).id
    func calls() throws -> Int { try github.calls().filter { $0.path.hasSuffix("/\(id)") }.count }
    for _ in 0..<5 { _ = try await reads.run(id) }
    #expect(try calls() == 1)
    clock.advance(ms: GitHub.runFreshForMs)
    _ = try await reads.run(id)
    #expect(try calls() == 2)
    clock.advance(ms: -Span.hour)
    _ = try await reads.run(id)
    try await stage.end()
  }

  @Test func `what GitHub wants to be asked for once a minute is asked for once a minute`()
    async throws
  {
    let stage = try Stage(github: github)
    let clock = TestClock()
    let reads = client(clock, on: stage)
    try github.change("limits", #"{"poll_interval_s": 60}"#)
    let before = try github.calls().count
    for _ in 0..<5 { _ = try await reads.workflows() }
    #expect(try github.calls().count == before + 1)
    clock.advance(ms: Span.minute)
    _ = try await reads.workflows()
    #expect(try github.calls().count == before + 2)
    try await stage.end()
  }

  @Test func `what the token lacks is remembered until a call of that sort goes well`()
    async throws
  {
    let stage = try Stage(github: github)
    let reads = cloud(on: stage).github
    try github.change("token", #"{"permissions": {"actions": "read"}}"#)
    #expect(
      await sentence { _ = try await reads.dispatch("theme-deploy.yml", on: "main", inputs: [:]) }
        .contains("Give it “Actions: write”."))
    _ = try await reads.workflows()
    #expect(reads.standing.missing == ["actions=write"])
    try github.change("token", #"{"permissions": {"actions": "write"}}"#)
    _ = try await reads.dispatch("theme-deploy.yml", on: "main", inputs: [:])
    #expect(reads.standing.missing.isEmpty)
    try await stage.end()
  }

  @Test func `the end of a token is that of the token now in the file`() async throws {
    let stage = try Stage(github: github)
    let reads = cloud(on: stage).github
    _ = try await reads.workflows()
    #expect(reads.standing.tokenUntil != nil)
    try github.change("token", #"{"expires_in_days": null}"#)
    _ = try await reads.commits()
    #expect(reads.standing.tokenUntil == nil)
    try await stage.end()
  }

  @Test(
    arguments: [
      (301, #"{"message": "Moved Permanently"}"#, "has another name or place now"),
      (401, #"{"message": "Bad credentials"}"#, "does not accept the token"),
      (403, #"{"message": "Repository was archived"}"#, "GitHub refuses this"),
      (404, #"{"message": "Not Found"}"#, "or the token can't see it"),
      (410, #"{"message": "Gone for good"}"#, "keeps this no longer: Gone for good."),
      (422, #"{"message": "Wrong.", "errors": ["a is too long"]}"#, "Wrong. a is too long."),
      (
        422, #"{"message": "Wrong", "errors": [{"resource": "R", "field": "f", "code": "c"}]}"#,
        "Wrong R f c."
      ),
      (422, #"{"message": "No ref found for: abc"}"#, "never a commit"),
      (422, #"{"message": "Workflow does not have 'workflow_dispatch' trigger"}"#, "Add “workflow"),
      (500, "not even JSON", "HTTP 500 (status 500)"),
      (200, "not even JSON", "the answer can't be read"),
    ])
  func `each refusal is a sentence that says what to do`(
    status: Int, body: String, words: String
  ) async throws {
    let fault: [String: Any] = ["status": status, "body": body, "times": NSNull()]
    let json = try JSONSerialization.data(withJSONObject: [fault])
    try github.change("faults", String(decoding: json, as: UTF8.self))
    let stage = try Stage(github: github)
    let said = await sentence { _ = try await cloud(on: stage).github.workflows() }
    #expect(said.contains(words), "\(said)")
    try await stage.end()
  }

  @Test func `what keeps a call from being sent is known to have done nothing`() async throws {
    let stage = try Stage(github: github) { $0.githubTokenFile = "/nowhere/token" }
    do {
      _ = try await cloud(on: stage).github.dispatch("a.yml", on: "main", inputs: [:])
      Issue.record("it was sent without a token")
    } catch let error as GitHubError {
      #expect(error.effect == .none)
      #expect(error.sentence.contains("/nowhere/token"))
    }
    #expect(try github.calls().isEmpty)
    try await stage.end()
  }
}
