import Mustache
import Rules

/// One run: its jobs and steps, the end of a log, what it left behind, and what became of it.
struct RunPage: Page {
  /// What there is of a log.
  enum Log: Sendable {
    case none
    case tail(LogTail)
    case failed(String)
  }

  let live: LiveRun
  /// How long it goes on, beside how long it usually takes.
  let pace: WorkPace
  let asker: RunAsker
  let delivery: RunDelivery
  /// Where GitHub shows the run; nil where that is not known.
  let onGitHub: String?
  let job: GitHubJob?
  let log: Log
  /// Whether a log was asked for: the page then stays, for somebody reads it.
  let isReading: Bool
  /// Whether long lines of the log go on in the next.
  let wraps: Bool
  let mayPropose: Bool
  let now: Moment

  static let template = "workflows/show"
  static let section: Section? = .workflows
  var title: String { "\(name) \(live.run.id)" }
  var following: String? { isMoving && !isReading ? path : nil }

  private var run: RunSummary { live.run }
  private var name: String { WorkflowSummary(file: run.file, state: "").name }
  private var path: String { "/workflows/runs/\(run.id)" }
  /// What GitHub told of it now goes on.
  private var isMoving: Bool { !run.isOver && live.failure.isEmpty }

  static let fields: [Field<RunPage>] = [
    .text("heading", { $0.run.shownTitle }), .item("tag", { Tag($0.run) }),
    .text("state", { $0.state }), .flag("moving", { $0.isMoving }),
    .text("failure", { $0.live.failure }), .item("when", { When($0.live.at, now: $0.now) }),
    .item("delivered", { $0.delivered }), .list("details", { $0.details }),
    .text("asked", { $0.asked }), .link("changePath", { "/changes/\($0.changeNumber ?? 0)" }),
    .text("change", { $0.changeNumber.map { "CR-\($0)" } ?? "" }),
    .flag("pretends", { if case .pretender = $0.asker { true } else { false } }),
    .list("jobs", { page in page.live.jobs.map { JobView($0, path: page.path) } }),
    .flag("anyJob", { !$0.live.jobs.isEmpty }),
    .item("runLog", { $0.logView }), .text("logFailure", { $0.logFailure }),
    .list(
      "artifacts",
      { page in
        page.live.artifacts.map { ArtifactLine($0, path: page.path, now: page.now) }
      }),
    .flag("anyArtifact", { !$0.live.artifacts.isEmpty }),
    .flag("cancels", { $0.mayPropose && $0.isMoving }),
    .flag("reruns", { $0.mayPropose && $0.isRepeatable }),
    .flag("rerunsFailed", { $0.mayPropose && $0.isRepeatable && $0.run.conclusion != "success" }),
    .link("cancel", { $0.act("workflow.cancel", [:]) }),
    .link("rerun", { $0.act("workflow.rerun", ["jobs": "all"]) }),
    .link("rerunFailed", { $0.act("workflow.rerun", ["jobs": "failed"]) }),
    .link("onGitHub", { $0.onGitHub ?? "" }), .flag("isOnGitHub", { $0.onGitHub != nil }),
  ]

  private var isRepeatable: Bool {
    run.isOver && now.since(run.createdAt) < RunAgain.withinMs
  }

  private func act(_ kind: String, _ form: [String: String]) -> String {
    let fields = form.merging(["kind": kind, "run": String(run.id)]) { own, _ in own }
    return "/changes/preview?" + query(fields)
  }

  private var state: String {
    let running = live.jobs.compactMap { job in
      job.steps?.first { $0.status == "in_progress" }.map { "\(job.name), step “\($0.name)”" }
    }
    switch run.outcome {
    case "success": return "It succeeded after \(run.durationWords)."
    case "in_progress":
      return (running.isEmpty ? "It runs." : "It runs: \(running.joined(separator: "; ")).")
        + " " + pace.sentence
    case "queued", "pending", "requested": return "It waits for a machine of GitHub's."
    case "waiting": return "It waits for a reviewer of its environment, on GitHub."
    case "failure":
      let failed = live.jobs.compactMap { job in
        job.failedStep.map { "\(job.name), step “\($0.name)”" }
      }
      return "It failed after \(run.durationWords)"
        + (failed.isEmpty ? "." : ": \(failed.joined(separator: "; ")).")
    default: return "It ended as \(run.outcome.spoken)."
    }
  }

  private var delivered: Delivery? {
    run.isOver && run.conclusion == "success" && Workflow.folder(of: run.file) != "theme/"
      && run.deploys ? Delivery(delivery, of: run) : nil
  }

  private var changeNumber: Int64? {
    switch asker {
    case .nobody: nil
    case .change(let number), .pretender(let number): number
    }
  }

  private var asked: String {
    switch asker {
    case .nobody: "No change of Caretaker asked for it."
    case .change: "Asked for by"
    case .pretender: "It carries the mark of a change whose run is another one:"
    }
  }

  private var details: [DiffLine] {
    [
      ("Workflow", run.file), ("Commit", run.commit), ("Branch", run.branch),
      ("Begun", "\(run.createdAt.local), \(run.byWords)"), ("Attempt", String(run.attempt)),
      ("Took", run.durationWords),
    ].filter { !$0.1.isEmpty }.map { DiffLine(label: $0.0, before: "", after: $0.1) }
  }

  private var logView: LogView? {
    guard let job, case .tail(let tail) = log else { return nil }
    return LogView(job: job, tail: tail, path: path, wraps: wraps)
  }

  private var logFailure: String { if case .failed(let why) = log { why } else { "" } }
}

/// What became of what a green run was to deploy.
struct Delivery: TemplateData {
  let tag: Tag
  let words: String

  static let fields: [Field<Delivery>] = [.item("tag", { $0.tag }), .text("words", { $0.words })]

  init(_ delivery: RunDelivery, of run: RunSummary) {
    let isImage = Workflow.folder(of: run.file) == "image/"
    switch delivery {
    case _ where !isImage:
      tag = Tag("unknown", "Not known", icon: "unknown")
      words = "A green run is not a deployed stack: look at the stack's own state."
    case .running(let image):
      tag = Tag("good", "Deployed")
      words = "Its image \(image) runs in every task, as ECS last told."
    case .notRunning(let image):
      tag = Tag("attention", "Not running")
      words =
        "Its image \(image) is in ECR, and the tasks run another. A later deployment, or one "
        + "that was rolled back."
    case .underWay:
      tag = Tag("attention", "Under way", icon: "running")
      words = "A green run is not a deployed service: ECS is still at it."
    case .failed:
      tag = Tag("danger", "Given up")
      words = "A green run is not a deployed service: ECS gave the deployment up."
    case .unknown:
      tag = Tag("unknown", "Not known", icon: "unknown")
      words =
        "A green run is not a deployed service, and no image in ECR is known to be this run's."
    }
  }
}
