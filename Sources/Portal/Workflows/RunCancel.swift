import AWS
import Rules

extension ChangeKind {
  /// The end of a run before its own.
  static let workflowCancel = ChangeKind(
    id: "workflow.cancel", label: "Cancel a run",
    about: "GitHub ends the step that is being made, and begins no other.", subject: .workflows,
    form: { _ in [FormField("run", "Run", .text, hint: "The number at the end of its address.")] },
    plan: { means, asked in try RunCancel.plan(try await means.run(for: asked), for: asked) },
    read: { means, plan in
      let run = RunSummary(
        try await means.cloud.github.run(Int64(plan.parameters["run"] ?? "") ?? 0))
      let fields = try await means.cloud.github.fields(of: run)
      return fields.merging([RunCancel.overField: run.isOver ? "yes" : "no"]) { $1 }
    },
    perform: { means, _, step, _ in
      try await means.cloud.github.cancel(Int64(step.parameters["run"] ?? "") ?? 0)
      return "GitHub ends it."
    })
}

/// Plans the end of a run.
enum RunCancel {
  static let overField = "run.over"
  /// How long GitHub may take: five minutes for the steps that clean up, and some more.
  static let verifyWithinMs = 15 * Span.minute

  /// The plan, or why there is none.
  static func plan(_ run: RunSummary, for asked: Asked) throws -> Plan {
    guard !run.isOver else {
      throw PlanProblem("The run is over: it ended as \(run.conclusion.spoken).")
    }
    return Plan(
      change: asked.change, kind: "workflow.cancel", site: asked.site.name,
      title: "Cancel “\(run.title)”", guarding: .logged,
      parameters: ["run": String(run.id), "workflow": run.file],
      locks: ["github:run/\(run.id)"],
      preconditions: [
        Reading(overField, "The run is over", "no"),
        Reading(RunReading.attemptField, "Attempt", String(run.attempt)),
      ],
      steps: [
        Step(
          service: "github", operation: "cancel_workflow_run", words: "Cancel the run \(run.id)",
          parameters: ["run": String(run.id)], recovery: .setTo)
      ],
      expected: [
        Reading(overField, "The run is over", "yes"),
        Reading(RunReading.outcomeField, "The run", "cancelled"),
      ],
      failure: ["success", "failure", "timed out"].map {
        Reading(RunReading.outcomeField, "The run", $0)
      },
      verifyWithinMs: verifyWithinMs,
      effects: [
        "What the run has done stays done: an image that was pushed, a change set, a deployment "
          + "that ECS has begun and goes on with.",
        "A change that follows the run ends as failed.",
      ], cost: .none)
  }
}
