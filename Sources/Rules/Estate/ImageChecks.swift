extension Check {
  /// What the image repository is held to.
  static let images: [Check] = [
    Check(
      "ecr.tags-immutable", of: ImageFacts.self, .attention, expects: "Tags can't be moved",
      why: "Who runs “v5.87” today may run other bytes tomorrow, and a rollback may not go back."
    ) { facts, _ in
      .met(
        facts.mutability.hasPrefix("IMMUTABLE"), "Tags are \(words(facts.mutability)).",
        else: "Tags are \(words(facts.mutability)).",
        remedy: "Set imageTagMutability IMMUTABLE_WITH_EXCLUSION, with “latest*” left out, in CDK.")
    },
    Check(
      "ecr.scan", of: ImageFacts.self, .attention, expects: "Images are scanned when pushed",
      why: "A hole that is known in Ghost's image stays unseen."
    ) { facts, _ in
      .met(
        facts.scansOnPush, "Images are scanned on push.", else: "Images are not scanned on push.",
        remedy: "Turn on scanning for the repository, in the CDK code.")
    },
  ]

  private static func words(_ mutability: String) -> String {
    mutability.lowercased().split(separator: "_").joined(separator: " ")
  }
}
