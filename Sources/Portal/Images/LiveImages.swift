import AWS
import Rules

/// The service, its image and the site, as plans of images need them: read now.
struct LiveImages: Sendable {
  let service: ServiceFacts
  /// The definition that the service is told to run.
  let definition: ECS.TaskDefinition
  let images: ImageFacts
  /// Digests of Ghost's image that tasks run, each once.
  let running: [String]
  /// The service's rollouts, newest first.
  let rollouts: [ECS.ServiceDeployment]
  let blog: BlogFacts

  /// Ghost's container; nil when the definition has none.
  var container: ECS.Container? { definition.container(of: images.repository) }

  /// The version of Ghost that runs; nil when no tag tells.
  var ghost: GhostVersion? {
    running.compactMap { images.image($0)?.ghost }.max() ?? GhostVersion(blog.version)
  }

  /// Everything as the rules judge it.
  func estate(at now: Moment) -> Estate {
    var estate = Estate(now: now)
    estate.add(images)
    estate.add(blog)
    estate.add(
      TaskFacts(
        running: running.map {
          TaskSummary(
            id: "", status: "RUNNING", health: "", zone: "", revision: "", digest: $0,
            startedAt: nil, stoppedAt: nil, stopCode: "", reason: "", exitCode: nil)
        }, stopped: []))
    estate.add(
      RolloutFacts(
        rollouts: rollouts.map { RolloutSummary(arn: $0.arn, status: $0.status) }, revisions: []))
    return estate
  }
}

extension Cloud {
  /// Everything that plans of images rest on.
  func liveImages(
    _ id: (cluster: String, name: String), repository: String
  ) async throws -> LiveImages {
    async let service = serviceFacts(id)
    async let images = repositoryFacts(repository)
    async let tasks = taskFacts(id, of: repository)
    async let rollouts = ecs.listServiceDeployments(cluster: id.cluster, service: id.name)
    async let blog = blogFacts()
    let definition = try await ecs.describeTaskDefinition(
      try await service.taskDefinition, includeTags: false)
    let digests = Set(try await tasks.running.map(\.digest)).filter { !$0.isEmpty }.sorted()
    return LiveImages(
      service: try await service, definition: definition, images: try await images,
      running: digests, rollouts: try await rollouts, blog: try await blog)
  }

  /// The same, of a plan.
  func liveImages(of plan: Plan) async throws -> LiveImages {
    try await liveImages(
      (plan.parameters["cluster"] ?? "", plan.parameters["service"] ?? ""),
      repository: plan.parameters["repository"] ?? "")
  }
}

extension Means {
  /// Everything that plans of images rest on, at a site.
  func liveImages(at site: Site) async throws -> LiveImages {
    let ids = try await storage.read { try SiteIDs(site: site.name, in: $0) }
    return try await cloud.liveImages(try ids.service, repository: try ids.repository)
  }
}
