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
    private let createdAt: EpochTime?

    /// When it began, in milliseconds since 1970; nil when ECS does not say.
    public var createdMs: Int64? { createdAt?.ms }

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
      case status, createdAt
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
}
