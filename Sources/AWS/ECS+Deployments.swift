extension ECS {
  /// A rollout of a service with how it ended.
  public struct ServiceDeployment: Sendable, Equatable, Decodable {
    /// The rollout's ARN.
    public let arn: String
    /// `PENDING`, `IN_PROGRESS`, `SUCCESSFUL`, `STOPPED`, `ROLLBACK_SUCCESSFUL` and the like.
    public let status: String
    /// Why it has this status, in ECS's words; nil when there is nothing to say.
    public let reason: String?
    /// How near the circuit breaker is to ending it; nil in a list.
    public let circuitBreaker: Breaker?
    /// What is going on, `SCALE_UP` or `CLEAN_UP`; nil when nothing is, and in a list.
    public let stage: String?
    /// Why it is rolled back; nil when it is not, and in a list.
    public var rollbackReason: String? { rollback?.reason }
    /// The ARN of the service revision that it is to bring; nil when ECS does not say.
    public var targetRevision: String? { targetName ?? target?.arn }
    private let createdAt: EpochTime?
    private let finishedAt: EpochTime?
    private let targetName: String?
    private let target: Target?
    private let rollback: Rollback?

    /// When it began, in milliseconds since 1970; nil when ECS does not say.
    public var createdMs: Int64? { createdAt?.ms }
    /// When it ended, in milliseconds since 1970; nil while it goes on.
    public var finishedMs: Int64? { finishedAt?.ms }

    private struct Target: Equatable, Decodable { let arn: String? }
    private struct Rollback: Equatable, Decodable { let reason: String? }

    /// The circuit breaker of a rollout.
    public struct Breaker: Sendable, Equatable, Decodable {
      /// `MONITORING`, `TRIGGERED`, `MONITORING_COMPLETE` or `DISABLED`.
      public let status: String?
      /// How many tasks in a row did not start.
      public let failureCount: Int?
      /// After how many the rollout ends.
      public let threshold: Int?
    }

    enum CodingKeys: String, CodingKey {
      case arn = "serviceDeploymentArn"
      case reason = "statusReason"
      case circuitBreaker = "deploymentCircuitBreaker"
      case stage = "lifecycleStage"
      case targetName = "targetServiceRevisionArn"
      case target = "targetServiceRevision"
      case status, createdAt, finishedAt, rollback
    }
  }

  private struct DeploymentList: Encodable {
    let cluster: String
    let service: String
    let nextToken: String?
  }

  private struct DeploymentARNs: Encodable { let serviceDeploymentArns: [String] }

  private struct Deployments: Decodable {
    let serviceDeployments: [ServiceDeployment]
    let nextToken: String?
  }

  /// ListServiceDeployments (Amazon ECS API Reference): those of the last 90 days, newest first,
  /// every page.
  /// - Throws: ``AWSError`` with reason `notFound` when the cluster or the service is not there.
  public func listServiceDeployments(
    cluster: String, service: String
  ) async throws(AWSError) -> [ServiceDeployment] {
    let operation = Operation.read(.ecs, "ListServiceDeployments")
    do {
      return try await client.pages(operation) { token async throws(AWSError) in
        let page = try await client.json(
          operation, DeploymentList(cluster: cluster, service: service, nextToken: token),
          as: Deployments.self)
        return (page.serviceDeployments, page.nextToken)
      }
    } catch {
      throw named(error, cluster: cluster, service: service)
    }
  }

  /// DescribeServiceDeployments (Amazon ECS API Reference). One that ECS has forgotten is left out.
  /// - Parameter arns: 20 at most.
  public func describeServiceDeployments(
    _ arns: [String]
  ) async throws(AWSError) -> [ServiceDeployment] {
    try await client.json(
      .read(.ecs, "DescribeServiceDeployments"), DeploymentARNs(serviceDeploymentArns: arns),
      as: Deployments.self
    ).serviceDeployments
  }

  private struct Stop: Encodable {
    let serviceDeploymentArn: String
    let stopType: String
  }

  private struct Stopped: Decodable { let serviceDeploymentArn: String }

  /// StopServiceDeployment (Amazon ECS API Reference): has a rollout that is under way end and the
  /// service go back to what ran before it. ECS answers before that has happened.
  /// - Throws: ``AWSError`` with code `ConflictException` when it has ended already.
  public func rollBackServiceDeployment(_ arn: String) async throws(AWSError) {
    _ = try await client.json(
      .write(.ecs, "StopServiceDeployment"),
      Stop(serviceDeploymentArn: arn, stopType: "ROLLBACK"), as: Stopped.self)
  }
}
