import AWS
import Foundation
import Rules

/// What plans read of a run. One list, for preconditions, drift and verification.
enum RunReading {
  static let outcomeField = "run.outcome"
  static let commitField = "run.commit"
  static let attemptField = "run.attempt"
  /// The outcome while there is no run, or not the attempt that is waited for.
  static let none = "none"
  /// The outcome of a run at another commit than the plan's.
  static let otherCommit = "at another commit"

  /// How long a run may take: GitHub ends a job after six hours.
  static let verifyWithinMs = 6 * Span.hour

  /// Any of these ends the wait for success.
  static let failures = [
    "failure", "cancelled", "timed out", "startup failure", "skipped", "stale", "neutral",
    otherCommit,
  ].map { Reading(outcomeField, "The run", $0) }

  /// The workflow's lock: two changes never run one workflow at the same time.
  static func lock(of file: String) -> String { "github:\(file)" }

  /// How grave it is to run a workflow. Infrastructure and images can take the blog down. A theme
  /// deployed from main is one that a push to main deploys at once without anybody's leave here,
  /// gscan has refused what would break the pages, and the commit before puts it back in a minute.
  static func guarding(of file: String) -> Guarding {
    Workflow.folder(of: file) == "theme/" ? .logged : .guarded
  }

  /// The number of the run that a step's result names, `GitHub began run 123.`
  static func id(in result: String) -> Int64? {
    result.firstMatch(of: /run (\d+)/).flatMap { Int64($0.1) }
  }
}

extension GitHub {
  /// Fields of a run; where it failed, also why, with the job and the step.
  func fields(of run: RunSummary) async throws -> [String: String] {
    var fields = [
      RunReading.outcomeField: run.outcome.spoken, RunReading.commitField: run.commit,
      RunReading.attemptField: String(run.attempt),
    ]
    guard run.isOver, run.conclusion != "success" else { return fields }
    let failed = try await jobs(of: run.id).first { $0.failedStep != nil }
    if let failed, let step = failed.failedStep {
      fields[RunReading.outcomeField + Verdict.whySuffix] =
        "The job \(failed.name) ended at the step “\(step.name)”."
    }
    return fields
  }

  /// The first run that carries a mark; nil where none does.
  /// - Parameter since: it was not begun before; minutes are allowed for a clock that is ahead.
  func run(of file: String, marked mark: String, since: Moment?) async throws -> RunSummary? {
    var filters = [(name: "event", value: "workflow_dispatch")]
    if let since {
      let from = Date(
        timeIntervalSince1970: Double(since.adding(ms: -Self.skewMs).ms / Span.second))
      filters.append(("created", ">=" + from.formatted(.iso8601)))
    }
    return try await runs(of: file, filters).map { RunSummary($0, file: file) }
      .last { $0.mark == mark }
  }

  /// How far the clocks here and at GitHub may be apart.
  private static let skewMs = 10 * Span.minute
}

extension GitHubJob {
  /// The first step that did not go well; nil where all did.
  var failedStep: Step? {
    steps?.first { !["success", "skipped", nil].contains($0.conclusion) }
  }
}
