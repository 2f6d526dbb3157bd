import AWS
import Rules

extension ChangeKind {
  /// Back, or forward, to another image.
  static let imageRollback = ChangeKind(
    id: "ecs.image", label: "Roll back to an image",
    about: "Ghost is deployed anew from an image that is built already. Nothing is built, and the "
      + "rollout is followed to its end.",
    subject: .images, form: ImageRollback.form,
    plan: { means, asked in
      let live = try await means.liveImages(at: asked.site)
      return try await ImageRollback(live, asked, means).plan()
    },
    read: { means, plan in
      async let live = means.cloud.liveImages(of: plan)
      async let revision = means.cloud.revisionFields(of: plan)
      return try await live.fields(of: plan).merging(try await revision) { $1 }
    },
    restorableTo: { means, plan in
      try await means.cloud.newestBackup(of: plan.parameters["database"] ?? "")
    },
    perform: { means, plan, step, results in
      try await means.cloud.performImageStep(step, of: plan, after: results)
    })
}

/// Plans the deployment of an image that is there already, by one of three methods.
struct ImageRollback {
  let live: LiveImages
  let asked: Asked
  let means: Means
  let readiness: RollbackReadiness

  /// How long a rollout may take, Ghost's start and a roll-back by ECS included.
  static let verifyWithinMs = 30 * Span.minute
  /// How old the newest backup may be when the database may change its form.
  static let backupAgeMsMax = Span.hour
  static let latestTag = "latest"

  init(_ live: LiveImages, _ asked: Asked, _ means: Means) {
    (self.live, self.asked, self.means) = (live, asked, means)
    readiness = RollbackReadiness(
      of: asked.field("digest"), in: live.estate(at: means.cloud.now()))
  }

  /// The plan for what the form asks for, or why there is none.
  func plan() async throws -> Plan {
    let digest = asked.field("digest")
    let method = Method(code: asked.field("method"))
    let mistakes = [
      digest.hasPrefix("sha256:") ? nil : Mistake("Choose an image.", at: "digest"),
      method == nil ? Mistake("Choose how to go back.", at: "method") : nil,
    ].compactMap { $0 }
    guard let method, mistakes.isEmpty else { throw PlanProblem(mistakes) }
    try live.checkSettled()
    if let obstacle = readiness.prohibition { throw PlanProblem(obstacle.words) }
    guard let image = live.images.image(digest) else {
      throw PlanProblem("Choose an image.", at: "digest")
    }
    guard live.running != [digest] else {
      throw PlanProblem(
        "\(image.name) runs already. To start it anew, deploy the same again.", at: "digest")
    }
    switch method {
    case .pin: return try await pinned(to: image)
    case .revision(let name): return try await revision(name, with: image)
    case .latest: return try await moved(to: image)
    }
  }

  /// A new revision that differs in nothing but the image, named by its digest.
  private func pinned(to image: ImageSummary) async throws -> Plan {
    guard let container = live.container else {
      throw PlanProblem("The task definition has no container.")
    }
    let name = "\(live.images.uri)@\(image.digest)"
    let change = asked.change
    return try await plan(
      to: image, method: .pin,
      differences: [("containerDefinitions.\(container.name).image", container.image, name)],
      steps: [
        Step(
          service: "ecs", operation: "RegisterTaskDefinition",
          words: "Register a copy of \(live.service.revision) with \(image.name) by its digest",
          parameters: [
            "basedOn": live.service.taskDefinition, "container": container.name, "image": name,
            "tag:\(TaskSize.markerTag)": change,
          ], recovery: .marker),
        update(["taskDefinition": "result of step 1"], words: "Deploy the new revision"),
      ], effects: [ServiceFacts.driftWarning])
  }

  /// An earlier revision, with everything that stands in it.
  private func revision(_ name: String, with image: ImageSummary) async throws -> Plan {
    let older = try await means.cloud.ecs.describeTaskDefinition(name, includeTags: false)
    guard older.status == "ACTIVE" else {
      throw PlanProblem("\(name) is deregistered. Use a new revision instead.", at: "method")
    }
    let leadsTo = older.container(of: live.images.repository).flatMap {
      live.images.digest(of: $0.image)
    }
    guard leadsTo == image.digest else {
      throw PlanProblem(
        "\(name) does not lead to \(image.name) today: tags are looked up anew. Use a new revision "
          + "that names the digest.", at: "method")
    }
    let (before, after) = (live.definition.fields, older.fields)
    let differences = Set(before.keys).union(after.keys).sorted().compactMap { path in
      before[path] == after[path]
        ? nil
        : (path, before[path] ?? ImageFields.notSet, after[path] ?? ImageFields.notSet)
    }
    return try await plan(
      to: image, method: .revision(name), differences: differences,
      others: [
        Reading(ImageFields.revisionStatus, "\(name)", "ACTIVE"),
        Reading(ImageFields.revision, "What \(name) says", older.fingerprint),
      ],
      steps: [update(["taskDefinition": older.arn], words: "Deploy \(name)")],
      effects: [
        "Everything in \(name) counts again, size and settings too, not the image alone.",
        ServiceFacts.driftWarning,
      ])
  }

  /// The tag `latest` on the image, and a rollout that looks it up.
  private func moved(to image: ImageSummary) async throws -> Plan {
    let tag = Self.latestTag
    guard live.container?.image.hasSuffix(":\(tag)") == true else {
      throw PlanProblem(
        "The task definition names \(live.container?.image ?? "no image"), not the tag \(tag): "
          + "moving the tag would change nothing. Use a new revision.", at: "method")
    }
    guard live.images.canMove(tag) else {
      throw PlanProblem(
        "Tags of \(live.images.repository) are \(live.images.mutabilityWords), so \(tag) can’t be "
          + "moved. Use a new revision.", at: "method")
    }
    let now = live.images.digest(of: ":\(tag)") ?? ImageFields.none
    return try await plan(
      to: image, method: .latest, differences: [],
      others: [
        Reading(ImageFields.latest, "The tag \(tag)", now),
        Reading(ImageFields.mutability, "Tags", live.images.mutabilityWords),
      ],
      expected: [Reading(ImageFields.latest, "The tag \(tag)", image.digest)],
      steps: [
        Step(
          service: "ecr", operation: "PutImage", words: "Give \(image.name) the tag \(tag)",
          parameters: [
            "repository": live.images.repository, "imageDigest": image.digest, "imageTag": tag,
          ], recovery: .setTo),
        update(
          ["forceNewDeployment": "true"], words: "Deploy anew, so that \(tag) is looked up",
          recovery: .marker),
      ],
      effects: [
        "The template goes on naming \(tag), so the next infra-deploy keeps this image; the next "
          + "image-deploy moves the tag on again."
      ])
  }

  private func update(
    _ others: [String: String], words: String, recovery: Step.Recovery = .setTo
  ) -> Step {
    let own = ["cluster": live.service.cluster, "service": live.service.name]
    return Step(
      service: "ecs", operation: "UpdateService", words: words,
      parameters: own.merging(others) { $1 }, recovery: recovery)
  }

  private func plan(
    to image: ImageSummary, method: Method, differences: [(path: String, old: String, new: String)],
    others: [Reading] = [], expected: [Reading] = [], steps: [Step], effects: [String]
  ) async throws -> Plan {
    let changed = differences.map { (ImageFields.definition + $0.path, $0.path, $0.old, $0.new) }
    var parameters = ["digest": image.digest, "method": method.code]
    if readiness.needsBackup {
      parameters["database"] = try await means.databaseFacts(at: asked.site).id
    }
    if case .revision(let name) = method { parameters["revision"] = name }
    let version = image.ghost.map { [Reading(ImageFields.version, "Ghost’s version", $0.short)] }
    return Plan(
      change: asked.change, kind: ChangeKind.imageRollback.id, site: asked.site.name,
      title: "Roll \(isOlder(image) ? "back" : "forward") to \(image.name)",
      guarding: readiness.needsBackup ? .irreversible : .guarded,
      parameters: live.parameters(parameters),
      locks: [live.service.lock] + (method == .latest ? ["ecr:\(live.images.repository)"] : []),
      preconditions: live.settled
        + [Reading(ImageFields.target, "The image asked for", "ACTIVE")] + others
        + changed.map { Reading($0.0, $0.1, $0.2) }, steps: steps,
      expected: live.expected(image.digest) + (version ?? []) + expected
        + changed.map { Reading($0.0, $0.1, $0.3) },
      failure: ImageFields.failure, verifyWithinMs: Self.verifyWithinMs,
      effects: self.effects(image) + effects, cost: .none,
      restoresService: !readiness.needsBackup,
      backup: parameters["database"].map {
        Backup(words: "the database \($0)", ageMsMax: Self.backupAgeMsMax)
      }, inverse: inverse(method))
  }

  private func isOlder(_ image: ImageSummary) -> Bool {
    let running = live.running.compactMap { live.images.image($0)?.pushedAt }.max()
    guard let running, let pushed = image.pushedAt else { return true }
    return pushed < running
  }

  private func effects(_ image: ImageSummary) -> [String] {
    // No time left is named: a plan holds no reading of a clock.
    var effects = readiness.obstacles.map { obstacle in
      if case .expires = obstacle {
        "A lifecycle rule takes the image soon, and tasks that start later can’t pull it: change "
          + "the policy too."
      } else {
        obstacle.words
      }
    }
    if readiness.needsBackup {
      effects.append(
        "Take a snapshot of the database first: this runs with a backup of the last "
          + "\(Span.words(ms: Self.backupAgeMsMax)) only.")
    }
    return effects + Redeploy.effects
  }

  /// Back to what runs now, where it is one image and is there.
  private func inverse(_ method: Method) -> Inverse? {
    guard live.running.count == 1, let digest = live.running.first,
      live.images.image(digest) != nil
    else { return nil }
    let back: Method = method == .latest ? .latest : .pin
    return Inverse(
      kind: ChangeKind.imageRollback.id, form: ["digest": digest, "method": back.code])
  }
}
