extension Check {
  /// What the tasks are held to.
  static let tasks: [Check] = [
    Check(
      "ecs.tasks-stopping", of: TaskFacts.self, .danger, expects: "Tasks stop only when told to",
      why: "A task that ends by itself takes the blog down until another has started."
    ) { facts, _ in
      let ended = facts.stopped.filter { $0.cause.isTrouble }
      guard let last = ended.first else {
        return .pass("No task has ended by itself in the last hour.")
      }
      return .fail(
        "\(ended.count == 1 ? "A task" : "\(ended.count) tasks") ended in the last hour. "
          + last.cause.words,
        remedy: last.cause.remedy)
    },
    Check(
      "ecs.digest-in-repository", of: TaskFacts.self, .danger,
      expects: "The running image is in the repository",
      why: "When the task is replaced, its image can't be pulled, and the blog stays down."
    ) { facts, estate in
      guard let digest = facts.running.lazy.map(\.digest).first(where: { !$0.isEmpty }) else {
        return .noData("No running task tells the digest of its image.")
      }
      guard let images = estate[ImageFacts.self].facts else {
        return .noData("The image repository could not be read.")
      }
      return .met(
        images.images.contains { $0.digest == digest && $0.status == "ACTIVE" },
        "The repository holds the running image.",
        else: "The repository no longer holds the running image "
          + "\(digest.prefix(ImageSummary.digestLength))….",
        remedy: "Push the image again, and keep it by a lifecycle rule.")
    },
  ]
}
