import AWS
import Rules

// What the answers of ECS mean as facts of tasks.

extension Cloud {
  /// The service's tasks, those too that stopped lately.
  /// - Parameter repository: Where Ghost's image is, which tells its container from others.
  func taskFacts(
    _ id: (cluster: String, name: String), of repository: String?
  ) async throws -> TaskFacts {
    async let running = ecs.listTasks(cluster: id.cluster, service: id.name, .running)
    async let stopped = ecs.listTasks(cluster: id.cluster, service: id.name, .stopped)
    let arns = try await running + stopped
    let tasks = try await ecs.describeTasks(arns, cluster: id.cluster).map {
      TaskSummary($0, repository: repository)
    }
    // One that is stopping still runs: it counts as stopped when it has a time of its end.
    let ended = tasks.filter { $0.stoppedAt != nil }
    return TaskFacts(
      running: tasks.filter { $0.stoppedAt == nil }.sorted { $0.id < $1.id },
      stopped: ended.sorted { ($0.stoppedAt?.ms ?? 0, $0.id) > ($1.stoppedAt?.ms ?? 0, $1.id) })
  }
}

extension TaskSummary {
  fileprivate init(_ task: ECS.Task, repository: String?) {
    let ghost =
      task.containers.first { ImageName.isOf(repository, $0.image) } ?? task.containers.first
    self.init(
      id: task.id, status: task.lastStatus, health: task.health, zone: task.zone,
      revision: task.taskDefinition.split(separator: "/").last.map(String.init) ?? "",
      digest: ghost?.imageDigest ?? "", startedAt: task.startedMs.map(Moment.init(ms:)),
      stoppedAt: task.stoppedMs.map(Moment.init(ms:)), stopCode: task.stopCode ?? "",
      // The task's reason says that a container ended; the container's says why.
      reason: [task.stoppedReason, ghost?.reason].compactMap { $0 }.joined(separator: ". "),
      exitCode: ghost?.exitCode.map(Int64.init))
  }
}
