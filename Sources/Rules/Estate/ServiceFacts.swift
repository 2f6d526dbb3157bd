/// What was read of the ECS service that runs Ghost, and of its task definition.
public struct ServiceFacts: Observed {
  /// What they are facts of.
  public static let subject = Subject.service

  /// The service's name.
  public var name: String
  /// Its cluster's name or ARN.
  public var cluster: String
  /// `ACTIVE`, `DRAINING` or `INACTIVE`.
  public var status: String
  /// How many tasks it is told to keep.
  public var desired: Int64
  /// How many run.
  public var running: Int64
  /// How many are starting.
  public var pending: Int64
  /// The ARN of the task definition of the primary deployment.
  public var taskDefinition: String
  /// `COMPLETED`, `IN_PROGRESS` or `FAILED`.
  public var rollout: String
  /// How many deployments are under way or serving.
  public var deployments: Int64
  /// The image of Ghost's container.
  public var image: String
  /// CPU units of a task.
  public var cpuUnits: Int64
  /// Memory of a task in MiB.
  public var memoryMiB: Int64
  /// `X86_64` or `ARM64`.
  public var architecture: String
  /// SHA-256 of the task definition's description, in hexadecimal.
  public var fingerprint: String
  /// What the circuit breaker does with a deployment that fails: `off`, `stops` or `rolls
  /// back`.
  public var breaker: String
  /// Folders of the container that outlive a task: where volumes are mounted.
  public var persistentPaths: [String]
  /// The address Ghost is told to send from, `mail__from`; nil when it is told none.
  public var mailFrom: String?
  /// What ECS says of the service, newest first.
  public var events: [ServiceEvent]

  /// Facts, as read.
  public init(
    name: String, cluster: String, status: String, desired: Int64, running: Int64,
    pending: Int64, taskDefinition: String, rollout: String, deployments: Int64, image: String,
    cpuUnits: Int64, memoryMiB: Int64, architecture: String, fingerprint: String,
    breaker: String = "off", persistentPaths: [String] = [], mailFrom: String? = nil,
    events: [ServiceEvent] = []
  ) {
    self.name = name
    self.cluster = cluster
    self.status = status
    self.desired = desired
    self.running = running
    self.pending = pending
    self.taskDefinition = taskDefinition
    self.rollout = rollout
    self.deployments = deployments
    self.image = image
    self.cpuUnits = cpuUnits
    self.memoryMiB = memoryMiB
    self.architecture = architecture
    self.fingerprint = fingerprint
    self.breaker = breaker
    self.persistentPaths = persistentPaths
    self.mailFrom = mailFrom
    self.events = events
  }
}

/// One message of ECS about the service.
public struct ServiceEvent: Codable, Hashable, Sendable {
  /// When.
  public var at: Moment
  /// ECS's words.
  public var message: String

  /// A message.
  public init(at: Moment, message: String) {
    self.at = at
    self.message = message
  }
}

extension ServiceFacts {
  /// Family and revision, `GhostTask:4`: the end of the ARN.
  public var revision: String {
    taskDefinition.split(separator: "/").last.map(String.init) ?? taskDefinition
  }
}
