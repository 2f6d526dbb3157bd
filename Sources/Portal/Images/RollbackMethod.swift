import AWS
import Cryptography
import Rules

extension ImageRollback {
  /// How the service gets its image.
  enum Method: Hashable {
    /// A new revision that names the image by its digest.
    case pin
    /// An earlier revision as it is.
    case revision(String)
    /// The tag `latest`, moved.
    case latest

    private static let revisionPrefix = "revision:"

    /// As forms have it; nil for none of them.
    init?(code: String) {
      switch code {
      case "pin", "": self = .pin
      case "latest": self = .latest
      default:
        guard code.hasPrefix(Self.revisionPrefix) else { return nil }
        let name = code.dropFirst(Self.revisionPrefix.count)
        guard !name.isEmpty else { return nil }
        self = .revision(String(name))
      }
    }

    var code: String {
      switch self {
      case .pin: "pin"
      case .latest: "latest"
      case .revision(let name): Self.revisionPrefix + name
      }
    }
  }

  /// The form: which image, and how.
  static let form: @Sendable (Estate) -> [FormField] = { estate in
    let images = estate[ImageFacts.self].facts
    let revisions = (estate[RolloutFacts.self].facts?.revisions ?? []).filter(\.isActive)
    let running = estate.runningDigests
    let older = revisions.dropFirst().compactMap { revision -> (value: String, label: String)? in
      guard let image = images?.digest(of: revision.image).flatMap({ images?.image($0) }) else {
        return nil
      }
      return (
        Method.revision(revision.name).code,
        "Deploy \(revision.name) as it was, with everything in it (\(image.name))"
      )
    }
    return [
      FormField(
        "digest", "Image",
        .choice(
          (images?.images ?? []).filter { !running.contains($0.digest) }.map {
            ($0.digest, $0.choiceWords)
          }), hint: "What runs now is not in the list."),
      FormField(
        "method", "How",
        .choice(
          [(Method.pin.code, "A new revision that names the image by its digest (usual)")] + older
            + [(Method.latest.code, "Move the tag latest to it and deploy anew")]),
        hint: "The usual way changes nothing but the image. An earlier revision brings back its "
          + "size and settings too. Moving the tag keeps the stack’s template true."),
    ]
  }
}

extension ImageSummary {
  /// The image as a choice: name, Ghost's version, day.
  fileprivate var choiceWords: String {
    [name, ghost.map { "Ghost \($0.words)" }, pushedAt.map { "pushed \($0.words)" }]
      .compactMap { $0 }.joined(separator: ", ")
  }
}

extension ECS.TaskDefinition {
  /// SHA-256 of everything it says, in hexadecimal.
  var fingerprint: String { Hex.encode(SHA256.digest(description)) }
}

extension Cloud {
  /// What a plan that deploys an earlier revision says of it.
  func revisionFields(of plan: Plan) async throws -> [String: String] {
    guard let name = plan.parameters["revision"] else { return [:] }
    let revision = try await ecs.describeTaskDefinition(name, includeTags: false)
    return [
      ImageFields.revisionStatus: revision.status, ImageFields.revision: revision.fingerprint,
    ]
  }

  /// The newest point that the database can be restored to: by its log, or a snapshot.
  func newestBackup(of database: String) async throws -> Moment? {
    async let facts = databaseFacts(database)
    async let snapshots = rds.describeDBSnapshots(instance: database)
    let made = try await snapshots.filter { $0.status == "available" }.compactMap(\.createdMs)
    return try await [facts.restorableTo, made.max().map(Moment.init(ms:))].compactMap { $0 }.max()
  }

  /// Makes the call of a step of any plan of images.
  func performImageStep(
    _ step: Step, of plan: Plan, after results: [String]
  ) async throws -> String {
    let values = step.parameters
    switch step.operation {
    case "RegisterTaskDefinition":
      let base = try await ecs.describeTaskDefinition(values["basedOn"] ?? "", includeTags: true)
      return try await ecs.registerTaskDefinition(
        basedOn: base, image: values["image"] ?? "", container: values["container"] ?? "",
        tags: [TaskSize.markerTag: plan.change])
    case "PutImage":
      let digest = try await ecr.putTag(
        values["imageTag"] ?? "", on: values["imageDigest"] ?? "",
        in: values["repository"] ?? "")
      return "The tag leads to \(digest)."
    case "StopServiceDeployment":
      try await ecs.rollBackServiceDeployment(values["serviceDeploymentArn"] ?? "")
      return "ECS stops the rollout and goes back to what ran before it."
    default:
      let named = values["taskDefinition"]
      let definition = named == "result of step 1" ? results.last : named
      let answer = try await ecs.updateService(
        cluster: values["cluster"] ?? "", service: values["service"] ?? "", desiredCount: nil,
        taskDefinition: definition,
        forcesDeployment: values["forceNewDeployment"] == "true")
      return "The service is told to run \(answer.taskDefinition)."
    }
  }
}
