import AWS
import Rules

extension ChangeKind {
  /// The end of a rollout that goes wrong.
  static let rolloutStop = ChangeKind(
    id: "ecs.stop-rollout", label: "Stop the rollout and roll back",
    about: "ECS ends the rollout that is under way and goes back to what ran before it, also where "
      + "the circuit breaker would wait longer.",
    subject: .rollouts, form: { _ in [] },
    plan: { means, asked in
      try RolloutStop.plan(asked, try await means.liveImages(at: asked.site))
    },
    read: { means, plan in
      let live = try await means.cloud.liveImages(of: plan)
      return RolloutStop.fields(of: plan, live)
    },
    perform: { means, plan, step, results in
      try await means.cloud.performImageStep(step, of: plan, after: results)
    })
}

/// Plans the end of the rollout that is under way.
enum RolloutStop {
  static let statusField = "rollout.status"
  static let underWay = "under way"
  static let label = "The rollout"

  /// The plan, or why there is none.
  static func plan(_ asked: Asked, _ live: LiveImages) throws -> Plan {
    guard let rollout = live.rollouts.first(where: { RolloutSummary.isStoppable($0.status) }) else {
      throw PlanProblem("No rollout is under way, so there is nothing to stop.")
    }
    return Plan(
      change: asked.change, kind: ChangeKind.rolloutStop.id, site: asked.site.name,
      title: "Stop the rollout of \(live.service.revision) and roll back", guarding: .guarded,
      parameters: live.parameters(["rollout": rollout.arn]),
      // Not the service's own lock: the change that began the rollout may hold that.
      locks: ["ecs-rollout:\(rollout.arn)"],
      preconditions: [
        Reading(statusField, label, underWay),
        Reading(ServiceFacts.definitionField, "Task definition", live.service.revision),
      ],
      steps: [
        Step(
          service: "ecs", operation: "StopServiceDeployment",
          words: "Stop the rollout and go back to what ran before it",
          parameters: ["serviceDeploymentArn": rollout.arn, "stopType": "ROLLBACK"],
          recovery: .compareAndSwap)
      ],
      expected: [
        Reading(statusField, label, "ROLLBACK_SUCCESSFUL"),
        Reading(ServiceFacts.rolloutField, "Deployment", "COMPLETED"),
      ] + ImageFields.siteIsUp,
      failure: ["ROLLBACK_FAILED", "STOPPED", "SUCCESSFUL"].map {
        Reading(statusField, label, $0)
      },
      verifyWithinMs: ImageRollback.verifyWithinMs,
      effects: [
        "What the rollout was to bring does not come. Whoever began it sees it fail.",
        "A database that the new image has migrated already stays migrated.",
      ], cost: .none, restoresService: true)
  }

  static func fields(of plan: Plan, _ live: LiveImages) -> [String: String] {
    let status = live.rollouts.first { $0.arn == plan.parameters["rollout"] }?.status
    let words = status.map { RolloutSummary.isStoppable($0) ? underWay : $0 }
    return live.fields(of: plan).merging([statusField: words ?? ImageFields.gone]) { $1 }
  }
}
