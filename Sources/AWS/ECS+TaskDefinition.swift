extension ECS {
  /// One revision of a task definition.
  public struct TaskDefinition: Sendable, Equatable {
    /// The ARN, with the revision.
    public let arn: String
    /// The name that all revisions share.
    public let family: String
    /// The revision, from 1.
    public let revision: Int
    /// `ACTIVE`, `INACTIVE` or `DELETE_IN_PROGRESS`: only an active one can be deployed.
    public let status: String
    /// The task's CPU units, 1024 to a vCPU; nil when it has no size of its own.
    public let cpu: String?
    /// The task's memory in MiB; nil when it has no size of its own.
    public let memory: String?
    /// `X86_64` or `ARM64`; nil when it is not said, which means `X86_64`.
    public let cpuArchitecture: String?
    /// The containers, in order.
    public let containers: [Container]
    /// The volumes that containers may mount.
    public let volumes: [Volume]
    /// The tags, when they were asked for.
    public let tags: [String: String]
    /// The whole definition as JSON, with sorted keys and without what ECS adds when it registers
    /// one (ARN, revision, state, dates): the same content has the same bytes.
    public let description: [UInt8]
  }

  /// One container of a task.
  public struct Container: Sendable, Equatable {
    /// The container's name.
    public let name: String
    /// The image it runs.
    public let image: String
    /// The names of its environment variables and secrets. Values may be secret and are left out.
    public let environmentNames: [String]
    /// What it mounts where.
    public let mountPoints: [MountPoint]
    /// The log group it writes to; nil when it writes elsewhere.
    public let logGroup: String?
  }

  /// A volume at a folder of a container.
  public struct MountPoint: Sendable, Equatable {
    /// The volume's name.
    public let volume: String
    /// The folder in the container.
    public let path: String
  }

  /// A volume of a task.
  public struct Volume: Sendable, Equatable {
    /// The volume's name in the definition.
    public let name: String
    /// Whether what is in it is there for the next task: it is a file system of EFS, FSx or S3.
    /// Every other is of the task's own disk.
    public let outlivesTask: Bool
  }

  /// Members that ECS computes, and refuses or ignores in a registration.
  static let computedMembers = [
    "taskDefinitionArn", "revision", "status", "requiresAttributes", "compatibilities",
    "registeredAt", "registeredBy", "deregisteredAt", "deleteRequestedAt",
  ]

  private struct Described: Decodable {
    let taskDefinition: JSONValue
    let tags: [Tag]?
  }

  private struct Registered: Decodable {
    let taskDefinition: Revision

    struct Revision: Decodable { let taskDefinitionArn: String }
  }

  private struct Tag: Codable {
    let key: String
    let value: String?
  }

  private struct Description: Encodable {
    let taskDefinition: String
    let include: [String]?
  }

  /// DescribeTaskDefinition (Amazon ECS API Reference).
  /// - Parameter name: An ARN, `family:revision`, or a family for its newest revision.
  public func describeTaskDefinition(
    _ name: String, includeTags: Bool
  ) async throws(AWSError) -> TaskDefinition {
    let operation = Operation.read(.ecs, "DescribeTaskDefinition")
    let answer = try await client.json(
      operation, Description(taskDefinition: name, include: includeTags ? ["TAGS"] : nil),
      as: Described.self)
    let members = answer.taskDefinition.members
    guard let arn = members["taskDefinitionArn"]?.text, let family = members["family"]?.text,
      let revision = members["revision"]?.integer
    else { throw client.failure(.unreadable("it has no ARN, family or revision"), operation) }
    let content = members.filter { !Self.computedMembers.contains($0.key) }
    guard let description = try? JSONValue.object(content).canonicalBytes() else {
      throw client.failure(.unreadable("it can't be written again"), operation)
    }
    let tags = (answer.tags ?? []).map { ($0.key, $0.value ?? "") }
    return TaskDefinition(
      arn: arn, family: family, revision: Int(revision),
      status: members["status"]?.text ?? "ACTIVE", cpu: members["cpu"]?.text,
      memory: members["memory"]?.text,
      cpuArchitecture: members["runtimePlatform"]?.members["cpuArchitecture"]?.text,
      containers: (members["containerDefinitions"]?.entries ?? []).map(Container.init),
      volumes: (members["volumes"]?.entries ?? []).map(Volume.init),
      tags: Dictionary(tags) { first, _ in first }, description: description)
  }

  /// RegisterTaskDefinition (Amazon ECS API Reference): a new revision that differs from a
  /// described one in its size.
  ///
  /// A container's own `cpu`, `memory` or `memoryReservation` follows the task when it was the
  /// whole of the old size or more, or is more than the new one: ECS refuses a container that is
  /// larger than its task. Smaller shares stay as they are.
  /// - Parameters:
  ///   - tags: Set over the definition's own tags. AWS's tags (`aws:…`) cannot be set and are
  ///     left out.
  /// - Returns: the new revision's ARN.
  public func registerTaskDefinition(
    basedOn base: TaskDefinition, cpu: String, memory: String, tags: [String: String]
  ) async throws(AWSError) -> String {
    try await register(Self.resize(base, cpu: cpu, memory: memory), over: base.tags, tags: tags)
  }

  /// RegisterTaskDefinition (Amazon ECS API Reference): a new revision that differs from a
  /// described one in the image of one container.
  /// - Parameters:
  ///   - image: What the container runs, `REGISTRY/REPOSITORY@sha256:…`.
  ///   - container: The container's name.
  ///   - tags: Set over the definition's own tags, but for AWS's.
  /// - Returns: the new revision's ARN.
  public func registerTaskDefinition(
    basedOn base: TaskDefinition, image: String, container: String, tags: [String: String]
  ) async throws(AWSError) -> String {
    try await register(
      Self.repin(base, image: image, container: container), over: base.tags, tags: tags)
  }

  private func register(
    _ changed: JSONValue?, over own: [String: String], tags: [String: String]
  ) async throws(AWSError) -> String {
    let operation = Operation.write(.ecs, "RegisterTaskDefinition")
    let tags = own.filter { !$0.key.lowercased().hasPrefix("aws:") }
      .merging(tags) { _, new in new }
      .sorted { $0.key < $1.key }
      .map { JSONValue.object(["key": .string($0.key), "value": .string($0.value)]) }
    guard var definition = changed else {
      throw client.failure(.misconfigured("the definition to copy is not JSON."), operation)
    }
    if !tags.isEmpty { definition.members["tags"] = .array(tags) }
    return try await client.json(operation, definition, as: Registered.self)
      .taskDefinition.taskDefinitionArn
  }

  /// The definition with another image in one container; nil when it is not JSON.
  static func repin(_ base: TaskDefinition, image: String, container: String) -> JSONValue? {
    guard var definition = try? JSONValue.decode(base.description) else { return nil }
    let containers = (definition.members["containerDefinitions"]?.entries ?? []).map {
      var changed = $0
      if changed.members["name"]?.text == container { changed.members["image"] = .string(image) }
      return changed
    }
    definition.members["containerDefinitions"] = .array(containers)
    return definition
  }

  /// The definition in another size; nil when it is not JSON.
  static func resize(_ base: TaskDefinition, cpu: String, memory: String) -> JSONValue? {
    guard var definition = try? JSONValue.decode(base.description) else { return nil }
    let sizes = [
      ("cpu", base.cpu, cpu), ("memory", base.memory, memory),
      ("memoryReservation", base.memory, memory),
    ]
    let containers = (definition.members["containerDefinitions"]?.entries ?? []).map {
      var container = $0
      for (member, old, new) in sizes {
        guard let share = container.members[member]?.integer, let new = Int64(new) else { continue }
        let old = old.flatMap { Int64($0) } ?? Int64.max
        if share >= old || share > new { container.members[member] = .integer(new) }
      }
      return container
    }
    definition.members["containerDefinitions"] = .array(containers)
    definition.members["cpu"] = .string(cpu)
    definition.members["memory"] = .string(memory)
    return definition
  }

  private struct Family: Encodable {
    let familyPrefix: String
    let status: String
    let maxResults = 100
    let nextToken: String?
  }

  private struct ARNs: Decodable {
    let taskDefinitionArns: [String]
    let nextToken: String?
  }

  /// ListTaskDefinitions (Amazon ECS API Reference): the ARNs of a family's revisions, newest
  /// first, every page.
  /// - Parameter isActive: Those that can be deployed, or those that were deregistered.
  public func listTaskDefinitions(
    family: String, isActive: Bool = true
  ) async throws(AWSError) -> [String] {
    let operation = Operation.read(.ecs, "ListTaskDefinitions")
    let arns = try await client.pages(operation) { token async throws(AWSError) in
      let page = try await client.json(
        operation,
        Family(
          familyPrefix: family, status: isActive ? "ACTIVE" : "INACTIVE", nextToken: token),
        as: ARNs.self)
      return (page.taskDefinitionArns, page.nextToken)
    }
    // All of one family, so the revision alone gives the order; as text, 10 would precede 9.
    func revision(_ arn: String) -> Int { arn.split(separator: ":").last.flatMap { Int($0) } ?? 0 }
    return arns.sorted { revision($0) > revision($1) }
  }
}
