import GRDB
import Rules

/// A rollout as it is kept: what ECS told of it last, and what ran before it.
struct Rollout: Sendable {
  let summary: RolloutSummary
  /// The revision of the rollout before; empty where none is kept.
  let before: String
  let startedAt: Moment

  init(row: Row) {
    startedAt = Moment(ms: row["started_at"])
    summary = RolloutSummary(
      arn: row["arn"], status: row["status"], reason: row["reason"], revision: row["revision"],
      digest: row["digest"], startedAt: startedAt,
      endedAt: (row["ended_at"] as Int64?).map(Moment.init(ms:)))
    before = row["before"] ?? ""
  }

  /// ECS's id of it: the last part of its ARN.
  var id: String { summary.arn.split(separator: "/").last.map(String.init) ?? "" }

  /// Its revision, or that nobody knows it any more.
  var revision: String {
    summary.revision.isEmpty ? "a revision ECS has forgotten" : summary.revision
  }

  /// How it ended, or how far it is.
  var outcome: Deployment.Outcome {
    let word = summary.status.lowercased().replacing("_", with: " ")
    if summary.hasFailed { return .failed(word) }
    return summary.isUnderWay ? .running(word) : .good(word)
  }

  /// It among all deployments.
  var deployment: Deployment {
    Deployment(
      key: "rollout-" + id, at: startedAt, area: .service,
      words: "Rollout of \(revision)" + (summary.hasFailed ? ": \(summary.reason)" : ""),
      who: "ECS", outcome: outcome, path: "/deployments/rollouts/" + id, change: nil,
      from: before, to: summary.revision)
  }
}
