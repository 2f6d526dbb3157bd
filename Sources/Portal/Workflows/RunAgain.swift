import AWS
import Rules

extension ChangeKind {
  /// A run once more, at the commit it had.
  static let workflowRerun = ChangeKind(
    id: "workflow.rerun", label: "Run a run again",
    about: "GitHub runs it again at the same commit with the same inputs, for 30 days after it "
      + "first ran.",
    subject: .workflows, form: { _ in RunAgain.form },
    plan: { means, asked in
      var mistakes = RunAgain.mistakes(inJobs: asked.field("jobs"))
      let run = try await mistakes.noting {
        let run = try await means.run(for: asked)
        try RunAgain.check(run, at: means.cloud.now())
        return run
      }
      guard let run, mistakes.isEmpty else { throw PlanProblem(mistakes) }
      return try RunAgain.plan(run, for: asked)
    },
    read: { means, plan in try await means.readAgain(plan) },
    perform: { means, _, step, _ in
      let id = Int64(step.parameters["run"] ?? "") ?? 0
      try await means.cloud.github.rerun(id, onlyFailed: step.parameters["jobs"] == "failed")
      return "GitHub begins run \(id) again."
    })
}

/// Plans a run once more.
enum RunAgain {
  /// For how long GitHub runs something again.
  static let withinMs = 30 * Span.day

  static let form = [
    FormField("run", "Run", .text, hint: "The number at the end of its address."),
    FormField(
      "jobs", "What of it", .choice([("all", "All jobs"), ("failed", "Only what failed")]),
      value: ""),
  ]

  /// What is not right with the choice of jobs.
  static func mistakes(inJobs typed: String) -> [Mistake] {
    ["all", "failed"].contains(typed)
      ? [] : [Mistake("Choose all jobs, or only what failed.", at: "jobs")]
  }

  /// Refuses a run that GitHub would not begin again.
  static func check(_ run: RunSummary, at now: Moment) throws {
    guard run.isOver else {
      throw PlanProblem("The run is not over. Wait for its end, or cancel it first.", at: "run")
    }
    guard now.since(run.createdAt) < withinMs else {
      throw PlanProblem(
        "It first ran on \(run.createdAt.words). GitHub runs nothing again after 30 days: run the "
          + "workflow instead.", at: "run")
    }
  }

  /// The plan, or why there is none.
  static func plan(_ run: RunSummary, for asked: Asked) throws -> Plan {
    let jobs = asked.field("jobs")
    guard jobs == "all" || run.conclusion != "success" else {
      throw PlanProblem("Nothing failed in this run. Choose all jobs.", at: "jobs")
    }
    let next = String(run.attempt + 1)
    return Plan(
      change: asked.change, kind: "workflow.rerun", site: asked.site.name,
      title: "Run \(jobs == "all" ? "" : "what failed of ")“\(run.title)” again",
      guarding: RunReading.guarding(of: run.file),
      parameters: [
        "run": String(run.id), "workflow": run.file, "jobs": jobs, "attempt": next,
      ],
      locks: [RunReading.lock(of: run.file)],
      preconditions: [
        Reading(RunReading.attemptField, "Attempt", String(run.attempt)),
        Reading(RunReading.outcomeField, "The run", run.outcome.spoken),
        Reading(RunReading.commitField, "Its commit", run.commit),
      ],
      steps: [
        Step(
          service: "github", operation: jobs == "all" ? "rerun" : "rerun_failed_jobs",
          words: "Begin attempt \(next) of the run \(run.id)",
          parameters: ["run": String(run.id), "jobs": jobs], recovery: .marker)
      ],
      expected: [
        Reading(RunReading.attemptField, "Attempt", next),
        Reading(RunReading.outcomeField, "The run", "success"),
      ],
      failure: RunReading.failures, verifyWithinMs: RunReading.verifyWithinMs,
      effects: effects(of: run), cost: .none)
  }

  private static func effects(of run: RunSummary) -> [String] {
    var effects = [
      "It runs at the commit \(run.commit.prefix(7)) as it did on \(run.createdAt.words), whatever "
        + "main is at now.",
      "It runs with the rights that \(run.actor.isEmpty ? "who began it" : run.actor) has on "
        + "GitHub, not with those of Caretaker's token.",
    ]
    if Workflow.folder(of: run.file) == "image/" {
      effects.append(
        "It builds and pushes again and moves “latest”; the image is not the same, byte for byte.")
    }
    return effects
  }
}

extension Means {
  /// The run that a form names, read now.
  func run(for asked: Asked) async throws -> RunSummary {
    guard let id = Int64(asked.field("run")), id > 0 else {
      throw PlanProblem("Write the number of a run, as at the end of its address.", at: "run")
    }
    let run = RunSummary(try await cloud.github.run(id))
    guard Workflow.all.contains(run.file) else {
      throw PlanProblem("That run is not one of the three workflows.", at: "run")
    }
    return run
  }

  /// The run of a plan: before the call as it is, afterwards none until its next attempt is there.
  fileprivate func readAgain(_ plan: Plan) async throws -> [String: String] {
    let isBegun = try await storage.read { db in
      try !ExecutionStore.steps(of: plan.change, in: db).isEmpty
    }
    let id = Int64(plan.parameters["run"] ?? "") ?? 0
    let run = RunSummary(try await cloud.github.run(id))
    let before = plan.before(RunReading.attemptField) ?? ""
    if isBegun, String(run.attempt) == before {
      return [RunReading.attemptField: before, RunReading.outcomeField: RunReading.none]
    }
    return try await cloud.github.fields(of: run)
  }
}
