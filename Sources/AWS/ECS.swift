/// Amazon Elastic Container Service: the service that runs the blog.
public struct ECS: Sendable {
  let client: Client

  /// ECS through a client.
  public init(_ client: Client) { self.client = client }

  /// A service and what it is doing.
  public struct RunningService: Sendable, Equatable, Decodable {
    /// The service's name.
    public let name: String
    /// `ACTIVE`, `DRAINING` or `INACTIVE`.
    public let status: String
    /// How many tasks are wanted.
    public let desiredCount: Int
    /// How many tasks run.
    public let runningCount: Int
    /// How many tasks are being started.
    public let pendingCount: Int
    /// The task definition's ARN, with its revision.
    public let taskDefinition: String
    /// What is being rolled out and what it replaces; one when nothing is going on.
    public let deployments: [Deployment]
    /// How rollouts go; nil for services that ECS does not roll out.
    public let deploymentConfiguration: DeploymentConfiguration?
    private let messages: [Event]?

    /// What ECS said of it last, newest first.
    public var events: [Event] { Array((messages ?? []).prefix(ECS.eventsMax)) }

    enum CodingKeys: String, CodingKey {
      case name = "serviceName"
      case messages = "events"
      case status, desiredCount, runningCount, pendingCount, taskDefinition, deployments
      case deploymentConfiguration
    }
  }

  /// The most messages of a service that are read, of the hundred that ECS keeps.
  static let eventsMax = 20

  /// One rollout of a service.
  public struct Deployment: Sendable, Equatable, Decodable {
    /// The deployment's id.
    public let id: String
    /// `PRIMARY`, `ACTIVE` or `INACTIVE`.
    public let status: String
    /// `IN_PROGRESS`, `COMPLETED` or `FAILED`; nil for services that ECS does not roll out.
    public let rolloutState: String?
  }

  /// How a service is rolled out.
  public struct DeploymentConfiguration: Sendable, Equatable, Decodable {
    /// What ends a rollout whose tasks do not start; nil for nothing.
    public let deploymentCircuitBreaker: CircuitBreaker?
  }

  /// What ends a rollout whose tasks do not start.
  public struct CircuitBreaker: Sendable, Equatable, Decodable {
    /// Whether such a rollout ends at all.
    public let enable: Bool
    /// Whether it is then rolled back.
    public let rollback: Bool
  }

  /// One message of ECS about a service.
  public struct Event: Sendable, Equatable, Decodable {
    /// The message's id.
    public let id: String
    /// ECS's words.
    public let message: String
    private let createdAt: EpochTime

    /// When it was said, in milliseconds since 1970.
    public var atMs: Int64 { createdAt.ms }
  }

  private struct ServiceName: Encodable {
    let cluster: String
    let services: [String]
  }

  private struct Services: Decodable {
    let services: [RunningService]
    let failures: [Problem]?

    struct Problem: Decodable { let reason: String? }
  }

  /// DescribeServices (Amazon ECS API Reference), for one service.
  /// - Throws: ``AWSError`` with reason `notFound` when the cluster or the service is not there.
  public func describeService(
    cluster: String, service: String
  ) async throws(AWSError) -> RunningService {
    let operation = Operation.read(.ecs, "DescribeServices")
    let answer: Services
    do {
      answer = try await client.json(
        operation, ServiceName(cluster: cluster, services: [service]), as: Services.self)
    } catch {
      throw named(error, cluster: cluster, service: service)
    }
    if let found = answer.services.first { return found }
    // What is missing comes with status 200 and a reason.
    let reason = answer.failures?.first?.reason ?? "MISSING"
    throw client.failure(
      .notFound("There is no service “\(service)” in its cluster (\(reason))."), operation)
  }

  private struct ServiceUpdate: Encodable {
    let cluster: String
    let service: String
    let desiredCount: Int?
    let taskDefinition: String?
    let forceNewDeployment: Bool?
  }

  private struct Updated: Decodable { let service: RunningService }

  /// UpdateService (Amazon ECS API Reference). ECS answers before anything has happened.
  /// - Parameters:
  ///   - desiredCount: 0 or more; nil leaves the count.
  ///   - taskDefinition: An ARN; nil leaves the revision.
  ///   - forcesDeployment: Whether every task is replaced although nothing else is new: tags are
  ///     looked up again.
  public func updateService(
    cluster: String, service: String, desiredCount: Int?, taskDefinition: String?,
    forcesDeployment: Bool = false
  ) async throws(AWSError) -> RunningService {
    try await client.json(
      .write(.ecs, "UpdateService"),
      ServiceUpdate(
        cluster: cluster, service: service, desiredCount: desiredCount,
        taskDefinition: taskDefinition, forceNewDeployment: forcesDeployment ? true : nil),
      as: Updated.self
    ).service
  }
}
