import AWS
import Rules

/// A run as GitHub tells of it now, or else as it was last kept.
struct LiveRun: Sendable {
  let run: RunSummary
  /// The change whose mark it carries.
  let change: Int64?
  var jobs: [GitHubJob] = []
  var artifacts: [GitHubArtifact] = []
  /// Why GitHub could not be asked now; empty where it could.
  var failure = ""
  /// When GitHub told of it.
  let at: Moment

  /// Reads a run live. Where GitHub can't be asked in time, what was kept of it is given, with why.
  /// - Throws: `Failure` where there is no such run, or the error where nothing was kept either.
  static func read(
    _ id: Int64, kept: RunStore.Kept?, from github: GitHub, at now: Moment
  ) async throws -> LiveRun {
    do {
      let run = RunSummary(try await github.run(id))
      guard Workflow.all.contains(run.file) else { throw Failure.notFound }
      // Of a run that is over, nothing is taken from a time when it was not.
      let freshForMs = run.isOver ? 0 : GitHub.runFreshForMs
      async let jobs = github.jobs(of: id, freshForMs: freshForMs)
      async let artifacts = github.artifacts(of: id, freshForMs: freshForMs)
      return try await LiveRun(
        run: run, change: kept?.change, jobs: jobs, artifacts: artifacts, at: now)
    } catch let error as GitHubError {
      if let kept {
        return LiveRun(
          run: kept.run, change: kept.change, failure: error.sentence, at: kept.seenAt)
      }
      guard error.status == 404 || error.reason == .noToken else { throw error }
      throw Failure.notFound
    }
  }

  /// The job whose log is shown: the one that is asked for, else what failed, else the last one.
  func job(_ wanted: Int64?) -> GitHubJob? {
    let over = jobs.filter { $0.status == "completed" && $0.conclusion != "skipped" }
    if let wanted { return over.first { $0.id == wanted } }
    guard run.isOver else { return nil }
    return over.first { $0.failedStep != nil } ?? over.last
  }
}
