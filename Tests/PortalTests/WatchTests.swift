import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// What is made of the peer's account, and what the checks find then.
@Suite(.serialized) struct WatchTests: CloudSuite {
  let peer: CloudPeer

  init() throws {
    peer = try CloudPeer.ofWatching.get()
    try peer.reset()
  }

  /// What a check finds now.
  private func finding(_ id: String, on stage: Stage) async throws -> Finding {
    try await poll(stage)
    return try stage.portal.storage.readNow { [now = stage.clock.now] db in
      try FindingStore.find(id, site: "blog", at: now, in: db).finding
    }
  }

  func outcome(_ id: String, on stage: Stage) async throws -> Finding.Outcome {
    try await finding(id, on: stage).outcome
  }

  /// What was last read.
  private func facts<Facts: Shown>(_ type: Facts.Type, on stage: Stage) throws -> Facts {
    try #require(
      try stage.portal.storage.readNow { try ObservationStore.facts(type, site: "blog", in: $0) }
    ).facts
  }

  /// The stack's only resource of a type.
  private func id(of type: String, on stage: Stage) throws -> String {
    let ids = try stage.portal.storage.readNow { try SiteIDs(site: "blog", in: $0) }
    return try #require(try ids.all(type).first)
  }

  /// An update of the service by somebody else.
  private func updateService(_ change: String, on stage: Stage) throws {
    let service = try stage.portal.storage.readNow { try SiteIDs(site: "blog", in: $0) }.service
    try peer.act(
      "ecs", "update_service",
      """
      {"cluster": "\(service.cluster)", "service": "\(service.name)", \(change)}
      """)
  }

  @Test func `a task that ends by itself is missed, and is trouble as long as ECS tells of it`()
    async throws
  {
    let stage = try await stage()
    #expect(try await outcome("ecs.running", on: stage) == .pass)
    #expect(try await outcome("ecs.tasks-stopping", on: stage) == .pass)
    try peer.endTask(exitCode: 137, reason: "OutOfMemoryError: Container killed")
    #expect(try await outcome("ecs.running", on: stage) == .fail)
    let trouble = try await finding("ecs.tasks-stopping", on: stage)
    #expect(trouble.outcome == .fail)
    #expect(trouble.state.contains("too much memory"))
    try peer.advance(seconds: 60)
    #expect(try await outcome("ecs.running", on: stage) == .pass)
    #expect(try await outcome("ecs.tasks-stopping", on: stage) == .fail)
    try peer.advance(seconds: 3_600)
    #expect(try await outcome("ecs.tasks-stopping", on: stage) == .pass)
    try await stage.end()
  }

  @Test func `a stopped task is still shown when ECS has forgotten it`() async throws {
    let stage = try await stage()
    let id = try #require(try facts(TaskFacts.self, on: stage).running.first).id
    try peer.endTask(exitCode: 1, reason: "")
    try await poll(stage)
    try peer.advance(seconds: 7_200)
    stage.clock.advance(ms: 2 * Span.hour)
    try await poll(stage)
    #expect(try facts(TaskFacts.self, on: stage).stopped.isEmpty)
    let page = await (try stage.browser(as: "viewer")).get("/resources/tasks").text
    #expect(page.contains(id))
    #expect(page.contains("Ghost ended with exit code 1."))
    try await stage.end()
  }

  @Test func `more than one task is a finding until there is one again`() async throws {
    let stage = try await stage()
    #expect(try await outcome("ecs.single-instance", on: stage) == .pass)
    try peer.drift(#"{"ecs_desired": 2}"#)
    #expect(try await outcome("ecs.single-instance", on: stage) == .fail)
    try peer.drift(#"{"ecs_desired": 1}"#)
    #expect(try await outcome("ecs.single-instance", on: stage) == .pass)
    try await stage.end()
  }

  @Test(arguments: [(false, false, "is off"), (true, false, "does not roll back")])
  func `a circuit breaker that does not roll back is a finding`(
    isOn: Bool, rollsBack: Bool, words: String
  ) async throws {
    let stage = try await stage()
    func set(_ isOn: Bool, _ rollsBack: Bool) throws {
      try updateService(
        """
        "deploymentConfiguration": {"deploymentCircuitBreaker":
          {"enable": \(isOn), "rollback": \(rollsBack)}}
        """, on: stage)
    }
    #expect(try await outcome("ecs.circuit-breaker", on: stage) == .pass)
    try set(isOn, rollsBack)
    let found = try await finding("ecs.circuit-breaker", on: stage)
    #expect(found.outcome == .fail)
    #expect(found.state.contains(words))
    try set(true, true)
    #expect(try await outcome("ecs.circuit-breaker", on: stage) == .pass)
    try await stage.end()
  }

  @Test func `a running image that leaves the repository is a finding until another runs`()
    async throws
  {
    let stage = try await stage()
    #expect(try await outcome("ecs.digest-in-repository", on: stage) == .pass)
    try peer.act(
      "ecr", "batch_delete_image",
      #"{"repositoryName": "ghost", "imageIds": [{"imageTag": "v5.87.1-3"}]}"#)
    #expect(try await outcome("ecs.digest-in-repository", on: stage) == .fail)
    try updateService(#""taskDefinition": "GhostInfraStackTaskDefB54D3F05:3""#, on: stage)
    try peer.advance(seconds: 120)
    #expect(try await outcome("ecs.digest-in-repository", on: stage) == .pass)
    try await stage.end()
  }

  @Test func `tags that can be moved are a finding until they can't`() async throws {
    let stage = try await stage()
    func set(_ mutability: String) throws {
      try peer.act(
        "ecr", "put_image_tag_mutability",
        """
        {"repositoryName": "ghost", "imageTagMutability": "\(mutability)"}
        """)
    }
    #expect(try await outcome("ecr.tags-immutable", on: stage) == .fail)
    try set("IMMUTABLE")
    #expect(try await outcome("ecr.tags-immutable", on: stage) == .pass)
    try set("MUTABLE")
    #expect(try await outcome("ecr.tags-immutable", on: stage) == .fail)
    try await stage.end()
  }

  @Test func `targets that are ill or gone are a finding`() async throws {
    let stage = try await stage()
    #expect(try await outcome("alb.targets", on: stage) == .pass)
    try peer.changeBalancer(#"{"targets": "unhealthy"}"#)
    let ill = try await finding("alb.targets", on: stage)
    #expect(ill.outcome == .fail)
    #expect(ill.state.contains("Health checks failed with these codes: [503]"))
    try peer.changeBalancer(#"{"targets": "healthy"}"#)
    #expect(try await outcome("alb.targets", on: stage) == .pass)
    try peer.drift(#"{"ecs_desired": 0}"#)
    try peer.advance(seconds: 60)
    #expect(try await finding("alb.targets", on: stage).state == "It has no target.")
    try await stage.end()
  }

  @Test func `a load balancer without TLS is a finding`() async throws {
    let stage = try await stage()
    let listener = try id(of: "AWS::ElasticLoadBalancingV2::Listener", on: stage)
    let certificate = try id(of: "AWS::CertificateManager::Certificate", on: stage)
    func listen(_ settings: String) throws {
      try peer.act("elbv2", "modify_listener", #"{"ListenerArn": "\#(listener)", \#(settings)}"#)
    }
    #expect(try await outcome("alb.https", on: stage) == .pass)
    try listen(#""Port": 80, "Protocol": "HTTP""#)
    #expect(try await outcome("alb.https", on: stage) == .fail)
    try listen(
      """
      "Port": 443, "Protocol": "HTTPS", "Certificates": [{"CertificateArn": "\(certificate)"}]
      """)
    #expect(try await outcome("alb.https", on: stage) == .pass)
    try await stage.end()
  }

  @Test func `a NAT gateway that is not available is a finding`() async throws {
    let stage = try await stage()
    #expect(try await outcome("nat.available", on: stage) == .pass)
    try peer.changeGateways("failed")
    #expect(try await outcome("nat.available", on: stage) == .fail)
    try peer.changeGateways("available")
    #expect(try await outcome("nat.available", on: stage) == .pass)
    try await stage.end()
  }

  @Test func `a subscription that nobody confirms is a finding, also of a topic of an alarm`()
    async throws
  {
    let stage = try await stage()
    let topic = "arn:aws:sns:us-west-2:123456789012:elsewhere"
    try peer.act("sns", "create_topic", #"{"Name": "elsewhere"}"#)
    try peer.act(
      "sns", "subscribe",
      """
      {"TopicArn": "\(topic)", "Protocol": "email", "Endpoint": "ops@example.com"}
      """)
    #expect(try await outcome("sns.unconfirmed", on: stage) == .pass)
    try peer.act(
      "cloudwatch", "put_metric_alarm",
      """
      {"AlarmName": "cpu", "Namespace": "AWS/RDS", "MetricName": "CPUUtilization",
       "Statistic": "Average", "Period": 300, "EvaluationPeriods": 3, "Threshold": 80,
       "ComparisonOperator": "GreaterThanThreshold", "AlarmActions": ["\(topic)", "\(topic)-gone"]}
      """)
    let waits = try await finding("sns.unconfirmed", on: stage)
    #expect(waits.outcome == .fail)
    #expect(waits.state.contains("elsewhere"))
    try peer.confirm("ops@example.com")
    #expect(try await outcome("sns.unconfirmed", on: stage) == .pass)
    // An alarm's topic that is gone tells nobody.
    #expect(try await finding("sns.nobody", on: stage).state.contains("elsewhere-gone"))
    try await stage.end()
  }

  @Test func `a volume for themes and a missing sender are seen in the task definition`()
    async throws
  {
    let stage = try await stage()
    #expect(try await outcome("ecs.theme-persistent", on: stage) == .fail)
    #expect(try await outcome("ghost.mail-from", on: stage) == .pass)
    #expect(try facts(ServiceFacts.self, on: stage).mailFrom == "noreply@example.com")
    try peer.act(
      "ecs", "register_task_definition",
      """
      {"family": "GhostInfraStackTaskDefB54D3F05",
       "containerDefinitions": [{"name": "ghost", "image": "ghost:5", "memory": 512,
         "mountPoints": [{"sourceVolume": "themes", "containerPath": "/var/lib/ghost/content"},
           {"sourceVolume": "own", "containerPath": "/tmp"}]}],
       "volumes": [{"name": "themes", "efsVolumeConfiguration": {"fileSystemId": "fs-0123"}},
         {"name": "own"}]}
      """)
    try updateService(#""taskDefinition": "GhostInfraStackTaskDefB54D3F05""#, on: stage)
    try peer.advance(seconds: 120)
    #expect(try await outcome("ecs.theme-persistent", on: stage) == .pass)
    #expect(try await outcome("ghost.mail-from", on: stage) == .fail)
    let service = try facts(ServiceFacts.self, on: stage)
    #expect(service.persistentPaths == ["/var/lib/ghost/content"])
    #expect(service.events.first?.message.hasSuffix("has reached a steady state.") == true)
    try await stage.end()
  }

  @Test func `what may not be read is not known, and its action is named`() async throws {
    let stage = try await stage()
    try peer.faults(
      """
      [{"service": "ecr", "operation": "DescribeImages", "times": null,
        "code": "AccessDeniedException", "status": 400}]
      """)
    let unknown = try await finding("ecr.tags-immutable", on: stage)
    #expect(unknown.outcome == .noData)
    #expect(unknown.state.contains("ecr:DescribeImages"))
    #expect(try await outcome("ecs.digest-in-repository", on: stage) == .noData)
    try peer.faults("[]")
    #expect(try await outcome("ecs.digest-in-repository", on: stage) == .pass)
    try await stage.end()
  }

  @Test func `a preview reads the service by two calls`() async throws {
    let stage = try await stage()
    let browser = try await stage.browser(as: "operator")
    try peer.forget()
    #expect(await browser.get("/changes/preview?kind=ecs.count&count=2").status == .ok)
    #expect(
      try peer.calls().filter { $0.service == "ecs" }.compactMap(\.operation).sorted()
        == ["DescribeServices", "DescribeTaskDefinition"])
    try await stage.end()
  }
}
