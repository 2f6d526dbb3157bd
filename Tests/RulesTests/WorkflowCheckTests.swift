import Rules
import Testing

/// What workflows, runs and the token are held to.
@Suite struct WorkflowCheckTests {
  typealias Samples = EstateSamples

  private func findings(_ spoil: (inout WorkflowFacts) -> Void) -> [Finding] {
    var estate = Samples.estate
    var facts = Samples.workflows
    spoil(&facts)
    estate.add(facts)
    return Check.findings(in: estate).filter { $0.subject == .workflows }
  }

  private func failing(_ spoil: (inout WorkflowFacts) -> Void) -> Set<String> {
    Set(findings(spoil).filter { $0.outcome == .fail }.map(\.id))
  }

  @Test func `each thing wrong with a workflow is its own finding`() {
    #expect(failing { $0.workflows[0].state = "disabled_manually" } == ["workflow.enabled"])
    #expect(failing { $0.workflows[0].state = "missing" } == ["workflow.enabled"])
    #expect(
      failing { $0.workflows[1].definition?.isDispatchable = false } == ["workflow.dispatch"])
    #expect(failing { $0.workflows[1].definition?.carriesMark = false } == ["workflow.dispatch"])
    #expect(failing { $0.workflows[2].runs[0].conclusion = "failure" } == ["workflow.last-run"])
    #expect(
      failing { ($0.workflows[2].behind, $0.workflows[2].isStale) = (3, true) }
        == ["workflow.behind"])
  }

  @Test func `commits that a workflow does not deploy leave it as main has it`() {
    #expect(failing { $0.workflows[0].behind = 5 }.isEmpty)
  }

  @Test func `a run that goes on is not judged, the last that ended is`() {
    var running = Samples.run("image-deploy.yml", conclusion: "")
    running.status = "in_progress"
    #expect(failing { $0.workflows[1].runs.insert(running, at: 0) }.isEmpty)
    #expect(
      failing {
        $0.workflows[1].runs[0].conclusion = "timed_out"
        $0.workflows[1].runs.insert(running, at: 0)
      } == ["workflow.last-run"])
  }

  @Test func `what could not be read of one workflow is not met, and hides no fault of another`() {
    let unread = findings { $0.workflows[0].definition = nil }
    #expect(unread.first { $0.id == "workflow.dispatch" }?.outcome == .noData)
    let both = findings {
      $0.workflows[0].definition = nil
      $0.workflows[1].definition?.isDispatchable = false
    }
    #expect(both.first { $0.id == "workflow.dispatch" }?.outcome == .fail)
    #expect(
      findings { $0.workflows[0].behind = nil }.first { $0.id == "workflow.behind" }?.outcome
        == .noData)
  }

  @Test(
    arguments: [
      (15, true, "Valid for 15 days more."), (14, true, "Valid for 14 days more."),
      (13, false, "It expires in 13 days, on"), (-1, false, "It expired on"),
    ] as [(Int64, Bool, String)])
  func `a token is a finding from 14 days before its end`(
    days: Int64, isGood: Bool, words: String
  ) {
    let spoil: (inout WorkflowFacts) -> Void = {
      $0.tokenUntil = Samples.now.adding(ms: days * Span.day + Span.minute)
    }
    #expect(failing(spoil) == (isGood ? [] : ["github.token-expiry"]))
    let state = findings(spoil).first { $0.id == "github.token-expiry" }?.state
    #expect(state?.hasPrefix(words) == true, "\(state ?? "")")
  }

  @Test func `a token that GitHub does not accept is red, and nothing else is judged`() {
    let found = findings { $0.problem = "GitHub does not accept the token." }
    #expect(found.first { $0.id == "github.access" }?.outcome == .fail)
    let others = found.filter { $0.id.hasPrefix("workflow.") }
    #expect(others.allSatisfy { $0.outcome == .noData } && others.count == 4)
  }

  @Test func `what the token lacks is told in GitHub's own words`() {
    let found = findings { $0.missing = ["actions=write", "contents=read, metadata=read"] }
    #expect(
      found.first { $0.outcome == .fail }?.state
        == "The token lacks “Actions: write”; “Contents: read” and “Metadata: read”.")
    #expect(GitHubPermission.words("a=read; b=write") == "“A: read” or “B: write”")
  }

  @Test func `without a token nothing is asked of it`() {
    #expect(findings { $0 = WorkflowFacts(repository: "a/b", hasToken: false) }.isEmpty)
  }

  @Test func `a run's title gives the mark of its change, and no commit is taken for one`() {
    let id = String(repeating: "0f", count: 16)
    let commit = String(repeating: "a", count: 40)
    #expect(Samples.run("a", title: "image-deploy \(commit) \(id)").mark == id)
    #expect(Samples.run("a", title: "image-deploy \(commit) without a change").mark == nil)
    #expect(Samples.run("a", title: "x \(id.uppercased())").mark == nil)
  }

  @Test func `a run of infra-deploy that only planned has deployed nothing`() {
    #expect(!Samples.run("infra-deploy.yml", title: "infra-deploy plan x").deploys)
    #expect(Samples.run("infra-deploy.yml", title: "infra-deploy apply x").deploys)
    #expect(Samples.run("image-deploy.yml", title: "image-deploy plan").deploys)
  }

  @Test func `an input takes what its kind allows, and no secret`() {
    let mode = WorkflowInput(name: "mode", kind: .choice, options: ["plan", "apply"])
    #expect(mode.fault(of: "plan") == nil && mode.fault(of: "") == nil)
    #expect(mode.fault(of: "x") == "is one of plan, apply, not “x”")
    let needed = WorkflowInput(name: "a", kind: .string, isRequired: true)
    #expect(needed.fault(of: "") == "is needed")
    #expect(needed.fault(of: "AKIAIOSFODNN7EXAMPLE")?.contains("an AWS access key") == true)
    #expect(needed.fault(of: String(repeating: "é", count: 1_001))?.contains("1000") == true)
    #expect(WorkflowInput(name: "b", kind: .boolean).fault(of: "yes") != nil)
    #expect(WorkflowInput(name: "n", kind: .number).fault(of: "1.5") == nil)
    #expect(WorkflowInput(name: "n", kind: .number).fault(of: "many") != nil)
  }

  @Test func `a green run is a deployed service only where its image runs in every task`() {
    let run = Samples.run("image-deploy.yml", title: "image-deploy v5.87.1-3 x")
    func delivery(_ change: (inout ServiceFacts, inout TaskFacts) -> Void) -> RunDelivery {
      var (estate, service, tasks) = (Samples.estate, Samples.service, Samples.tasks)
      change(&service, &tasks)
      estate.add(service)
      estate.add(tasks)
      return RunDelivery(of: run, in: estate)
    }
    #expect(delivery { _, _ in } == .running(tag: "v5.87.1-3"))
    #expect(delivery { service, _ in service.rollout = "IN_PROGRESS" } == .underWay)
    #expect(
      delivery { _, tasks in tasks.running[0].digest = "sha256:b" } == .notRunning(tag: "v5.87.1-3")
    )
    #expect(
      delivery { service, tasks in
        service.rollout = "FAILED"
        tasks.running[0].digest = "sha256:b"
      } == .failed)
    #expect(delivery { _, tasks in tasks.running = [] } == .notRunning(tag: "v5.87.1-3"))
    let other = Samples.run("image-deploy.yml", title: "image-deploy v6 x")
    #expect(RunDelivery(of: other, in: Samples.estate) == .unknown)
    #expect(RunDelivery(of: run, in: Estate(now: Samples.now)) == .unknown)
  }
}
