extension Check {
  /// What the image repository is held to.
  static let images: [Check] = [
    Check(
      "ecr.tags-immutable", of: ImageFacts.self, .attention, expects: "Tags can't be moved",
      why: "Who runs “v5.87” today may run other bytes tomorrow, and a rollback may not go back."
    ) { facts, _ in
      .met(
        facts.mutability.hasPrefix("IMMUTABLE"),
        "Tags are \(facts.mutability.lowercased().spoken).",
        else: "Tags are \(facts.mutability.lowercased().spoken).",
        remedy: "Fix all tags but “latest*”, and set the same in the CDK code.",
        mend: Mend("ecr.tag-mutability", ["tags": "fixed"]))
    },
    Check(
      "ecr.scan", of: ImageFacts.self, .attention, expects: "Images are scanned when pushed",
      why: "A hole that is known in Ghost's image stays unseen."
    ) { facts, _ in
      .met(
        facts.scansOnPush, "Images are scanned on push.", else: "Images are not scanned on push.",
        remedy: "Turn on scanning for the repository, in the CDK code.")
    },
    Check(
      "ecr.running-kept", of: ImageFacts.self, .danger,
      expects: "No lifecycle rule takes the running image",
      why: "A task that has to be replaced can't start, and the blog is down."
    ) { facts, estate in
      let running = estate.runningDigests.compactMap(facts.image)
      guard let first = running.first else { return nil }
      for image in running {
        guard let words = facts.expiry(of: image, at: estate.now) else { continue }
        return .fail("\(image.name) runs. \(words)", remedy: "Change the lifecycle policy.")
      }
      return .pass("\(first.name) stays.")
    },
    Check(
      "ecr.rollback-ready", of: ImageFacts.self, .attention,
      expects: "There is an image to go back to",
      why: "When the next image fails, the quickest way back is the one before it."
    ) { facts, estate in
      let running = estate.runningDigests
      guard estate[RolloutFacts.self].facts?.underWay == nil else { return nil }
      let others = facts.images.filter { !running.contains($0.digest) }
      if let ready = others.first(where: {
        RollbackReadiness(of: $0.digest, in: estate).isReady
      }) {
        return .pass("\(ready.name) is ready.")
      }
      let why = others.first.map {
        RollbackReadiness(of: $0.digest, in: estate).obstacles.first?.words ?? ""
      }
      return .fail(
        "None is ready. \(why ?? "The repository holds no other.")",
        remedy: "Look at Images for the reason of each.")
    },
  ]
}
