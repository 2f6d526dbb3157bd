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

/// The end of a job's log.
struct LogTail: Sendable {
  let lines: [String]
  /// How many lines come before.
  let cut: Int

  /// The most lines that are shown, and the most characters of one.
  static let linesMax = 200
  static let lineMax = 400

  /// The last lines, without colours, without the date before each, and without secrets.
  init(_ log: String) {
    // By bytes: a log can have megabytes, and all but its end is left alone.
    let all = Array(log.utf8).split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
    lines = all.suffix(Self.linesMax).map { Self.shown(Substring(decoding: $0, as: UTF8.self)) }
    cut = all.count - lines.count
  }

  private static func shown(_ line: Substring) -> String {
    // GitHub begins each line with 2026-11-24T10:05:00.1234567Z.
    let time = line.prefix { $0 != " " }
    let isTimed = time.hasSuffix("Z") && time.contains("T")
    let clock = isTimed ? String(time.drop { $0 != "T" }.dropFirst().prefix(8)) + " " : ""
    let rest = isTimed ? line.dropFirst(time.count + 1) : line
    let plain = String(rest).replacing(/\u{1B}\[[0-9;?]*[A-Za-z]/, with: "")
    let printable = plain.filter { $0 == "\t" || !($0.unicodeScalars.first?.isControl ?? false) }
    return clock + SecretScan.redacted(String(printable.prefix(lineMax)))
  }
}

extension Unicode.Scalar {
  fileprivate var isControl: Bool { properties.generalCategory == .control }
}
