import AWS
import Cryptography
import Rules

// What AWS's answers mean as facts. Every reading of a resource goes through here: a poll, a
// preview, the look before a run and the look after it.

extension Cloud {
  /// The service with the size and image of its tasks.
  func serviceFacts(_ id: (cluster: String, name: String)) async throws -> ServiceFacts {
    let service = try await ecs.describeService(cluster: id.cluster, service: id.name)
    let definition = try await ecs.describeTaskDefinition(
      service.taskDefinition, includeTags: false)
    let primary = service.deployments.first { $0.status == "PRIMARY" }
    return ServiceFacts(
      name: service.name, cluster: id.cluster, status: service.status,
      desired: Int64(service.desiredCount), running: Int64(service.runningCount),
      pending: Int64(service.pendingCount),
      taskDefinition: definition.arn, rollout: primary?.rolloutState ?? "UNKNOWN",
      deployments: Int64(service.deployments.count),
      image: definition.containers.first?.image ?? "",
      cpuUnits: definition.cpu.flatMap { Int64($0) } ?? 0,
      memoryMiB: definition.memory.flatMap { Int64($0) } ?? 0,
      architecture: definition.cpuArchitecture ?? "X86_64",
      fingerprint: Hex.encode(SHA256.digest(definition.description)),
      breaker: (service.deploymentConfiguration?.deploymentCircuitBreaker).word,
      persistentPaths: definition.persistentPaths, mailFrom: definition.mailFrom,
      events: service.events.map { ServiceEvent(at: Moment(ms: $0.atMs), message: $0.message) })
  }

  /// The service a plan is for.
  func service(of plan: Plan) async throws -> ServiceFacts {
    try await serviceFacts((plan.parameters["cluster"] ?? "", plan.parameters["service"] ?? ""))
  }

  /// SES in the region.
  func mailFacts() async throws -> MailFacts {
    let account = try await ses.getAccount()
    return MailFacts(
      productionAccess: account.productionAccess, sendingEnabled: account.sendingEnabled,
      enforcement: account.enforcementStatus,
      max24Hours: account.max24HourSend, sent24Hours: account.sentLast24Hours,
      review: account.reviewStatus, caseID: account.caseID, maxRateMilli: account.maxSendRateMilli,
      suppressedReasons: account.suppressedReasons, mailType: account.details?.mailType)
  }
}

extension ECS.CircuitBreaker? {
  /// What it does, in facts; nothing when the service has none.
  fileprivate var word: String {
    guard let self, self.enable else { return "off" }
    return self.rollback ? "rolls back" : "stops"
  }
}

extension ECS.TaskDefinition {
  /// Folders of the first container that are there for the next task.
  fileprivate var persistentPaths: [String] {
    let kept = Set(volumes.filter(\.outlivesTask).map(\.name))
    return containers.first?.mountPoints.filter { kept.contains($0.volume) }.map(\.path) ?? []
  }

  /// The address Ghost is told to send from. One that is kept as a secret is not read.
  fileprivate var mailFrom: String? {
    let variable = "mail__from"
    let isSet = containers.first?.environmentNames.contains(variable) ?? false
    return isSet ? environmentValue(of: variable) ?? "an address kept as a secret" : nil
  }
}
