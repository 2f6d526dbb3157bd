extension ECS {
  /// A task: a set of containers that runs, starts or has stopped.
  public struct Task: Sendable, Equatable, Decodable {
    /// The task's ARN.
    public let arn: String
    /// `PENDING`, `RUNNING`, `STOPPED` and states between.
    public let lastStatus: String
    /// The task definition's ARN, with its revision.
    public let taskDefinition: String
    /// `EssentialContainerExited` and the like; nil while it runs.
    public let stopCode: String?
    /// Why it stopped, in ECS's words; nil while it runs.
    public let stoppedReason: String?
    private let healthStatus: String?
    private let availabilityZone: String?
    private let containerList: [TaskContainer]?
    private let startedAt: EpochTime?
    private let stoppedAt: EpochTime?

    /// The task's id: the end of its ARN.
    public var id: String { arn.split(separator: "/").last.map(String.init) ?? arn }
    /// `HEALTHY`, `UNHEALTHY`, or `UNKNOWN` where the definition has no health check.
    public var health: String { healthStatus ?? "UNKNOWN" }
    /// The zone it runs in, `us-west-2a`; empty while it has none.
    public var zone: String { availabilityZone ?? "" }
    /// Its containers.
    public var containers: [TaskContainer] { containerList ?? [] }
    /// When it started, in milliseconds since 1970; nil when it has not.
    public var startedMs: Int64? { startedAt?.ms }
    /// When it stopped, in milliseconds since 1970; nil while it runs.
    public var stoppedMs: Int64? { stoppedAt?.ms }

    enum CodingKeys: String, CodingKey {
      case arn = "taskArn"
      case taskDefinition = "taskDefinitionArn"
      case containerList = "containers"
      case lastStatus, stopCode, stoppedReason, healthStatus, availabilityZone
      case startedAt, stoppedAt
    }
  }

  /// A container of a task.
  public struct TaskContainer: Sendable, Equatable, Decodable {
    /// The container's name in the definition.
    public let name: String?
    /// The image as the definition names it.
    public let image: String?
    /// The digest of the image, `sha256:…`; nil before it is pulled.
    public let imageDigest: String?
    /// What it ended with; nil while it runs, or when it never did.
    public let exitCode: Int?
    /// Why it ended, in ECS's words; nil when there is nothing to say.
    public let reason: String?
  }

  /// Which tasks of a service.
  public enum TaskState: String, Sendable {
    /// Those that are to run, also while they start.
    case running = "RUNNING"
    /// Those that are to stop or have stopped. ECS shows them for about an hour.
    case stopped = "STOPPED"
  }

  private struct TaskList: Encodable {
    let cluster: String
    let serviceName: String
    let desiredStatus: String
    let nextToken: String?
  }

  private struct TaskARNs: Decodable {
    let taskArns: [String]
    let nextToken: String?
  }

  /// ListTasks (Amazon ECS API Reference): the ARNs of a service's tasks, every page.
  /// - Throws: ``AWSError`` with reason `notFound` when the cluster or the service is not there.
  public func listTasks(
    cluster: String, service: String, _ state: TaskState
  ) async throws(AWSError) -> [String] {
    let operation = Operation.read(.ecs, "ListTasks")
    do {
      return try await client.pages(operation) { token async throws(AWSError) in
        let page = try await client.json(
          operation,
          TaskList(
            cluster: cluster, serviceName: service, desiredStatus: state.rawValue,
            nextToken: token),
          as: TaskARNs.self)
        return (page.taskArns, page.nextToken)
      }
    } catch {
      throw named(error, cluster: cluster, service: service)
    }
  }

  /// The failure, with the name of what is not there.
  func named(_ error: AWSError, cluster: String, service: String) -> AWSError {
    let words =
      switch error.code {
      case "ClusterNotFoundException": "There is no cluster “\(cluster)”."
      case "ServiceNotFoundException": "There is no service “\(service)” in its cluster."
      default: String?.none
      }
    return words.map { client.failure(.notFound($0), error.operation) } ?? error
  }

  /// The most tasks that ECS describes at a time.
  private static let tasksPerCallMax = 100

  private struct TaskNames: Encodable {
    let cluster: String
    let tasks: [String]
  }

  private struct Tasks: Decodable { let tasks: [Task] }

  /// DescribeTasks (Amazon ECS API Reference). A task that ECS has forgotten meanwhile is left out.
  public func describeTasks(
    _ arns: [String], cluster: String
  ) async throws(AWSError) -> [Task] {
    let operation = Operation.read(.ecs, "DescribeTasks")
    var tasks: [Task] = []
    for start in stride(from: 0, to: arns.count, by: Self.tasksPerCallMax) {
      let some = Array(arns[start...].prefix(Self.tasksPerCallMax))
      tasks += try await client.json(
        operation, TaskNames(cluster: cluster, tasks: some), as: Tasks.self
      ).tasks
    }
    return tasks
  }
}
