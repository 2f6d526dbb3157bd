import AWS
import Rules

extension ChangeKind {
  /// Whether a tag of an image can be moved to another image.
  static let tagMutability = ChangeKind(
    id: "ecr.tag-mutability", label: "Tags of images",
    about: "A fixed tag names the same bytes for ever. Tags that begin with “latest” stay movable, "
      + "as deploying moves them.",
    subject: .images,
    form: { estate in
      let isFixed =
        estate[ImageFacts.self].facts?.mutability.hasPrefix("IMMUTABLE") ?? false
      return [
        FormField(
          "tags", "Tags",
          .choice([("fixed", "Fixed, all but latest*"), ("movable", "Movable, all of them")]),
          value: isFixed ? "fixed" : "movable")
      ]
    },
    plan: { means, asked in
      let repository = try await means.ids(at: asked.site).repository
      let wanted: TagRule
      switch asked.field("tags") {
      case "fixed": wanted = .fixed
      case "movable": wanted = .movable
      default: throw PlanProblem("Choose fixed or movable.")
      }
      let now = TagRule(try await means.cloud.ecr.describeRepository(repository))
      return try Setting(
        kind: "ecr.tag-mutability", label: "Tags of \(repository)", field: TagRule.field,
        before: now.words, after: wanted.words,
        guarding: wanted == .fixed ? .logged : .guarded, lock: "ecr:\(repository)",
        parameters: ["repository": repository],
        step: Step(
          service: "ecr", operation: "PutImageTagMutability", words: "Set which tags can be moved",
          parameters: [
            "repositoryName": repository, "imageTagMutability": wanted.mutability,
            "exclusions": wanted.exclusions.joined(separator: " "),
          ], recovery: .setTo),
        effects: (wanted == .fixed
          ? [
            "A push of a tag that is there is refused. image-deploy pushes new tags, and moves "
              + "latest."
          ]
          : ["Who can push can have any tag name other bytes."]) + [Setting.driftNote],
        inverse: now == .fixed || now == .movable
          ? ["tags": now == .fixed ? "fixed" : "movable"] : nil
      ).plan(for: asked)
    },
    read: { means, plan in
      let repository = try await means.cloud.ecr.describeRepository(
        plan.parameters["repository"] ?? "")
      return [TagRule.field: TagRule(repository).words]
    },
    perform: { means, _, step, _ in
      try await means.cloud.ecr.putTagMutability(
        step.parameters["imageTagMutability"] ?? "",
        exclusions: (step.parameters["exclusions"] ?? "").split(separator: " ").map(String.init),
        of: step.parameters["repositoryName"] ?? "")
      return "ECR took it."
    })
}

/// Which tags of a repository can be moved.
struct TagRule: Hashable, Sendable {
  static let field = "images.tag_mutability"
  static let fixed = TagRule(mutability: "IMMUTABLE_WITH_EXCLUSION", exclusions: ["latest*"])
  static let movable = TagRule(mutability: "MUTABLE", exclusions: [])

  let mutability: String
  let exclusions: [String]

  /// The rule as a reading has it.
  var words: String {
    let rule = mutability.lowercased().replacing("_", with: " ")
    return exclusions.isEmpty ? rule : "\(rule): \(exclusions.sorted().joined(separator: " "))"
  }
}

extension TagRule {
  fileprivate init(_ repository: ECR.Repository) {
    self.init(mutability: repository.tagMutability, exclusions: repository.exclusions)
  }
}
