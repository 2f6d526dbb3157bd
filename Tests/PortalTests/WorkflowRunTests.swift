import Foundation
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// Runs that are started, repeated and cancelled as changes.
extension WorkflowTests {
  private static let image =
    "kind=workflow.dispatch&workflow=image-deploy.yml&input_image_tag=v5.87.1-3"
  private static let theme = "kind=workflow.dispatch&workflow=theme-deploy.yml"

  private func proposed(_ query: String, on stage: Stage) async throws -> Int64 {
    try await Proposals.propose(query, reason: "a new version", on: stage)
  }

  /// Proposes, approves where that is needed, and presses Run.
  private func begun(_ query: String, on stage: Stage) async throws -> Int64 {
    let number = try await proposed(query, on: stage)
    if try stage.change(number).storedState == .pending {
      try await Proposals.approve(number, on: stage)
    }
    #expect(try await run(number, on: stage).status == .seeOther)
    return number
  }

  private func run(_ number: Int64, on stage: Stage) async throws -> Response {
    try await stage.browser(as: "operator-2").run(number)
  }

  /// Lets GitHub's runs go on until a change has come to rest; gives up after a minute.
  private func settled(_ number: Int64, on stage: Stage) async throws -> ChangeState {
    try await stage.settled(number) { try github.advance(seconds: 300) }
  }

  private func page(of number: Int64, on stage: Stage) async throws -> String {
    await (try stage.browser(as: "viewer")).get("/changes/\(number)").text
  }

  /// A run that goes on, begun by somebody on GitHub.
  private func running(_ file: String, on stage: Stage) async throws -> Int64 {
    let id = try await cloud(on: stage).github.dispatch(file, on: "main", inputs: [:])
    try github.advance(seconds: 10)
    return try #require(id)
  }

  /// The inputs that were sent with the one dispatch there was.
  private func sentInputs() throws -> [String: String] {
    struct Body: Decodable { let inputs: [String: String] }
    let calls = try github.writes()
    #expect(calls.count == 1)
    return try JSONDecoder().decode(Body.self, from: Data(try #require(calls.first).body.utf8))
      .inputs
  }

  @Test func `a run is approved by its commit and inputs, begun once, and followed to its end`()
    async throws
  {
    let stage = try await stage()
    let preview = await (try stage.browser(as: "operator")).get("/changes/preview?" + Self.image)
    for words in [
      "Run image-deploy with image_tag v5.87.1-3", "Infra: keep backups for seven days",
      "is Operator", "A green run alone is no proof.",
    ] {
      #expect(preview.text.contains(words), "\(words)")
    }
    let number = try await begun(Self.image, on: stage)
    #expect(try await settled(number, on: stage) == .succeeded)
    let change = try stage.change(number)
    #expect(change.plan.guarding == .guarded)
    #expect(
      try sentInputs() == [
        "image_tag": "v5.87.1-3", "change_id": change.id,
        "requested_by": "person \(try stage.person("operator").id)",
      ])
    try await poll(stage)
    let list = await (try stage.browser(as: "viewer")).get("/workflows").text
    #expect(list.contains("href=\"/changes/\(number)\">CR-\(number)</a>"))
    let run = try #require(try facts(on: stage).workflow("image-deploy.yml")?.runs.first)
    let shown = await (try stage.browser(as: "viewer")).get("/workflows/runs/\(run.id)").text
    #expect(shown.contains("Asked for by <a href=\"/changes/\(number)\">CR-\(number)</a>"))
    #expect(shown.contains("A green run is not a deployed service"))
    try await stage.end()
  }

  @Test(
    arguments: [
      (#"{"versions": ["2022-11-28"]}"#, true),
      (#"{"versions": ["2022-11-28"], "run_details": false}"#, false),
    ])
  func `a run is followed on an older server too, by its mark where it does not name the run`(
    api: String, isNamed: Bool
  ) async throws {
    try github.change("api", api)
    let stage = try await stage()
    let number = try await begun(Self.image, on: stage)
    #expect(try await settled(number, on: stage) == .succeeded)
    let page = try await page(of: number, on: stage)
    #expect(page.contains(isNamed ? "GitHub began run" : "did not say which run it is"))
    #expect(try github.writes().allSatisfy { $0.version == "2022-11-28" || $0.status == 400 })
    try await stage.end()
  }

  @Test func `what main is at by then is what was approved, or nothing runs`() async throws {
    let stage = try await stage()
    let number = try await proposed(Self.image, on: stage)
    try await Proposals.approve(number, on: stage)
    try github.push("Docs", ["docs/a.md": "a\n"])
    let answer = try await run(number, on: stage)
    #expect(answer.status == .conflict)
    #expect(answer.text.contains("Commit of main"))
    #expect(try stage.change(number).storedState == .stale)
    #expect(try github.writes().isEmpty)
    try await stage.end()
  }

  @Test func `a workflow that was disabled since is not started`() async throws {
    let stage = try await stage()
    let number = try await proposed(Self.theme, on: stage)
    try github.change("workflow", #"{"file": "theme-deploy.yml", "state": "disabled_manually"}"#)
    let answer = try await run(number, on: stage)
    #expect(answer.status == .conflict && answer.text.contains("disabled_manually"))
    #expect(try github.writes().isEmpty)
    #expect(
      try await Proposals.refusal(Self.theme, on: stage)
        .contains("theme-deploy is disabled on GitHub (disabled manually). Enable it there first."))
    try await stage.end()
  }

  @Test(
    arguments: [
      ("workflow=x.yml", "Choose one of infra-deploy.yml"),
      ("workflow=infra-deploy.yml&input_mode=destroy", "“mode” is one of plan, apply"),
      ("workflow=infra-deploy.yml&input_mode=", "“mode” is needed."),
      (
        "workflow=infra-deploy.yml&input_mode=&input_change_set="
          + String(repeating: "a", count: 1_001), "<a href=\"#input_change_set\">“change_set”"
      ),
      ("workflow=infra-deploy.yml&input_mode=apply", "give the ARN of the change set"),
      ("workflow=image-deploy.yml&input_image_tag=AKIAIOSFODNN7EXAMPLE", "an AWS access key"),
    ])
  func `what can't be run is said in words on its form`(query: String, words: String) async throws {
    let stage = try await stage()
    let text = await (try stage.browser(as: "operator"))
      .get("/changes/preview?kind=workflow.dispatch&" + query)
    #expect(text.text.contains(words))
    #expect(text.status == .unprocessableContent)
    #expect(try github.writes().isEmpty)
    try await stage.end()
  }

  @Test func `the form has a field for each input but those that Caretaker fills in itself`()
    async throws
  {
    let stage = try await stage()
    let browser = try await stage.browser(as: "operator")
    let page = await browser.get("/workflows/new?workflow=infra-deploy.yml").text
    #expect(page.contains("<option value=\"plan\" selected>plan</option>"))
    #expect(page.contains("name=\"input_change_set\"") && page.contains("name=\"input_image_tag\""))
    #expect(!page.contains("input_change_id") && !page.contains("input_requested_by"))
    let number = try await proposed(Self.image, on: stage)
    let edit = await browser.get("/workflows/new?revises=\(number)").text
    #expect(edit.contains("value=\"v5.87.1-3\"") && edit.contains("value=\"image-deploy.yml\""))
    #expect(await browser.get("/workflows/new").status == .seeOther)
    try await stage.end()
  }

  @Test func `a run that fails names its job and step`() async throws {
    let stage = try await stage()
    try github.change("fail", #"{"step": "Deploy"}"#)
    let number = try await begun(Self.image, on: stage)
    #expect(try await settled(number, on: stage) == .failedPartial)
    #expect(
      try await page(of: number, on: stage)
        .contains("The run is failure. The job deploy ended at the step “Deploy”."))
    try await stage.end()
  }

  @Test(arguments: [#""drop": "after""#, #""hang": "after""#])
  func `a run whose answer was lost is found by its mark, and not begun again`(fault: String)
    async throws
  {
    let stage = try await stage()
    try github.change("faults", "[{\"method\": \"POST\", \"path\": \"dispatches\", \(fault)}]")
    let number = try await begun(Self.image, on: stage)
    #expect(try await settled(number, on: stage) == .unknown)
    try github.advance(seconds: 600)
    try await poll(stage)
    #expect(try stage.change(number).storedState == .succeeded)
    #expect(try github.writes().count == 1)
    try await stage.end()
  }

  @Test func `a run whose call never arrived stays unknown until a person has looked`()
    async throws
  {
    let stage = try await stage()
    try github.change(
      "faults", #"[{"method": "POST", "path": "dispatches", "drop": "before"}]"#)
    let number = try await begun(Self.image, on: stage)
    #expect(try await settled(number, on: stage) == .unknown)
    try await poll(stage)
    #expect(try stage.change(number).storedState == .unknown)
    let again = try await stage.browser(as: "operator-2").resume(number)
    #expect(again.text.contains("must not be sent twice"))
    #expect(try github.writes().isEmpty)
    try await stage.end()
  }

  @Test(
    arguments: [
      (
        "faults",
        #"[{"method": "POST", "status": 422, "body": "{\"message\": \"Unexpected inputs\"}"}]"#,
        "The file has other inputs now: preview it again."
      ),
      ("token", #"{"permissions": {"actions": "read"}}"#, "Give it “Actions: write”."),
      (
        "faults", #"[{"method": "POST", "status": 429, "headers": {"retry-after": "9"}}]"#,
        "GitHub has had too many calls"
      ),
    ])
  func `what GitHub refuses was not done, and the change says what to do`(
    verb: String, json: String, words: String
  ) async throws {
    let stage = try await stage()
    let number = try await proposed(Self.theme, on: stage)
    try github.change(verb, json)
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .failedNoEffect)
    #expect(try await page(of: number, on: stage).contains(words))
    try await stage.end()
  }

  @Test func `a theme needs no second person, and the one before it is a click away`()
    async throws
  {
    let stage = try await stage()
    let number = try await begun(Self.theme, on: stage)
    #expect(try await settled(number, on: stage) == .succeeded)
    let inverse = try #require(try stage.change(number).plan.inverse)
    #expect(inverse.form["workflow"] == "theme-deploy.yml")
    #expect(inverse.form["input_sha"]?.count == 40)
    try await stage.end()
  }

  @Test func `what failed of a run is run again at its commit, as an action of its own`()
    async throws
  {
    let stage = try await stage()
    let failed = try github.seedRun(
      #"{"file": "image-deploy.yml", "inputs": {}, "conclusion": "failure"}"#)
    let query = "kind=workflow.rerun&jobs=failed&run=\(failed)"
    let preview = await (try stage.browser(as: "operator")).get("/changes/preview?" + query).text
    #expect(preview.contains("It runs with the rights that ana has on GitHub"))
    let number = try await begun(query, on: stage)
    #expect(try stage.change(number).plan.guarding == .guarded)
    #expect(try await settled(number, on: stage) == .succeeded)
    let run = try await cloud(on: stage).github.run(failed)
    #expect(run.runAttempt == 2 && run.conclusion == "success")
    try await stage.end()
  }

  @Test func `a repetition whose answer was lost is seen by its attempt`() async throws {
    let stage = try await stage()
    let failed = try github.seedRun(
      #"{"file": "theme-deploy.yml", "inputs": {}, "conclusion": "failure"}"#)
    try github.change("faults", #"[{"method": "POST", "path": "rerun", "drop": "after"}]"#)
    let number = try await begun("kind=workflow.rerun&jobs=all&run=\(failed)", on: stage)
    #expect(try await settled(number, on: stage) == .unknown)
    try github.advance(seconds: 600)
    try await poll(stage)
    #expect(try stage.change(number).storedState == .succeeded)
    #expect(try github.writes().count == 1)
    try await stage.end()
  }

  @Test func `what can't be run again or cancelled says why`() async throws {
    let stage = try await stage()
    let old = try github.seedRun(#"{"file": "theme-deploy.yml", "age_s": 2678400, "inputs": {}}"#)
    let green = try github.seedRun(#"{"file": "theme-deploy.yml", "inputs": {}}"#)
    for (query, words) in [
      ("workflow.rerun&jobs=all&run=\(old)", "GitHub runs nothing again after 30 days"),
      ("workflow.rerun&jobs=failed&run=\(green)", "Nothing failed in this run."),
      ("workflow.rerun&jobs=x&run=\(green)", "Choose all jobs, or only what failed."),
      ("workflow.rerun&jobs=all&run=x", "Write the number of a run"),
      ("workflow.cancel&run=\(green)", "The run is over: it ended as success."),
    ] {
      #expect(try await Proposals.refusal("kind=" + query, on: stage).contains(words), "\(words)")
    }
    try await stage.end()
  }

  @Test func `a run is cancelled by one person, and said to be`() async throws {
    let stage = try await stage()
    let id = try await running("image-deploy.yml", on: stage)
    let number = try await begun("kind=workflow.cancel&run=\(id)", on: stage)
    #expect(try stage.change(number).plan.guarding == .logged)
    // The run must not end by itself before GitHub is told to end it.
    try await wait { try github.writes().count == 2 }
    #expect(try await settled(number, on: stage) == .succeeded)
    #expect(try await cloud(on: stage).github.run(id).conclusion == "cancelled")
    try await stage.end()
  }

  @Test func `a run that ends by itself before it is cancelled is told as that`() async throws {
    let stage = try await stage()
    let id = try await running("theme-deploy.yml", on: stage)
    let number = try await proposed("kind=workflow.cancel&run=\(id)", on: stage)
    try github.change("faults", #"[{"method": "POST", "path": "cancel", "status": 409}]"#)
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .failedNoEffect)
    #expect(try await page(of: number, on: stage).contains("do this now"))
    try await stage.end()
  }
}
