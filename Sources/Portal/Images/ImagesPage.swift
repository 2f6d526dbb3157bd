import Mustache
import Rules

/// Which image runs, which others there are, and whether the service can go back to each now.
struct ImagesPage: Page {
  /// What the page rests on.
  static let subjects: [Subject] = [.images, .rollouts, .tasks, .stack]

  let looks: [Subject: Observation]
  /// What was last seen, old or not: what is shown.
  let seen: Estate
  /// What is known now: what is judged.
  let known: Estate
  /// Runs that may have built them.
  let runs: [RunSummary]
  let staleMs: Int64
  let mayPropose: Bool

  /// The most runs that are looked through.
  static let runsMax = 200

  static let template = "images/index"
  static let section: Section? = .images
  var title: String { "Images" }
  /// A rollout moves, and the page with it.
  var following: String? { rollouts?.underWay == nil ? nil : "/images" }

  static let fields: [Field<ImagesPage>] = [
    .text("state", { $0.state }), .list("failures", { $0.failures }),
    .item("when", { $0.when }), .flag("stale", { $0.isStale }),
    .text("pinned", { $0.pinned }),
    .flag("known", { $0.images != nil }), .flag("mayPropose", { $0.mayPropose }),
    .list("running", { $0.running }),
    .item("rollout", { page in page.rollouts?.rollouts.first.map { page.line($0) } }),
    .list("earlier", { $0.earlier }),
    .flag("anyEarlier", { ($0.rollouts?.rollouts.count ?? 0) > 1 }),
    .list("images", { $0.lines }), .flag("anyImage", { !$0.lines.isEmpty }),
    .text("mutability", { $0.images?.mutabilityWords ?? "" }),
    .text("mutabilityMeaning", { $0.mutabilityMeaning }),
    .text("lifecycle", { $0.lifecycle }),
    .text("commitsProblem", { $0.images?.commitsProblem ?? "" }),
    .link("redeploy", { _ in ChangeKind.redeploy.formPath }),
  ]

  var images: ImageFacts? { seen[ImageFacts.self].facts }
  private var rollouts: RolloutFacts? { seen[RolloutFacts.self].facts }
  private var when: When? { looks[.images]?.observedAt.map { When($0, now: seen.now) } }
  private var isStale: Bool {
    looks[.images]?.observedAt.map { seen.now.since($0) > staleMs } ?? false
  }

  /// Readings that failed, one sentence each.
  private var failures: [Sentence] {
    Self.subjects.compactMap { subject in
      looks[subject]?.failure.map { Sentence(text: "\(subject.label): \($0)") }
    }
  }

  /// What runs, in one sentence.
  private var state: String {
    guard let images else { return "Nothing is known of the images yet." }
    let names = seen.runningDigests.map { images.image($0)?.name ?? $0.short }
    guard let first = names.first else { return "No task runs, so no image does." }
    guard names.count == 1 else {
      return "\(names.joined(separator: " and ")) run side by side, as in a rollout."
    }
    guard let ghost = seen.runningGhost else { return "\(first) runs. Its Ghost is not known." }
    return "Ghost \(ghost.words) runs, from \(first)."
  }

  /// Why what runs does not last; empty where the stack names it.
  private var pinned: String {
    guard let (named, running) = known.pinnedOutsideStack else { return "" }
    return "\(running) runs, and the stack’s template names \(named). The next infra-deploy that "
      + "touches the service puts that back."
  }

  private var mutabilityMeaning: String {
    guard let images else { return "" }
    let latest =
      images.canMove(ImageRollback.latestTag)
      ? "The tag latest can be moved." : "The tag latest can’t be moved."
    return latest
      + (images.mutability == "MUTABLE"
        ? " So can every other: who runs v5.87 today may run other bytes tomorrow." : "")
  }

  private var lifecycle: String {
    let rules = images?.lifecycle.count ?? 0
    return rules == 0
      ? "No lifecycle rule removes images."
      : count(rules, "lifecycle rule") + (rules == 1 ? " removes" : " remove") + " images."
  }

  private var running: [ImageLine] { lines.filter(\.isRunning) }

  private var earlier: [RolloutLine] { (rollouts?.rollouts ?? []).dropFirst().map(line) }

  /// Every image, those too that only rollouts remember.
  private var lines: [ImageLine] {
    guard let images else { return [] }
    let held = Set(images.images.map(\.digest))
    let brought = Set((rollouts?.rollouts ?? []).map(\.digest)).subtracting(held)
    let forgotten = brought.filter { !$0.isEmpty }.sorted().map { digest in
      ImageSummary(digest: digest, tags: [], pushedAt: nil, bytes: 0, status: "")
    }
    return (images.images + forgotten).map(line)
  }

  private func line(_ image: ImageSummary) -> ImageLine {
    let running = seen.runningDigests
    let newest = running.compactMap { images?.image($0)?.pushedAt }.max()
    return ImageLine(
      image: image, isRunning: running.contains(image.digest),
      isNewer: newest.flatMap { newest in image.pushedAt.map { $0 > newest } } ?? false,
      readiness: RollbackReadiness(of: image.digest, in: known),
      run: images?.run(of: image, in: runs), commits: images?.commits ?? [],
      revisions: (rollouts?.revisions ?? []).filter {
        images?.digest(of: $0.image) == image.digest
      },
      mayPropose: mayPropose, now: seen.now)
  }

  private func line(_ rollout: RolloutSummary) -> RolloutLine {
    RolloutLine(
      rollout: rollout, image: images?.image(rollout.digest)?.name ?? rollout.digest.short,
      mayPropose: mayPropose, now: seen.now)
  }
}
