import Testing

@testable import AWS

struct TaskDefinitionTests {
  private func definition(_ container: String) -> ECS.TaskDefinition {
    ECS.TaskDefinition(
      arn: "arn:f:3", family: "f", revision: 3, status: "ACTIVE", cpu: "512", memory: "1024",
      cpuArchitecture: nil,
      containers: [], volumes: [], tags: ["aws:cloudformation:stack-name": "s", "team": "blog"],
      description: Array(#"{"cpu":"512","family":"f","containerDefinitions":[\#(container)]}"#.utf8)
    )
  }

  private func resized(_ container: String, cpu: String, memory: String) -> [String: JSONValue]? {
    ECS.resize(definition(container), cpu: cpu, memory: memory)?
      .members["containerDefinitions"]?.entries.first?.members
  }

  @Test func `the task gets its new size`() {
    let members = ECS.resize(definition("{}"), cpu: "1024", memory: "2048")?.members
    #expect(members?["cpu"] == .string("1024"))
    #expect(members?["memory"] == .string("2048"))
    #expect(members?["family"] == .string("f"))
  }

  @Test func `a container that had the whole task follows it`() {
    let container = resized(
      #"{"cpu":512,"memory":1024,"memoryReservation":2000}"#, cpu: "1024", memory: "2048")
    #expect(
      container == [
        "cpu": .integer(1_024), "memory": .integer(2_048), "memoryReservation": .integer(2_048),
      ])
  }

  @Test func `a smaller share stays, and none is made up`() {
    let container = resized(#"{"cpu":0,"memory":256}"#, cpu: "1024", memory: "2048")
    #expect(container == ["cpu": .integer(0), "memory": .integer(256)])
  }

  @Test func `a share that would be larger than the task becomes the task's`() {
    let container = resized(#"{"cpu":300,"memory":800}"#, cpu: "256", memory: "512")
    #expect(container == ["cpu": .integer(256), "memory": .integer(512)])
  }

  @Test func `a registration has no computed member, no tag of AWS's, and the given tags`()
    async throws
  {
    let described = Script([
      .text(
        200,
        """
        {"taskDefinition": {"taskDefinitionArn": "arn:f:3", "revision": 3, "family": "f",
          "status": "ACTIVE", "cpu": "512", "memory": "1024", "registeredAt": 1.5e9,
          "registeredBy": "x", "compatibilities": [], "requiresAttributes": [],
          "runtimePlatform": {"cpuArchitecture": "ARM64"}, "placementConstraints": [],
          "containerDefinitions": [{"name": "ghost", "image": "i:1", "essential": true,
            "environment": [{"name": "URL", "value": "u"}],
            "secrets": [{"name": "PASSWORD", "valueFrom": "arn"}]}]},
         "tags": [{"key": "aws:x", "value": "1"}, {"key": "team", "value": "blog"}]}
        """), .text(200, #"{"taskDefinition": {"taskDefinitionArn": "arn:f:4"}}"#),
    ])
    let ecs = ECS(described.client())
    let base = try await ecs.describeTaskDefinition("f:3", includeTags: true)
    #expect(base.cpuArchitecture == "ARM64")
    #expect(base.containers.map(\.environmentNames) == [["URL", "PASSWORD"]])
    let arn = try await ecs.registerTaskDefinition(
      basedOn: base, cpu: "1024", memory: "2048", tags: ["caretaker:change": "7"])
    #expect(arn == "arn:f:4")
    let sent = try JSONValue.decode(try #require(described.calls.last).body).members
    #expect(ECS.computedMembers.allSatisfy { sent[$0] == nil })
    #expect(
      sent["tags"]
        == .array([
          .object(["key": .string("caretaker:change"), "value": .string("7")]),
          .object(["key": .string("team"), "value": .string("blog")]),
        ]))
    #expect(
      sent["containerDefinitions"]?.entries.first?.members["essential"] == .bool(true))
  }

  @Test func `newest revisions come first, by number`() async throws {
    let script = Script([
      .text(
        200, #"{"taskDefinitionArns": ["a/f:9", "a/f:10"], "nextToken": "t"}"#),
      .text(200, #"{"taskDefinitionArns": ["a/f:11"]}"#),
    ])
    #expect(
      try await ECS(script.client()).listTaskDefinitions(family: "f")
        == ["a/f:11", "a/f:10", "a/f:9"])
  }

  @Test func `JSON keeps its kinds, and one content has one spelling`() throws {
    let text = #"{"b":[1,1.5,true,null,"x/y"],"a":{}}"#
    let value = try JSONValue.decode(Array(text.utf8))
    #expect(
      String(decoding: try value.canonicalBytes(), as: UTF8.self)
        == #"{"a":{},"b":[1,1.5,true,null,"x/y"]}"#)
  }

  @Test func `only a file system of its own outlives a task`() throws {
    func volume(_ text: String) throws -> ECS.Volume {
      ECS.Volume(try JSONValue.decode(Array(text.utf8)))
    }
    #expect(
      try volume(#"{"name": "a", "efsVolumeConfiguration": {"fileSystemId": "fs-1"}}"#)
        == ECS.Volume(name: "a", outlivesTask: true))
    #expect(
      try volume(#"{"name": "b", "host": {}, "efsVolumeConfiguration": null}"#)
        == ECS.Volume(name: "b", outlivesTask: false))
    let container = ECS.Container(
      try JSONValue.decode(
        Array(
          """
          {"name": "g", "mountPoints": [{"sourceVolume": "a", "containerPath": "/c"}]}
          """.utf8)))
    #expect(container.mountPoints == [ECS.MountPoint(volume: "a", path: "/c")])
    #expect(container.logGroup == nil)
  }

  @Test func `a variable that is kept as a secret has no value`() {
    let definition = definition(
      #"{"environment": [{"name": "url", "value": "u"}],"#
        + #""secrets": [{"name": "mail__from", "valueFrom": "arn"}]}"#)
    #expect(definition.environmentValue(of: "url") == "u")
    #expect(definition.environmentValue(of: "mail__from") == nil)
  }
}
