extension ECS.TaskDefinition {
  /// The value of an environment variable of the first container; nil when it is not set, or is
  /// read from a secret. Ask for variables alone that hold none.
  public func environmentValue(of name: String) -> String? {
    let containers = (try? JSONValue.decode(description))?.members["containerDefinitions"]
    let variables = containers?.entries.first?.members["environment"]?.entries ?? []
    return variables.first { $0.members["name"]?.text == name }?.members["value"]?.text
  }
}

extension ECS.Container {
  init(_ value: JSONValue) {
    let members = value.members
    let variables = (members["environment"]?.entries ?? []) + (members["secrets"]?.entries ?? [])
    let log = members["logConfiguration"]?.members
    self.init(
      name: members["name"]?.text ?? "", image: members["image"]?.text ?? "",
      environmentNames: variables.compactMap { $0.members["name"]?.text },
      mountPoints: (members["mountPoints"]?.entries ?? []).map(ECS.MountPoint.init),
      logGroup: log?["options"]?.members["awslogs-group"]?.text)
  }
}

extension ECS.MountPoint {
  fileprivate init(_ value: JSONValue) {
    let members = value.members
    self.init(
      volume: members["sourceVolume"]?.text ?? "", path: members["containerPath"]?.text ?? "")
  }
}

extension ECS.Volume {
  /// The members of a volume that name a file system of its own.
  private static let fileSystems = [
    "efsVolumeConfiguration", "fsxWindowsFileServerVolumeConfiguration",
    "s3filesVolumeConfiguration",
  ]

  init(_ value: JSONValue) {
    let members = value.members
    self.init(
      name: members["name"]?.text ?? "",
      outlivesTask: Self.fileSystems.contains { members[$0] != nil && members[$0] != .null })
  }
}
