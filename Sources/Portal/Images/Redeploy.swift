import AWS
import Rules

extension ChangeKind {
  /// The same task definition once more.
  static let redeploy = ChangeKind(
    id: "ecs.redeploy", label: "Deploy the same again",
    about: "Every task is replaced by one of the same task definition. Tags are looked up anew.",
    subject: .service, form: { _ in [] },
    plan: { means, asked in
      try Redeploy.plan(asked, try await means.liveImages(at: asked.site))
    },
    read: { means, plan in try await means.cloud.liveImages(of: plan).fields(of: plan) },
    perform: { means, plan, step, results in
      try await means.cloud.performImageStep(step, of: plan, after: results)
    })
}

/// Plans a rollout of what is deployed already.
enum Redeploy {
  /// What every rollout does to the blog.
  static let effects = [
    "Ghost is deployed anew: the new task starts beside the old one, then the old one stops. For "
      + "about a minute both run.",
    "A theme that was uploaded by hand, not built into the image, is gone with the old task.",
  ]

  /// The plan, or why there is none.
  static func plan(_ asked: Asked, _ live: LiveImages) throws -> Plan {
    try live.checkSettled()
    let name = live.container?.image ?? ""
    guard let digest = live.resolved, let image = live.images.image(digest) else {
      throw PlanProblem(
        "\(name) is not in the repository any more, so no task of it could start.")
    }
    guard image.status == "ACTIVE" else {
      throw PlanProblem(
        RollbackReadiness.Obstacle.archived(isComing: image.status == "ACTIVATING").words)
    }
    guard live.running.isEmpty || live.running == [digest] else {
      throw PlanProblem(
        "\(name) leads to another image than the one that runs: this would not be the same again. "
          + "Roll to \(image.name) instead.")
    }
    return Plan(
      change: asked.change, kind: ChangeKind.redeploy.id, site: asked.site.name,
      title: "Deploy \(image.name) again", guarding: .guarded,
      parameters: live.parameters(["digest": digest]), locks: [live.service.lock],
      preconditions: live.settled + [
        Reading(ImageFields.target, "The image", "ACTIVE"),
        Reading(ImageFields.resolved, "What \(name) leads to", digest),
      ],
      steps: [
        Step(
          service: "ecs", operation: "UpdateService", words: "Deploy the same revision anew",
          parameters: [
            "cluster": live.service.cluster, "service": live.service.name,
            "forceNewDeployment": "true",
          ], recovery: .marker)
      ],
      expected: live.expected(digest), failure: ImageFields.failure,
      verifyWithinMs: ImageRollback.verifyWithinMs, effects: effects, cost: .none,
      restoresService: true)
  }
}
