import AWS
import Rules

extension ChangeKind {
  /// How many Ghost tasks run.
  static let serviceCount = ChangeKind(
    id: "ecs.count", label: "Number of tasks",
    about: "Ghost supports one task for a site; 0 takes the blog down.", subject: .service,
    ownPath: "/scaling",
    formPage: Portal.scaling,
    plan: { means, asked in
      guard let count = Int64(asked.field("count")) else {
        throw PlanProblem("Choose how many tasks.")
      }
      let facts = try await means.serviceFacts(at: asked.site)
      return try ServiceCount.plan(
        change: asked.change, site: asked.site.name, facts: facts, count: count,
        rates: try await means.fargateRates(architecture: facts.architecture))
    },
    read: { means, plan in try await means.cloud.service(of: plan).fields },
    price: { means, plan in
      let facts = try await means.cloud.service(of: plan)
      guard let size = facts.size, let after = plan.parameters["count"].flatMap({ Int64($0) })
      else { throw PlanProblem("The task's size is not one that has a price.") }
      return Cost.ofTasks(
        count: (facts.desired, after), size: (size, size),
        rates: try await means.fargateRates(architecture: facts.architecture))
    },
    perform: { means, plan, step, _ in
      let answer = try await means.cloud.ecs.updateService(
        cluster: step.parameters["cluster"] ?? "", service: step.parameters["service"] ?? "",
        desiredCount: step.parameters["desiredCount"].flatMap { Int($0) }, taskDefinition: nil)
      return "The service is told to run \(answer.desiredCount)."
    })
}

/// Plans another number of tasks.
enum ServiceCount {
  /// Most tasks that can be asked for: Ghost supports one, and more are only ever a stopgap.
  static let countMax: Int64 = 4
  /// How long ECS may take to start or stop tasks.
  static let verifyWithinMs = 15 * Span.minute

  /// The plan, or why there is none.
  static func plan(
    change: String, site: String, facts: ServiceFacts, count: Int64, rates: FargateRates
  ) throws -> Plan {
    guard (0...countMax).contains(count) else {
      throw PlanProblem("Ask for 0 to \(countMax) tasks, not \(count).")
    }
    guard count != facts.desired else {
      throw PlanProblem("The service runs \(words(count)) already. Choose another number.")
    }
    guard let size = facts.size else {
      throw PlanProblem("The task's size, \(facts.sizeWords), has no price. Set a size first.")
    }
    try facts.checkSettled()
    return Plan(
      change: change, kind: ChangeKind.serviceCount.id, site: site,
      title: "Scale Ghost from \(words(facts.desired)) to \(words(count))",
      guarding: isEasilyPutBack(from: facts.desired, to: count) ? .logged : .guarded,
      parameters: facts.address(["count": String(count)]),
      locks: [facts.lock], preconditions: facts.settled,
      steps: [
        Step(
          service: "ecs", operation: "UpdateService",
          words: "Tell the service to run \(words(count))",
          parameters: [
            "cluster": facts.cluster, "service": facts.name, "desiredCount": String(count),
          ], recovery: .setTo)
      ],
      expected: [
        Reading(ServiceFacts.desiredField, "Desired tasks", String(count)),
        Reading(ServiceFacts.runningField, "Running tasks", String(count)),
      ],
      failure: [Reading(ServiceFacts.rolloutField, "Deployment", "FAILED")],
      verifyWithinMs: verifyWithinMs, effects: effects(from: facts.desired, to: count),
      cost: Cost.ofTasks(count: (facts.desired, count), size: (size, size), rates: rates),
      restoresService: facts.desired == 0 && count == 1,
      inverse: Inverse(
        kind: ChangeKind.serviceCount.id, form: ["count": String(facts.desired)]))
  }

  /// Going back to the one task that Ghost supports costs less and takes nothing down.
  private static func isEasilyPutBack(from before: Int64, to count: Int64) -> Bool {
    count < before && count > 0
  }

  private static func effects(from before: Int64, to count: Int64) -> [String] {
    var effects: [String] = []
    if count == 0 { effects.append("The blog is down until it is scaled up again.") }
    if count > 1 {
      effects.append(
        "Ghost supports one instance for a site. With \(count), edits can get lost, some requests "
          + "answer 405, and an uploaded theme reaches only one of them. A larger task is safer.")
    }
    if count > before, before > 0 { effects.append("Running tasks are not touched.") }
    if count == 1, before > 1 { effects.append("The others are stopped; readers notice nothing.") }
    if before == 0 { effects.append("Ghost takes about a minute to start.") }
    return effects + [ServiceFacts.driftWarning]
  }

  private static func words(_ count: Int64) -> String { count == 1 ? "1 task" : "\(count) tasks" }
}

extension ServiceFacts {
  /// Parameters with the service they are for.
  func address(_ parameters: [String: String]) -> [String: String] {
    parameters.merging(["cluster": cluster, "service": name]) { value, _ in value }
  }
}
