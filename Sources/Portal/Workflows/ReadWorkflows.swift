import AWS
import Foundation
import Rules

// What GitHub's answers about the three workflows mean as facts.

extension Cloud {
  /// How many runs of each workflow a poll reads.
  static let runsEachPoll = 20

  /// The three workflows with their last runs, and what GitHub says of the token. Without a token
  /// that is all there is to know, and no failure.
  func workflowFacts() async throws -> WorkflowFacts {
    var facts = WorkflowFacts(repository: github.repository, hasToken: github.isConfigured)
    guard facts.hasToken else { return facts }
    do {
      let known = try await github.workflows()
      facts.head = try await unlessRefused { try await github.commit(GitHub.branch).sha }
      for file in Workflow.all {
        let state = known.first { $0.file == file }?.state ?? "missing"
        facts.workflows.append(try await workflow(file, state: state, head: facts.head))
      }
    } catch let error as GitHubError where error.isRefusedAccess {
      facts.problem = error.sentence
      facts.workflows = []
    }
    let standing = github.standing
    facts.missing = standing.missing
    facts.tokenUntil = standing.tokenUntil
    (facts.remaining, facts.limit) = (standing.remaining, standing.limit)
    facts.resetsAt = standing.resetsAt
    return facts
  }

  /// One workflow, its calls one after the other, as GitHub asks ("Best practices").
  private func workflow(
    _ file: String, state: String, head: String?
  ) async throws -> WorkflowSummary {
    var summary = WorkflowSummary(file: file, state: state)
    guard state != "missing" else { return summary }
    summary.runs = try await github.runs(of: file, most: Self.runsEachPoll)
      .map { RunSummary($0, file: file) }
    guard let head else { return summary }
    summary.definition = try await definition(of: file, at: head)?.definition
    var deployed = summary.lastDeployed?.commit
    if deployed == nil {
      let successes = try await github.runs(of: file, [("status", "success")])
      deployed = successes.map { RunSummary($0, file: file) }.first(where: \.deploys)?.commit
    }
    guard let deployed,
      let between = try await unlessRefused({ try await github.compare(deployed, head) })
    else { return summary }
    summary.behind = between.aheadBy
    let folder = Workflow.folder(of: file)
    summary.isStale = between.files?.contains { $0.filename.hasPrefix(folder) } ?? false
    return summary
  }

  /// What a workflow's file says at a commit, and the hash git has it under; nil where there is no
  /// such file, or none that is a workflow.
  func definition(
    of file: String, at commit: String
  ) async throws -> (definition: WorkflowDefinition, blob: String)? {
    let path = ".github/workflows/\(file)"
    guard let found = try await unlessRefused({ try await github.file(path, at: commit) }),
      let definition = WorkflowFile.definition(in: found.text)
    else { return nil }
    return (definition, found.blob)
  }

  /// What a call gives; nil where GitHub refuses it, so that what else the token may see is seen.
  private func unlessRefused<Answer: Sendable>(
    _ read: () async throws -> Answer
  ) async throws -> Answer? {
    do {
      return try await read()
    } catch let error as GitHubError where error.isRefusedAccess && error.status != 401 {
      return nil
    }
  }
}

extension GitHubError {
  /// Whether the token is not accepted, may not do it, or can't see what it is about.
  var isRefusedAccess: Bool {
    guard let status, !reason.isLimit else { return false }
    return [401, 403, 404].contains(status)
  }
}

extension RunSummary {
  /// The most characters of a title that are kept.
  private static let titleMax = 200

  /// A run as GitHub tells it.
  init(_ run: GitHubRun, file: String? = nil) {
    func moment(_ date: Date) -> Moment {
      Moment(ms: Int64(date.timeIntervalSince1970) * Span.second)
    }
    self.init(
      id: run.id, file: file ?? run.file,
      title: String(SecretScan.redacted(run.displayTitle).prefix(Self.titleMax)),
      commit: run.headSha, branch: run.headBranch ?? "", event: run.event,
      status: run.status ?? "unknown", conclusion: run.conclusion ?? "",
      attempt: run.runAttempt ?? 1, actor: run.actor?.login ?? "",
      createdAt: moment(run.createdAt), startedAt: moment(run.runStartedAt ?? run.createdAt),
      updatedAt: moment(run.updatedAt))
  }
}
