import AWS
import Rules

// What the answers of ECS mean as facts of rollouts and of what they bring.

extension Cloud {
  /// The most rollouts that are looked at. ECS describes 20 at a time.
  static let rolloutsMax = 10
  /// The most revisions of the task definition that are looked at.
  static let revisionsMax = 20

  /// The service's newest rollouts, and the revisions it can run.
  /// - Parameter repository: Where Ghost's image is, which tells its container from others.
  func rolloutFacts(
    _ id: (cluster: String, name: String), of repository: String?
  ) async throws -> RolloutFacts {
    async let rollouts = rolloutSummaries(id, of: repository)
    async let revisions = revisionSummaries(of: id, repository)
    return RolloutFacts(rollouts: try await rollouts, revisions: try await revisions)
  }

  private func rolloutSummaries(
    _ id: (cluster: String, name: String), of repository: String?
  ) async throws -> [RolloutSummary] {
    let listed = try await ecs.listServiceDeployments(cluster: id.cluster, service: id.name)
    let arns = listed.prefix(Self.rolloutsMax).map(\.arn)
    guard !arns.isEmpty else { return [] }
    let described = try await ecs.describeServiceDeployments(arns)
    let targets = Set(described.compactMap(\.targetRevision)).sorted()
    let brought = try await ecs.describeServiceRevisions(targets)
    return arns.compactMap { arn in
      guard let rollout = described.first(where: { $0.arn == arn }) else { return nil }
      let revision = brought.first { $0.arn == rollout.targetRevision }
      return RolloutSummary(rollout, revision, of: repository)
    }
  }

  private func revisionSummaries(
    of id: (cluster: String, name: String), _ repository: String?
  ) async throws -> [RevisionSummary] {
    let service = try await ecs.describeService(cluster: id.cluster, service: id.name)
    let family = String(Self.revisionName(service.taskDefinition).prefix { $0 != ":" })
    async let active = ecs.listTaskDefinitions(family: family)
    async let inactive = ecs.listTaskDefinitions(family: family, isActive: false)
    let arns = try await (active.prefix(Self.revisionsMax) + inactive.prefix(Self.revisionsMax))
    let found = try await withThrowingTaskGroup(of: ECS.TaskDefinition.self) { group in
      for arn in arns {
        group.addTask { try await ecs.describeTaskDefinition(arn, includeTags: false) }
      }
      return try await group.reduce(into: [ECS.TaskDefinition]()) { $0.append($1) }
    }
    return found.sorted { $0.revision > $1.revision }.prefix(Self.revisionsMax).map {
      RevisionSummary(
        name: Self.revisionName($0.arn), isActive: $0.status == "ACTIVE",
        image: $0.container(of: repository)?.image ?? "")
    }
  }

  /// Family and revision, `GhostTask:4`: the end of the ARN.
  static func revisionName(_ arn: String) -> String {
    arn.split(separator: "/").last.map(String.init) ?? arn
  }
}

extension ECS.TaskDefinition {
  /// The container with an image of the repository, or else the first.
  func container(of repository: String?) -> ECS.Container? {
    containers.first { ImageName.isOf(repository, $0.image) } ?? containers.first
  }
}

/// Names of images, `REGISTRY/REPOSITORY:TAG` or `REGISTRY/REPOSITORY@sha256:…`.
enum ImageName {
  /// Whether an image is of this repository.
  static func isOf(_ repository: String?, _ image: String?) -> Bool {
    guard let repository, let image else { return false }
    return [":", "@"].contains { image.contains("/\(repository)\($0)") }
  }
}

extension RolloutSummary {
  fileprivate init(
    _ rollout: ECS.ServiceDeployment, _ revision: ECS.ServiceRevision?, of repository: String?
  ) {
    let images = revision?.images ?? []
    let ghost = images.first { ImageName.isOf(repository, $0.image) } ?? images.first
    let reason = rollout.rollbackReason ?? rollout.reason ?? ""
    let breaker = rollout.circuitBreaker
    self.init(
      arn: rollout.arn, status: rollout.status, reason: reason, stage: rollout.stage ?? "",
      revision: (revision?.taskDefinition).map(Cloud.revisionName) ?? "",
      digest: ghost?.imageDigest ?? "", failures: Int64(breaker?.failureCount ?? 0),
      threshold: Int64(breaker?.threshold ?? 0),
      startedAt: rollout.createdMs.map(Moment.init(ms:)),
      endedAt: rollout.finishedMs.map(Moment.init(ms:)))
  }
}
