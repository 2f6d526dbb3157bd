/// What was read of the service's rollouts and of the task definitions it can run.
public struct RolloutFacts: Observed {
  /// What they are facts of.
  public static let subject = Subject.rollouts

  /// The newest rollouts, newest first.
  public var rollouts: [RolloutSummary]
  /// The newest revisions of the task definition, newest first.
  public var revisions: [RevisionSummary]

  /// Facts, as read.
  public init(rollouts: [RolloutSummary], revisions: [RevisionSummary]) {
    self.rollouts = rollouts
    self.revisions = revisions
  }

  /// The rollout that goes on now; nil when none does.
  public var underWay: RolloutSummary? { rollouts.first(where: \.isUnderWay) }
}

/// One rollout of the service, a service deployment in ECS's words.
public struct RolloutSummary: Codable, Hashable, Sendable {
  /// Its ARN.
  public var arn: String
  /// `PENDING`, `IN_PROGRESS`, `SUCCESSFUL`, `STOPPED`, `ROLLBACK_SUCCESSFUL` and the like.
  public var status: String
  /// Why, in ECS's words; empty when there is nothing to say.
  public var reason: String
  /// What is going on, `SCALE_UP`; empty when nothing is.
  public var stage: String
  /// Family and revision of its task definition; empty when ECS has forgotten it.
  public var revision: String
  /// The digest of Ghost's image; empty when ECS does not tell.
  public var digest: String
  /// How many tasks in a row did not start.
  public var failures: Int64
  /// After how many the circuit breaker ends it; 0 when it does not.
  public var threshold: Int64
  /// When it began.
  public var startedAt: Moment?
  /// When it ended.
  public var endedAt: Moment?

  /// A rollout.
  public init(
    arn: String, status: String, reason: String = "", stage: String = "", revision: String = "",
    digest: String = "", failures: Int64 = 0, threshold: Int64 = 0, startedAt: Moment? = nil,
    endedAt: Moment? = nil
  ) {
    self.arn = arn
    self.status = status
    self.reason = reason
    self.stage = stage
    self.revision = revision
    self.digest = digest
    self.failures = failures
    self.threshold = threshold
    self.startedAt = startedAt
    self.endedAt = endedAt
  }

  /// Whether it goes on.
  public var isUnderWay: Bool { !Self.ends.contains(status) }
  /// Whether it can still be stopped and rolled back.
  public var isStoppable: Bool { Self.isStoppable(status) }
  /// Whether what it was to bring is not there: one that was rolled back has failed.
  public var hasFailed: Bool { Self.failed.contains(status) }

  /// Whether a rollout in this status can still be stopped.
  public static func isStoppable(_ status: String) -> Bool {
    status == "PENDING" || status == "IN_PROGRESS"
  }

  /// Statuses in which a rollout has ended without bringing what it was to bring.
  public static let failed = ["ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED", "STOPPED"]
  private static let ends = Set(failed + ["SUCCESSFUL"])
}

/// One revision of the task definition.
public struct RevisionSummary: Codable, Hashable, Sendable {
  /// Family and revision, `GhostTask:4`.
  public var name: String
  /// Whether it can be deployed.
  public var isActive: Bool
  /// The image of Ghost's container.
  public var image: String

  /// A revision.
  public init(name: String, isActive: Bool, image: String) {
    self.name = name
    self.isActive = isActive
    self.image = image
  }
}
