import Testing

@testable import AWS

/// What is sent to ECR and ECS to deploy an image, and what their answers mean.
@Suite struct ImageCallTests {
  private func body(_ script: Script) throws -> [String: JSONValue] {
    try JSONValue.decode(try #require(script.calls.last).body).members
  }

  @Test func `archived images are asked for too`() async throws {
    let script = Script([
      .text(200, #"{"imageDetails": [{"imageDigest": "sha256:a", "imageStatus": "ARCHIVED"}]}"#)
    ])
    #expect(try await ECR(script.client()).describeImages("ghost").map(\.status) == ["ARCHIVED"])
    #expect(try body(script)["filter"] == .object(["imageStatus": .string("ANY")]))
  }

  @Test func `a tag is put on the very manifest that the repository holds`() async throws {
    let manifest = #"{\"schemaVersion\": 2,  \"x\": 1}"#
    let script = Script([
      .text(
        200,
        """
        {"images": [{"imageId": {"imageDigest": "sha256:a"}, "imageManifest": "\(manifest)",
          "imageManifestMediaType": "application/vnd.oci.image.index.v1+json"}]}
        """),
      .text(200, #"{"image": {"imageId": {"imageDigest": "sha256:a", "imageTag": "latest"}}}"#),
    ])
    let ecr = ECR(script.client())
    #expect(try await ecr.putTag("latest", on: "sha256:a", in: "ghost") == "sha256:a")
    let sent = try body(script)
    #expect(sent["imageManifest"] == .string(#"{"schemaVersion": 2,  "x": 1}"#))
    #expect(sent["imageManifestMediaType"] == .string("application/vnd.oci.image.index.v1+json"))
    #expect(sent["imageTag"] == .string("latest"))
  }

  @Test func `a tag that leads there already is as it should be`() async throws {
    let image = #"{"imageId": {"imageDigest": "sha256:a"}, "imageManifest": "m"}"#
    let script = Script([
      .text(200, #"{"images": [\#(image)]}"#),
      .text(400, #"{"__type": "ImageAlreadyExistsException", "message": "m"}"#),
    ])
    #expect(
      try await ECR(script.client()).putTag("latest", on: "sha256:a", in: "ghost") == "sha256:a")
  }

  @Test func `a tag that can't be moved, or an image that is gone, is refused with no effect`()
    async throws
  {
    let image = #"{"imageId": {"imageDigest": "sha256:a"}, "imageManifest": "m"}"#
    let immutable = Script([
      .text(200, #"{"images": [\#(image)]}"#),
      .text(400, #"{"__type": "ImageTagAlreadyExistsException", "message": "m"}"#),
    ])
    let refused = await #expect(throws: AWSError.self) {
      _ = try await ECR(immutable.client()).putTag("latest", on: "sha256:a", in: "ghost")
    }
    #expect(refused?.effect == AWSError.Effect.none)
    let gone = Script([.text(200, #"{"images": [], "failures": []}"#)])
    let missing = await #expect(throws: AWSError.self) {
      _ = try await ECR(gone.client()).putTag("latest", on: "sha256:a", in: "ghost")
    }
    #expect(missing?.effect == AWSError.Effect.none)
    #expect(gone.calls.count == 1)
  }

  private static let described = """
    {"taskDefinition": {"taskDefinitionArn": "arn:f:3", "revision": 3, "family": "f",
      "status": "INACTIVE", "registeredAt": 1.5e9, "deregisteredAt": 1.6e9,
      "deleteRequestedAt": 1.7e9, "networkMode": "awsvpc", "containerDefinitions": [
        {"name": "ghost", "image": "r/ghost:v5", "cpu": 256, "environment": [
          {"name": "url", "value": "https://blog.example.com"}]},
        {"name": "proxy", "image": "r/proxy:1"}]},
     "tags": [{"key": "team", "value": "blog"}]}
    """

  @Test func `a revision is pinned in one container, and everything else is as it was`()
    async throws
  {
    let script = Script([
      .text(200, Self.described),
      .text(200, #"{"taskDefinition": {"taskDefinitionArn": "arn:f:4"}}"#),
    ])
    let ecs = ECS(script.client())
    let base = try await ecs.describeTaskDefinition("f:3", includeTags: true)
    #expect(base.status == "INACTIVE")
    _ = try await ecs.registerTaskDefinition(
      basedOn: base, image: "r/ghost@sha256:a", container: "ghost", tags: ["c": "7"])
    var expected = try JSONValue.decode(base.description)
    var containers = expected.members["containerDefinitions"]?.entries ?? []
    containers[0].members["image"] = .string("r/ghost@sha256:a")
    expected.members["containerDefinitions"] = .array(containers)
    expected.members["tags"] = .array(
      [("c", "7"), ("team", "blog")].map {
        .object(["key": .string($0.0), "value": .string($0.1)])
      })
    #expect(try body(script) == expected.members)
    #expect(ECS.computedMembers.allSatisfy { expected.members[$0] == nil })
  }

  @Test func `fields have paths by names, and values of the environment are not shown`()
    async throws
  {
    let script = Script([.text(200, Self.described)])
    let fields = try await ECS(script.client())
      .describeTaskDefinition("f:3", includeTags: false).fields
    #expect(fields["containerDefinitions.proxy.image"] == "r/proxy:1")
    #expect(fields["containerDefinitions.ghost.cpu"] == "256")
    #expect(fields["networkMode"] == "awsvpc")
    let variable = try #require(fields["containerDefinitions.ghost.environment.url.value"])
    #expect(variable.hasPrefix("not shown, digest "))
    #expect(!fields.values.contains { $0.contains("blog.example.com") })
  }

  @Test func `a new rollout is forced only where it is asked for`() async throws {
    let service = """
      {"service": {"serviceName": "s", "status": "ACTIVE", "desiredCount": 1, "runningCount": 1,
        "pendingCount": 0, "taskDefinition": "t", "deployments": []}}
      """
    let script = Script([.text(200, service)])
    let ecs = ECS(script.client())
    _ = try await ecs.updateService(
      cluster: "c", service: "s", desiredCount: nil, taskDefinition: nil, forcesDeployment: true)
    #expect(try body(script)["forceNewDeployment"] == .bool(true))
    _ = try await ecs.updateService(
      cluster: "c", service: "s", desiredCount: 2, taskDefinition: nil)
    #expect(try body(script)["forceNewDeployment"] == nil)
  }

  @Test func `a rollout tells its stage, its target and why it is rolled back`() async throws {
    let script = Script([
      .text(
        200,
        """
        {"serviceDeployments": [{"serviceDeploymentArn": "d", "status": "ROLLBACK_IN_PROGRESS",
          "createdAt": 1.5e9, "lifecycleStage": "SCALE_UP",
          "targetServiceRevision": {"arn": "r", "runningTaskCount": 0},
          "rollback": {"reason": "It failed.", "serviceRevisionArn": "q"},
          "deploymentCircuitBreaker": {"status": "TRIGGERED", "failureCount": 3, "threshold": 3}}]}
        """)
    ])
    let rollout = try #require(
      try await ECS(script.client()).describeServiceDeployments(["d"]).first)
    #expect(rollout.stage == "SCALE_UP" && rollout.targetRevision == "r")
    #expect(rollout.rollbackReason == "It failed." && rollout.finishedMs == nil)
    #expect(rollout.circuitBreaker?.failureCount == 3)
  }

  @Test func `a rollout is stopped with a roll-back`() async throws {
    let script = Script([.text(200, #"{"serviceDeploymentArn": "d"}"#)])
    try await ECS(script.client()).rollBackServiceDeployment("d")
    #expect(
      try body(script)
        == ["serviceDeploymentArn": .string("d"), "stopType": .string("ROLLBACK")])
  }

  @Test func `a service revision tells which images its tasks run`() async throws {
    let script = Script([
      .text(
        200,
        """
        {"serviceRevisions": [{"serviceRevisionArn": "r", "taskDefinition": "t:4",
          "containerImages": [{"containerName": "ghost", "image": "r/ghost:v5",
            "imageDigest": "sha256:a"}]}], "failures": []}
        """)
    ])
    let ecs = ECS(script.client())
    #expect(
      try await ecs.describeServiceRevisions(["r"]).first?.images.first?.imageDigest == "sha256:a")
    #expect(try await ecs.describeServiceRevisions([]).isEmpty)
    #expect(script.calls.count == 1)
  }
}
