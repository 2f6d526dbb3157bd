import AWS
import Rules

extension Means {
  /// What a dispatch is planned from.
  func dispatch(for asked: Asked) async throws -> WorkflowDispatch.Seen {
    let file = asked.field("workflow")
    guard Workflow.all.contains(file) else {
      throw PlanProblem("Choose one of \(Workflow.all.joined(separator: ", ")).")
    }
    let head = try await cloud.github.commit(GitHub.branch)
    guard let found = try await cloud.definition(of: file, at: head.sha) else {
      throw PlanProblem(
        ".github/workflows/\(file) is not on main, or it is no workflow. Add it first.")
    }
    return WorkflowDispatch.Seen(
      file: file, state: try await cloud.github.workflow(file).state, head: head,
      definition: found.definition, blob: found.blob,
      deployed: try await deployedTheme(by: file), locks: try await locks(of: file, at: asked.site))
  }

  /// The commit of the theme that was deployed last: what the title says, or else the run's own.
  private func deployedTheme(by file: String) async throws -> String? {
    guard Workflow.folder(of: file) == "theme/" else { return nil }
    let last = try await cloud.github.runs(of: file, [("status", "success")], most: 1).first
    return last.map { run in
      run.displayTitle.split(separator: " ").first {
        $0.count == run.headSha.count && $0.allSatisfy(\.isHexDigit)
      }.map(String.init) ?? run.headSha
    }
  }

  /// What a run changes at AWS, by the names under which other changes hold it.
  private func locks(of file: String, at site: Site) async throws -> [String] {
    let folder = Workflow.folder(of: file)
    guard folder != "theme/" else { return [] }
    let ids = try await storage.read { try SiteIDs(site: site.name, in: $0) }
    let service = (try? ids.service).map { ["ecs:\($0.cluster)/\($0.name)"] } ?? []
    return service + (folder == "infra/" ? ["cfn:\(site.stack)"] : [])
  }

  /// Every field of a dispatch's plan: what must be so before it, and afterwards its run alone.
  func readDispatch(_ plan: Plan) async throws -> [String: String] {
    let file = plan.parameters["workflow"] ?? ""
    let step = try await storage.read { try ExecutionStore.steps(of: plan.change, in: $0).first }
    guard let step else {
      async let state = cloud.github.workflow(file).state
      let head = try await cloud.github.commit(GitHub.branch).sha
      let blob = try await cloud.definition(of: file, at: head)?.blob
      let run = try await cloud.github.run(of: file, marked: plan.change, since: nil)
      return try await [
        WorkflowDispatch.stateField: state, WorkflowDispatch.headField: head,
        WorkflowDispatch.blobField: blob ?? "none",
        RunReading.outcomeField: run?.outcome.spoken ?? RunReading.none,
      ]
    }
    guard let run = try await run(of: plan, by: step) else {
      // GitHub has taken it, so there must be a run; no answer at all may mean that there is none.
      guard step.outcome == "done" else { return [RunReading.outcomeField: RunReading.none] }
      throw GitHubError(.noRun(mark: plan.change), "GET /actions/runs")
    }
    var fields = try await cloud.github.fields(of: run)
    let wanted = plan.before(WorkflowDispatch.headField) ?? ""
    if run.commit != wanted {
      fields[RunReading.outcomeField] = RunReading.otherCommit
      fields[RunReading.outcomeField + Verdict.whySuffix] =
        "Main moved to \(run.commit.prefix(7)) at that moment. Cancel the run if that is wrong."
    }
    return fields
  }

  /// The run that a step began: the one GitHub named, or else the one with the change's mark.
  private func run(of plan: Plan, by step: StepRow) async throws -> RunSummary? {
    if step.outcome == "done", let id = step.detail.flatMap(RunReading.id) {
      return RunSummary(try await cloud.github.run(id))
    }
    return try await cloud.github.run(
      of: plan.parameters["workflow"] ?? "", marked: plan.change, since: step.intendedAt)
  }
}
