/// What was read of the service's tasks.
public struct TaskFacts: Observed {
  /// What they are facts of.
  public static let subject = Subject.tasks

  /// Those that run or start.
  public var running: [TaskSummary]
  /// Those that stopped, as long as ECS shows them: about an hour.
  public var stopped: [TaskSummary]

  /// Facts, as read.
  public init(running: [TaskSummary], stopped: [TaskSummary]) {
    self.running = running
    self.stopped = stopped
  }
}

/// One task.
public struct TaskSummary: Codable, Hashable, Sendable {
  /// Its id, the end of its ARN.
  public var id: String
  /// `RUNNING`, `PENDING`, `STOPPED` and states between.
  public var status: String
  /// `HEALTHY`, `UNHEALTHY` or `UNKNOWN`.
  public var health: String
  /// Its availability zone.
  public var zone: String
  /// Family and revision of its task definition.
  public var revision: String
  /// The digest of Ghost's image that it runs; empty when not told.
  public var digest: String
  /// When it started.
  public var startedAt: Moment?
  /// When it stopped.
  public var stoppedAt: Moment?
  /// `EssentialContainerExited` and the like; empty while it runs.
  public var stopCode: String
  /// Why it stopped, in ECS's words.
  public var reason: String
  /// What Ghost's container ended with.
  public var exitCode: Int64?

  /// A task.
  public init(
    id: String, status: String, health: String, zone: String, revision: String, digest: String,
    startedAt: Moment?, stoppedAt: Moment?, stopCode: String, reason: String, exitCode: Int64?
  ) {
    self.id = id
    self.status = status
    self.health = health
    self.zone = zone
    self.revision = revision
    self.digest = digest
    self.startedAt = startedAt
    self.stoppedAt = stoppedAt
    self.stopCode = stopCode
    self.reason = reason
    self.exitCode = exitCode
  }
}
