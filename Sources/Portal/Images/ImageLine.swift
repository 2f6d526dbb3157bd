import Mustache
import Rules

/// One image: what it is, where it comes from, and whether the service can go back to it now.
struct ImageLine: TemplateData {
  let image: ImageSummary
  let isRunning: Bool
  /// Whether it was pushed after the one that runs.
  let isNewer: Bool
  let readiness: RollbackReadiness
  /// The run that built it; nil when not known.
  let run: RunSummary?
  let commits: [ImageCommit]
  /// Revisions that lead to it.
  let revisions: [RevisionSummary]
  let mayPropose: Bool
  let now: Moment

  static let fields: [Field<ImageLine>] = [
    .text("name", { $0.image.name }), .item("digest", { Cut($0.image.digest) }),
    .text("others", { $0.others }), .text("ghost", { $0.image.ghost?.words ?? "not known" }),
    .text("size", { $0.image.bytes > 0 ? bytes($0.image.bytes) : "not known" }),
    .item("when", { line in line.image.pushedAt.map { When($0, now: line.now) } }),
    .item("tag", { $0.tag }), .list("reasons", { $0.reasons }),
    .text("revisions", { $0.revisionWords }),
    .text("commit", { String(($0.sha ?? "").prefix(Self.commitLength)) }),
    .link("commitPath", { $0.commit?.url ?? "" }), .flag("hasCommitPage", { $0.commit != nil }),
    .text("subject", { $0.commit?.subject ?? "" }), .text("author", { $0.commit?.author ?? "" }),
    .text("run", { $0.run?.shownTitle ?? "" }), .text("actor", { $0.run?.actor ?? "" }),
    .link("runPath", { $0.run.map { "/workflows/runs/\($0.id)" } ?? "" }),
    .flag("possible", { $0.mayPropose && !$0.isRunning && $0.readiness.prohibition == nil }),
    .text("act", { $0.isNewer ? "Deploy this" : "Roll back to this" }),
    .link("rollback", { $0.rollbackPath }),
  ]

  /// How much of a commit people read.
  private static let commitLength = 7

  /// Tags beside its name.
  private var others: String {
    image.tags.filter { $0 != image.name && $0 != image.commit }.joined(separator: ", ")
  }

  /// The commit it was built from: by a tag, or by the run that built it.
  private var sha: String? { image.commit ?? run?.commit }
  private var commit: ImageCommit? { commits.first { $0.sha == sha } }

  private var tag: Tag {
    if isRunning { return Tag("good", "Runs", icon: "running") }
    if readiness.isReady { return Tag("good", "Ready") }
    if readiness.obstacles.contains(where: { if case .notRead = $0 { true } else { false } }) {
      return Tag("unknown", "Not known")
    }
    return Tag("danger", readiness.prohibition == nil ? "At risk" : "Not now")
  }

  /// Why it is not ready: what rules it out, or else everything to think of.
  private var reasons: [Sentence] {
    guard !isRunning else { return [] }
    let obstacles = readiness.prohibition.map { [$0] } ?? readiness.obstacles
    return obstacles.map { Sentence(text: $0.words) }
  }

  private var revisionWords: String {
    revisions.map { $0.name + ($0.isActive ? "" : " (deregistered)") }.joined(separator: ", ")
  }

  private var rollbackPath: String {
    ChangeKind.imageRollback.formPath + "&" + query(["digest": image.digest])
  }
}

/// One rollout of the service.
struct RolloutLine: TemplateData {
  let rollout: RolloutSummary
  let image: String
  let mayPropose: Bool
  let now: Moment

  static let fields: [Field<RolloutLine>] = [
    .item("tag", { $0.tag }), .text("revision", { $0.rollout.revision }),
    .text("image", { $0.image }), .text("reason", { $0.rollout.reason }),
    .text("breaker", { $0.breaker }), .text("stage", { $0.stage }),
    .item("when", { line in line.rollout.startedAt.map { When($0, now: line.now) } }),
    .flag("stoppable", { $0.mayPropose && $0.rollout.isStoppable }),
    .link("stop", { _ in "/changes/preview?kind=" + percentEncoded(ChangeKind.rolloutStop.id) }),
  ]

  private var tag: Tag {
    let word = rollout.statusWords.capitalizedFirst
    if rollout.isUnderWay { return Tag("attention", word, icon: "running") }
    return Tag(rollout.hasFailed ? "danger" : "good", word)
  }

  private var stage: String {
    switch rollout.stage {
    case "SCALE_UP": "New tasks are starting."
    case "CLEAN_UP": "The new tasks run; the old ones are ending."
    default: ""
    }
  }

  private var breaker: String {
    guard rollout.failures > 0 else { return "" }
    return "\(count(rollout.failures, "task")) in a row did not start"
      + (rollout.threshold > 0 ? "; after \(rollout.threshold) ECS gives up." : ".")
  }
}
