import AWS
import Rules

/// The fields that plans of images name. One list, for preconditions, drift and verification.
enum ImageFields {
  static let running = "image.running"
  static let target = "image.target"
  static let latest = "image.latest"
  static let mutability = "image.mutability"
  /// What the definition's image leads to now.
  static let resolved = "image.resolved"
  static let rollout = "rollout.of_change"
  static let home = "site.home"
  static let ghost = "site.ghost"
  static let version = "site.version"
  static let starting = "site.starting"
  static let revision = "revision.content"
  static let revisionStatus = "revision.status"
  /// What fields of the task definition begin with.
  static let definition = "definition."

  static let notBegun = "not begun"
  static let notSet = "not set"
  static let none = "none"
  static let gone = "gone"
  static let answers = "answers"

  /// What must be seen of the site when all is well: the home page, and Ghost behind any cache.
  static let siteIsUp = [
    Reading(home, "Home page", "200"), Reading(ghost, "Ghost", answers),
  ]

  /// A rollout that ended in one of these has not brought what it was to bring.
  static let failure = RolloutSummary.failed.map { Reading(rollout, "This change’s rollout", $0) }
}

extension LiveImages {
  /// Every field with its value, as text, that a plan of images may name.
  func fields(of plan: Plan) -> [String: String] {
    var fields = service.fields.merging(siteFields) { $1 }
    fields[ImageFields.running] = runningWords
    fields[ImageFields.target] =
      images.image(plan.parameters["digest"] ?? "")?.status ?? ImageFields.gone
    fields[ImageFields.latest] = images.digest(of: ":latest") ?? ImageFields.none
    fields[ImageFields.mutability] = images.mutabilityWords
    fields[ImageFields.resolved] = resolved ?? ImageFields.none
    fields[ImageFields.rollout] = rollout(after: plan.parameters["after"] ?? "")
    let content = definition.fields
    for reading in plan.preconditions + plan.expected {
      guard reading.field.hasPrefix(ImageFields.definition) else { continue }
      let path = String(reading.field.dropFirst(ImageFields.definition.count))
      fields[reading.field] = content[path] ?? ImageFields.notSet
    }
    return fields
  }

  /// How the site is.
  var siteFields: [String: String] {
    let isUp = !blog.version.isEmpty
    return [
      ImageFields.home: homeWords,
      ImageFields.ghost: isUp ? ImageFields.answers : "does not answer",
      ImageFields.version: GhostVersion(blog.version)?.short ?? "not known",
      ImageFields.starting: blog.isStarting ? "yes" : "no",
    ]
  }

  /// What the home page answers, and why where Ghost says so.
  private var homeWords: String {
    guard blog.status != 0 else { return "no answer" }
    return String(blog.status) + (blog.missingTheme.map { " (the theme “\($0)” is missing)" } ?? "")
  }

  /// The digests that run, as one value.
  var runningWords: String {
    running.isEmpty ? ImageFields.none : running.joined(separator: ", ")
  }

  /// The digest that the definition's image leads to now; nil when there is none.
  var resolved: String? { container.flatMap { images.digest(of: $0.image) } }

  /// The newest rollout's ARN; empty when there was none.
  var lastRollout: String { rollouts.first?.arn ?? "" }

  /// What became of the first rollout after the one that was the newest when a change was planned.
  func rollout(after arn: String) -> String {
    rollouts.prefix { $0.arn != arn }.last?.status ?? ImageFields.notBegun
  }

  /// What must hold for any new rollout: nothing is under way, and everything is as it was planned
  /// from.
  var settled: [Reading] {
    service.settled + [
      Reading(ServiceFacts.fingerprintField, "Task definition’s content", service.fingerprint),
      Reading(ImageFields.rollout, "This change’s rollout", ImageFields.notBegun),
      Reading(ImageFields.starting, "Ghost is starting", "no"),
    ]
      // Where nothing runs, a task may come and go between the plan and the run.
      + (running.isEmpty ? [] : [Reading(ImageFields.running, "Running image", runningWords)])
  }

  /// Refuses to plan where no rollout can be begun.
  func checkSettled() throws {
    guard service.status == "ACTIVE" else {
      throw PlanProblem("The service is \(service.status), so nothing can be deployed.")
    }
    guard service.rollout != "IN_PROGRESS", rollouts.first?.status != "PENDING" else {
      throw PlanProblem(RollbackReadiness.Obstacle.rolloutUnderWay.words)
    }
    guard !blog.isStarting else {
      throw PlanProblem(RollbackReadiness.Obstacle.ghostStarts.words)
    }
    guard service.desired > 0 else {
      throw PlanProblem(
        "The service is told to run no task, so nobody would see the image run. Scale to 1 first.")
    }
  }

  /// What every rollout is to bring, beside its image.
  func expected(_ image: String) -> [Reading] {
    [
      Reading(ImageFields.running, "Running image", image),
      Reading(ImageFields.rollout, "This change’s rollout", "SUCCESSFUL"),
      Reading(ServiceFacts.runningField, "Running tasks", String(service.desired)),
      Reading(ServiceFacts.rolloutField, "Deployment", "COMPLETED"),
    ] + ImageFields.siteIsUp
  }

  /// Where plans of images find it all again.
  func parameters(_ others: [String: String]) -> [String: String] {
    service.address(others).merging([
      "repository": images.repository, "after": lastRollout,
    ]) { $1 }
  }
}

extension ImageFacts {
  /// Whether tags can be moved, with what is left out.
  var mutabilityWords: String {
    let words = mutability.lowercased().split(separator: "_").joined(separator: " ")
    return exclusions.isEmpty ? words : words + " " + exclusions.joined(separator: ", ")
  }
}
