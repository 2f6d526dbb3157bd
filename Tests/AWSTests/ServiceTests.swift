import Testing

@testable import AWS

extension DemoCloudTests {
  /// The service's tasks and how it is rolled out.
  struct ServiceTests {
    private static let cluster = "GhostInfraStack-ClusterEB0386A7-uKRK9EARdnII"
    private static let service = "GhostInfraStack-ServiceD69D759B-zBJvyMYoz8vS"
    private static let family = "GhostInfraStackTaskDefB54D3F05"

    private let cloud: DemoCloud
    private let ecs: ECS
    private let nowMs: Int64

    init() async throws {
      cloud = try await DemoCloud.fresh()
      ecs = ECS(try await cloud.client())
      nowMs = try await cloud.nowMs()
    }

    private func described() async throws -> ECS.RunningService {
      try await ecs.describeService(cluster: Self.cluster, service: Self.service)
    }

    private func tasks(_ state: ECS.TaskState) async throws -> [ECS.Task] {
      let arns = try await ecs.listTasks(cluster: Self.cluster, service: Self.service, state)
      return try await ecs.describeTasks(arns, cluster: Self.cluster)
    }

    private func deploy(revision: Int) async throws {
      _ = try await ecs.updateService(
        cluster: Self.cluster, service: Self.service, desiredCount: nil,
        taskDefinition: "\(Self.family):\(revision)")
    }

    private func advance(seconds: Int) async throws {
      try await cloud.control("clock", "{\"advance_s\": \(seconds)}")
    }

    @Test func `a service tells how it is rolled out and what ECS says of it`() async throws {
      let service = try await described()
      let breaker = service.deploymentConfiguration?.deploymentCircuitBreaker
      #expect(breaker == ECS.CircuitBreaker(enable: true, rollback: true))
      let event = try #require(service.events.first)
      #expect(event.message.hasSuffix("has reached a steady state."))
      #expect(abs(event.atMs - nowMs) < 60_000)
    }

    @Test func `no more messages are read than a page shows`() async throws {
      let event = #"{"id": "a", "createdAt": 1795348800.25, "message": "m"}"#
      let text = """
        {"services": [{"serviceName": "s", "status": "ACTIVE", "desiredCount": 1,
        "runningCount": 1, "pendingCount": 0, "taskDefinition": "t", "deployments": [],
        "events": [\(Array(repeating: event, count: 100).joined(separator: ","))]}]}
        """
      let service = try await ECS(Script([.text(200, text)]).client()).describeService(
        cluster: "c", service: "s")
      #expect(service.events.count == ECS.eventsMax)
      #expect(service.events.first?.atMs == 1_795_348_800_250)
      #expect(service.deploymentConfiguration == nil)
    }

    @Test func `a date that no clock shows is not read`() async throws {
      let text = """
        {"tasks": [{"taskArn": "a", "lastStatus": "RUNNING", "taskDefinitionArn": "t",
        "startedAt": 1e300}]}
        """
      let ecs = ECS(Script([.text(200, text)]).client())
      await #expect {
        _ = try await ecs.describeTasks(["a"], cluster: "c")
      } throws: { error in
        (error as? AWSError)?.reason == .unreadable("“tasks.Index 0.startedAt” is of another kind")
      }
    }

    @Test func `a running task tells its image, its zone and since when`() async throws {
      let task = try #require(try await tasks(.running).first)
      #expect(task.lastStatus == "RUNNING")
      #expect(task.health == "HEALTHY")
      #expect(task.zone == "us-west-2a")
      #expect(task.taskDefinition.hasSuffix("\(Self.family):4"))
      #expect(!task.id.contains("/") && task.arn.hasSuffix(task.id))
      #expect(abs((task.startedMs ?? 0) - nowMs) < 60_000)
      #expect(task.stoppedMs == nil && task.stopCode == nil && task.stoppedReason == nil)
      let container = try #require(task.containers.first)
      #expect(container.name == "ghost")
      #expect(container.image?.hasSuffix("/ghost:v5.87.1-3") == true)
      #expect(container.imageDigest?.hasPrefix("sha256:") == true)
      #expect(container.exitCode == nil)
      #expect(try await tasks(.stopped).isEmpty)
    }

    @Test func `a replaced task has stopped, and is forgotten after an hour`() async throws {
      let old = try await tasks(.running)
      try await deploy(revision: 2)
      try await advance(seconds: 70)
      let stopped = try #require(try await tasks(.stopped).first)
      #expect([stopped.arn] == old.map(\.arn))
      #expect(stopped.lastStatus == "STOPPED")
      #expect(stopped.stopCode == "ServiceSchedulerInitiated")
      #expect(stopped.stoppedReason?.hasPrefix("Scaling activity initiated by") == true)
      #expect(stopped.stoppedMs != nil)
      #expect(stopped.containers.first?.exitCode == 0)
      try await advance(seconds: 3_600)
      #expect(try await tasks(.stopped).isEmpty)
      #expect(try await ecs.describeTasks(old.map(\.arn), cluster: Self.cluster).isEmpty)
    }

    @Test func `a task that ran out of memory says so in its container`() async throws {
      try await cloud.control(
        "tasks", #"{"exit_code": 137, "reason": "OutOfMemoryError: Container killed"}"#)
      let stopped = try #require(try await tasks(.stopped).first)
      #expect(stopped.stopCode == "EssentialContainerExited")
      #expect(stopped.containers.first?.exitCode == 137)
      #expect(stopped.containers.first?.reason == "OutOfMemoryError: Container killed")
    }

    @Test func `every page of tasks is read, and they are described a hundred at a time`()
      async throws
    {
      _ = try await ecs.updateService(
        cluster: Self.cluster, service: Self.service, desiredCount: 101, taskDefinition: nil)
      try await advance(seconds: 40)
      try await cloud.control("pages", #"{"ecs.ListTasks": 40}"#)
      #expect(Set(try await tasks(.running).map(\.arn)).count == 101)
      #expect(try await cloud.calls(of: "ListTasks").count == 3)
      #expect(try await cloud.calls(of: "DescribeTasks").count == 2)
    }

    @Test func `rollouts are listed newest first, and described with their circuit breaker`()
      async throws
    {
      try await cloud.control("deployments", #"{"fail": true}"#)
      try await deploy(revision: 2)
      try await advance(seconds: 120)
      func list() async throws -> [ECS.ServiceDeployment] {
        try await ecs.listServiceDeployments(cluster: Self.cluster, service: Self.service)
      }
      let all = try await list()
      #expect(all.map(\.status) == ["ROLLBACK_IN_PROGRESS", "SUCCESSFUL"])
      #expect(all.first?.reason?.contains("tasks failed to start") == true)
      #expect(all.allSatisfy { $0.createdMs != nil && $0.circuitBreaker == nil })
      let failed = try #require(try await ecs.describeServiceDeployments([all[0].arn]).first)
      #expect(failed.circuitBreaker?.status == "TRIGGERED")
      #expect(failed.circuitBreaker?.failureCount == 3)
      #expect(failed.circuitBreaker?.threshold == 3)
      try await cloud.control("pages", #"{"ecs.ListServiceDeployments": 1}"#)
      #expect(try await list() == all)
    }

    @Test func `a definition tells what its container mounts and logs to, and no secret`()
      async throws
    {
      let definition = try await ecs.describeTaskDefinition(Self.family, includeTags: false)
      let container = try #require(definition.containers.first)
      #expect(container.logGroup?.contains("GhostLogs") == true)
      #expect(container.environmentNames.contains("mail__from"))
      #expect(definition.environmentValue(of: "mail__from") == "noreply@example.com")
      #expect(definition.environmentValue(of: "nothing") == nil)
      #expect(container.mountPoints.isEmpty && definition.volumes.isEmpty)
    }

    @Test func `a service or cluster without tasks to list is named`() async {
      #expect(
        await isNotFound { _ = try await ecs.listTasks(cluster: "no", service: "no", .running) })
      #expect(
        await isNotFound {
          _ = try await ecs.listTasks(cluster: Self.cluster, service: "no", .running)
        })
      #expect(
        await isNotFound {
          _ = try await ecs.listServiceDeployments(cluster: Self.cluster, service: "no")
        })
    }

    @Test func `no call broke a rule of the models`() async throws {
      _ = try await tasks(.running)
      _ = try await ecs.listServiceDeployments(cluster: Self.cluster, service: Self.service)
      #expect(try await cloud.control("violations").entries == [])
    }
  }
}
