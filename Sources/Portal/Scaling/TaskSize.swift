import AWS
import Rules

extension ChangeKind {
  /// How large each Ghost task is.
  static let taskSize = ChangeKind(
    id: "ecs.task-size", label: "Task size",
    about: "Processor and memory of a task. Ghost is deployed anew.", subject: .service,
    ownPath: "/scaling",
    formPage: Portal.scaling,
    plan: { means, asked in
      guard let size = FargateSize(code: asked.field("size")) else {
        throw PlanProblem("Choose a size from the list: Fargate has no others.")
      }
      let facts = try await means.serviceFacts(at: asked.site)
      return try TaskSize.plan(
        change: asked.change, site: asked.site.name, facts: facts, size: size,
        rates: try await means.fargateRates(architecture: facts.architecture))
    },
    read: { means, plan in try await means.cloud.service(of: plan).fields },
    price: { means, plan in
      let facts = try await means.cloud.service(of: plan)
      guard let before = facts.size,
        let after = plan.parameters["size"].flatMap(FargateSize.init(code:))
      else { throw PlanProblem("The task's size is not one that has a price.") }
      return Cost.ofTasks(
        count: (facts.desired, facts.desired), size: (before, after),
        rates: try await means.fargateRates(architecture: facts.architecture))
    },
    perform: { means, plan, step, results in
      switch step.operation {
      case "RegisterTaskDefinition":
        try await TaskSize.register(step, of: plan, in: means.cloud)
      default: try await TaskSize.update(step, to: results.last ?? "", in: means.cloud)
      }
    })
}

/// Plans another size of the task: a new revision of the task definition, then the service on it.
enum TaskSize {
  /// How long a rolling deployment may take, Ghost's start included.
  static let verifyWithinMs = 20 * Span.minute
  /// The tag by which a registered revision is found again after a lost answer.
  static let markerTag = "caretaker:change"

  /// The plan, or why there is none.
  static func plan(
    change: String, site: String, facts: ServiceFacts, size: FargateSize, rates: FargateRates
  ) throws -> Plan {
    guard let before = facts.size else {
      throw PlanProblem("The task's size now, \(facts.sizeWords), has no price.")
    }
    guard size != before else {
      throw PlanProblem("Tasks have \(size.words) already. Choose another size.")
    }
    try facts.checkSettled()
    return Plan(
      change: change, kind: ChangeKind.taskSize.id, site: site,
      title: "Give Ghost's task \(size.words) instead of \(before.words)",
      guarding: .guarded, parameters: facts.address(["size": size.code]),
      locks: [facts.lock],
      preconditions: facts.settled + [
        Reading(ServiceFacts.fingerprintField, "Task definition's content", facts.fingerprint)
      ],
      steps: steps(change: change, facts: facts, size: size),
      expected: [
        Reading(ServiceFacts.sizeField, "Task size", size.words),
        Reading(ServiceFacts.runningField, "Running tasks", String(facts.desired)),
        Reading(ServiceFacts.rolloutField, "Deployment", "COMPLETED"),
      ],
      failure: [Reading(ServiceFacts.rolloutField, "Deployment", "FAILED")],
      verifyWithinMs: verifyWithinMs, effects: effects(from: before, to: size),
      cost: Cost.ofTasks(
        count: (facts.desired, facts.desired), size: (before, size), rates: rates),
      restoresService: size.memoryMiB > before.memoryMiB && size.cpuUnits >= before.cpuUnits,
      inverse: Inverse(kind: ChangeKind.taskSize.id, form: ["size": before.code]))
  }

  private static func steps(change: String, facts: ServiceFacts, size: FargateSize) -> [Step] {
    [
      Step(
        service: "ecs", operation: "RegisterTaskDefinition",
        words: "Register a copy of \(facts.revision) with \(size.words)",
        parameters: [
          "basedOn": facts.taskDefinition, "cpu": String(size.cpuUnits),
          "memory": String(size.memoryMiB), "tag:\(markerTag)": change,
        ], recovery: .marker),
      Step(
        service: "ecs", operation: "UpdateService",
        words: "Deploy the new revision",
        parameters: [
          "cluster": facts.cluster, "service": facts.name, "taskDefinition": "result of step 1",
        ], recovery: .setTo),
    ]
  }

  private static func effects(from before: FargateSize, to size: FargateSize) -> [String] {
    var effects = [
      "Ghost is deployed anew: the new task starts beside the old one, then the old one stops. "
        + "For about a minute both run.",
      "A theme that was uploaded by hand, not built into the image, is gone with the old task.",
    ]
    if size.memoryMiB < before.memoryMiB {
      effects.append("With less memory Ghost may be killed when it resizes large images.")
    }
    return effects + [ServiceFacts.driftWarning]
  }

  static func register(_ step: Step, of plan: Plan, in cloud: Cloud) async throws -> String {
    let base = try await cloud.ecs.describeTaskDefinition(
      step.parameters["basedOn"] ?? "", includeTags: true)
    return try await cloud.ecs.registerTaskDefinition(
      basedOn: base, cpu: step.parameters["cpu"] ?? "", memory: step.parameters["memory"] ?? "",
      tags: [markerTag: plan.change])
  }

  static func update(
    _ step: Step, to definition: String, in cloud: Cloud
  ) async throws -> String {
    let answer = try await cloud.ecs.updateService(
      cluster: step.parameters["cluster"] ?? "", service: step.parameters["service"] ?? "",
      desiredCount: nil, taskDefinition: definition)
    return "The service is told to run \(answer.taskDefinition)."
  }
}
