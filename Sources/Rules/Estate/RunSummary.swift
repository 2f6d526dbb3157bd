/// One run of a workflow, as GitHub last told of it.
public struct RunSummary: Codable, Hashable, Sendable {
  /// GitHub's number of it.
  public var id: Int64
  /// The workflow's file, `infra-deploy.yml`.
  public var file: String
  /// What GitHub calls it: what `run-name` made of its inputs.
  public var title: String
  /// The commit it runs at.
  public var commit: String
  /// Its branch; empty where not told.
  public var branch: String
  /// `workflow_dispatch`, `push`…
  public var event: String
  /// `queued`, `in_progress`, `completed`, `waiting`…
  public var status: String
  /// `success`, `failure`, `cancelled`…; empty while it runs.
  public var conclusion: String
  /// Which attempt it is, from 1.
  public var attempt: Int64
  /// Whose token or hand began it, on GitHub.
  public var actor: String
  /// When it was made.
  public var createdAt: Moment
  /// When its last attempt began.
  public var startedAt: Moment
  /// When GitHub last changed it: its end, once it is over.
  public var updatedAt: Moment

  /// A run. An attempt that can't be one, or has none after it, is taken for the nearest that can.
  public init(
    id: Int64, file: String, title: String, commit: String, branch: String = "main",
    event: String, status: String, conclusion: String, attempt: Int64 = 1, actor: String = "",
    createdAt: Moment, startedAt: Moment, updatedAt: Moment
  ) {
    self.id = id
    self.file = file
    self.title = title
    self.commit = commit
    self.branch = branch
    self.event = event
    self.status = status
    self.conclusion = conclusion
    self.attempt = min(max(1, attempt), Int64.max - 1)
    self.actor = actor
    self.createdAt = createdAt
    self.startedAt = startedAt
    self.updatedAt = updatedAt
  }

  /// Whether it has come to an end.
  public var isOver: Bool { status == "completed" }
  /// How long its last attempt took, in milliseconds; nil while it runs.
  public var durationMs: Int64? { isOver ? max(updatedAt.since(startedAt), 0) : nil }
  /// How it ended, or else how far it is.
  public var outcome: String { isOver ? conclusion : status }

  /// The id of the change whose mark its title carries: 32 hexadecimal digits in a row.
  public var mark: String? {
    title.split { !$0.isLetter && !$0.isNumber }.map(String.init).first { word in
      word.count == Self.markLength && word.allSatisfy { $0.isHexDigit && !$0.isUppercase }
    }
  }

  /// The length of a change's id. A commit has 40 digits.
  static let markLength = 32

  /// Whether it changes anything where it succeeds: infra-deploy in the mode `plan` only leaves a
  /// change set.
  public var deploys: Bool {
    !(Workflow.folder(of: file) == "infra/" && title.split(separator: " ").contains("plan"))
  }
}

/// What is known of the service that a run of image-deploy was to change.
public enum RunDelivery: Hashable, Sendable {
  /// Its image runs in every task.
  case running(tag: String)
  /// Its image is in the repository, and tasks run another.
  case notRunning(tag: String)
  /// ECS has not come to an end with its deployment.
  case underWay
  /// ECS gave up the last deployment.
  case failed
  /// No image is known to be this run's.
  case unknown

  /// What became of a run's image, from what was read last.
  public init(of run: RunSummary, in estate: Estate) {
    let words = Set([run.commit] + run.title.split(separator: " ").map(String.init))
    guard let images = estate[ImageFacts.self].facts, let tasks = estate[TaskFacts.self].facts,
      let service = estate[ServiceFacts.self].facts,
      let image = images.images.first(where: { !words.isDisjoint(with: $0.tags) }),
      let tag = image.tags.first(where: words.contains)
    else {
      self = .unknown
      return
    }
    let serving = tasks.running.filter { $0.status == "RUNNING" }
    if service.rollout == "IN_PROGRESS" {
      self = .underWay
    } else if !serving.isEmpty, serving.allSatisfy({ $0.digest == image.digest }) {
      self = .running(tag: tag)
    } else {
      self = service.rollout == "FAILED" ? .failed : .notRunning(tag: tag)
    }
  }
}
