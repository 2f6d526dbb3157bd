import Foundation

/// A workflow (`GET /repos/{owner}/{repo}/actions/workflows`).
struct GitHubWorkflow: Decodable, Sendable, Hashable {
  let id: Int64
  let name: String
  /// Below the repository's root, `.github/workflows/infra-deploy.yml`.
  let path: String
  /// `active`, `disabled_manually`, `disabled_inactivity`…
  let state: String

  /// `infra-deploy.yml`
  var file: String { path.split(separator: "/").last.map(String.init) ?? path }
}

/// A run of a workflow (`GET /repos/{owner}/{repo}/actions/runs/{run_id}`).
struct GitHubRun: Codable, Sendable, Hashable {
  struct Actor: Codable, Sendable, Hashable { let login: String }

  let id: Int64
  let path: String?
  let displayTitle: String
  let headBranch: String?
  let headSha: String
  let runAttempt: Int64?
  let event: String
  /// `queued`, `in_progress`, `completed`, `waiting`…
  let status: String?
  /// `success`, `failure`, `cancelled`…; nil while it runs.
  let conclusion: String?
  let createdAt: Date
  let runStartedAt: Date?
  let updatedAt: Date
  let htmlUrl: String
  let actor: Actor?

  /// `infra-deploy.yml`
  var file: String {
    (path ?? "").prefix { $0 != "@" }.split(separator: "/").last.map(String.init) ?? ""
  }
}

/// A job of a run, with its steps.
struct GitHubJob: Decodable, Sendable, Hashable {
  struct Step: Decodable, Sendable, Hashable {
    let name: String
    let number: Int64
    let status: String
    let conclusion: String?
    let startedAt: Date?
    let completedAt: Date?
  }

  let id: Int64
  let name: String
  let status: String
  let conclusion: String?
  let startedAt: Date?
  let completedAt: Date?
  let steps: [Step]?
}

/// A file a run left behind.
struct GitHubArtifact: Decodable, Sendable, Hashable {
  let id: Int64
  let name: String
  let sizeInBytes: Int64
  let expired: Bool
  let expiresAt: Date?
}

extension GitHub {
  /// The most runs of a page.
  static let runsMax = 50
  /// For how long a run is not asked for again: whoever follows it, and however many, cost GitHub
  /// one call in this time.
  static let runFreshForMs: Int64 = 5_000
  /// The most bytes of a job's log that are read.
  static let logBytesMax = 4 << 20
  /// The most bytes of an artifact that are read.
  static let artifactBytesMax = 16 << 20

  /// Every workflow of the repository.
  func workflows() async throws -> [GitHubWorkflow] {
    struct Answer: Decodable { let workflows: [GitHubWorkflow] }
    return try await read(
      "/actions/workflows", [("per_page", "100")], as: Answer.self
    ).workflows
  }

  /// One workflow by the name of its file.
  func workflow(_ file: String) async throws -> GitHubWorkflow {
    try await read("/actions/workflows/\(percentEncoded(file))", as: GitHubWorkflow.self)
  }

  /// Runs, newest first.
  /// - Parameters:
  ///   - file: of this workflow, `infra-deploy.yml`; nil for all of them.
  ///   - filters: GitHub's own: `event`, `created`, `status`, `head_sha`.
  func runs(
    of file: String?, _ filters: [(name: String, value: String)] = [], most: Int = runsMax
  ) async throws -> [GitHubRun] {
    struct Answer: Decodable { let workflowRuns: [GitHubRun] }
    let path = file.map { "/actions/workflows/\(percentEncoded($0))/runs" } ?? "/actions/runs"
    return try await read(
      path, filters + [("per_page", String(most))], as: Answer.self
    ).workflowRuns
  }

  func run(_ id: Int64) async throws -> GitHubRun {
    try await read(
      "/actions/runs/\(id)", as: GitHubRun.self, freshForMs: Self.runFreshForMs)
  }

  /// The jobs of the last attempt, with their steps.
  func jobs(of run: Int64, freshForMs: Int64 = 0) async throws -> [GitHubJob] {
    struct Answer: Decodable { let jobs: [GitHubJob] }
    return try await read(
      "/actions/runs/\(run)/jobs", [("filter", "latest"), ("per_page", "100")],
      as: Answer.self, freshForMs: freshForMs
    ).jobs
  }

  /// The log of a job that is over, as plain text.
  func log(of job: Int64) async throws -> String {
    String(
      decoding: try await download("/actions/jobs/\(job)/logs", bytesMax: Self.logBytesMax),
      as: UTF8.self)
  }

  func artifacts(of run: Int64, freshForMs: Int64 = 0) async throws -> [GitHubArtifact] {
    struct Answer: Decodable { let artifacts: [GitHubArtifact] }
    return try await read(
      "/actions/runs/\(run)/artifacts", [("per_page", "100")], as: Answer.self,
      freshForMs: freshForMs
    ).artifacts
  }

  /// An artifact's archive.
  func artifact(_ id: Int64) async throws -> [UInt8] {
    try await download("/actions/artifacts/\(id)/zip", bytesMax: Self.artifactBytesMax)
  }

  /// Starts a workflow on a branch.
  /// - Returns: the run; nil where an older server does not tell which it is.
  func dispatch(
    _ file: String, on ref: String, inputs: [String: String]
  ) async throws -> Int64? {
    struct Body: Encodable {
      let ref: String
      let inputs: [String: String]
      let return_run_details: Bool?
    }
    struct Answer: Decodable { let workflow_run_id: Int64? }
    let body = try await write(
      "POST", "/actions/workflows/\(percentEncoded(file))/dispatches"
    ) { version in
      // Only the older version has, and needs, the wish for details.
      let isOlder = version != GitHub.versions[0]
      return Body(ref: ref, inputs: inputs, return_run_details: isOlder ? true : nil)
    }
    return try? JSONDecoder().decode(Answer.self, from: Data(body)).workflow_run_id
  }

  /// Runs a run again at its commit, whole or only what failed.
  func rerun(_ run: Int64, onlyFailed: Bool) async throws {
    let verb = onlyFailed ? "rerun-failed-jobs" : "rerun"
    _ = try await write("POST", "/actions/runs/\(run)/\(verb)") { _ in [String: String]() }
  }

  func cancel(_ run: Int64) async throws {
    _ = try await write("POST", "/actions/runs/\(run)/cancel") { _ in [String: String]() }
  }
}
