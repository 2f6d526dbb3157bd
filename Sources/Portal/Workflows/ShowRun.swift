import AWS
import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules

extension Portal {
  /// How long the page of a run waits for one answer of GitHub.
  static let runPageWithinMs = 4 * Span.second

  /// A run with its jobs and steps, read live; the page follows it to its end by itself.
  func showRun(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let site = configuration.sites[0]
    let id = try visit.number("run")
    let github = outside.cloud(site).github.within(ms: Self.runPageWithinMs)
    let kept = try await storage.read { try RunStore.find(id, site: site.name, in: $0) }
    let live = try await LiveRun.read(id, kept: kept, from: github, at: visit.now)
    let wanted = Int64(visit.field("job"))
    let job = live.job(wanted)
    let words = visit.field("q").trimmingCharacters(in: .whitespaces)
    let log = await log(of: job, holding: words, from: github)
    let (asker, estate, before) = try await storage.read { [now = visit.now] db in
      (
        try RunAsker(of: live.run, in: db),
        try ObservationStore.lastSeen(of: site.name, at: now, in: db),
        live.run.isOver ? [] : try RunStore.durations(before: live.run, site: site.name, in: db)
      )
    }
    let content = RunPage(
      live: live,
      pace: WorkPace(elapsedMs: visit.now.since(live.run.startedAt), beforeMs: before),
      asker: asker, delivery: RunDelivery(of: live.run, in: estate),
      onGitHub: site.githubPage.map { "\($0)/actions/runs/\(id)" }, job: job, log: log,
      isReading: wanted != nil, wraps: visit.field("wrap") == "yes",
      mayPropose: person.may(.propose), now: visit.now)
    return page(content, for: visit)
  }

  private func log(
    of job: GitHubJob?, holding words: String, from github: GitHub
  ) async -> RunPage.Log {
    guard let job else { return .none }
    do {
      let log = try await github.log(of: job.id)
      // Off the loop of the connection: a log can have some megabytes.
      return .tail(await Task.detached { LogTail(log, holding: words) }.value)
    } catch let error as GitHubError {
      return .failed(error.sentence)
    } catch {
      return .failed("The log could not be read.")
    }
  }

  /// The whole log of a job as a file, without secrets.
  func downloadLog(_ visit: Visit) async throws -> Response {
    let (run, job) = (try visit.number("run"), try visit.number("job"))
    let github = outside.cloud(configuration.sites[0]).github
    guard let found = try await github.jobs(of: run).first(where: { $0.id == job }) else {
      throw Failure.notFound
    }
    let log = try await github.log(of: job)
    // Off the loop of the connection: a log can have some megabytes.
    let text = await Task.detached { SecretScan.redacted(log) }.value
    return .attachment(
      Array(text.utf8), type: "text/plain; charset=utf-8", named: "\(run)-\(found.name).log")
  }

  /// An artifact of a run, as the archive it is. It is never opened here.
  func downloadArtifact(_ visit: Visit) async throws -> Response {
    let (run, id) = (try visit.number("run"), try visit.number("artifact"))
    let github = outside.cloud(configuration.sites[0]).github
    guard let found = try await github.artifacts(of: run).first(where: { $0.id == id }) else {
      throw Failure.notFound
    }
    guard found.sizeInBytes <= GitHub.artifactBytesMax else {
      throw Failure(
        status: .unprocessableContent, title: "The artifact is too large",
        sentence: "It has \(bytes(found.sizeInBytes)), and Caretaker hands on "
          + "\(bytes(Int64(GitHub.artifactBytesMax))) at most. Take it from GitHub.")
    }
    return .attachment(
      try await github.artifact(id), type: "application/zip", named: "\(run)-\(found.name).zip")
  }
}

extension Site {
  /// Where GitHub shows the repository to people; nil for a server of which only the API is known.
  var githubPage: String? {
    guard let githubEndpoint else { return "https://github.com/\(repository)" }
    // Enterprise Server has its API below its own pages ("Getting started with the REST API").
    let path = "/api/v3"
    return githubEndpoint.hasSuffix(path)
      ? "\(githubEndpoint.dropLast(path.count))/\(repository)" : nil
  }
}

/// Which change asked for a run, as far as that can be told.
enum RunAsker: Sendable {
  /// Nobody asked for it here.
  case nobody
  /// This change did: GitHub named the run, or the mark is all there is.
  case change(Int64)
  /// It carries the mark of a change whose run is another one.
  case pretender(Int64)

  init(of run: RunSummary, in db: Database) throws {
    guard let mark = run.mark, let number = try ChangeStore.number(of: mark, in: db) else {
      self = .nobody
      return
    }
    let step = try ExecutionStore.steps(of: mark, in: db).first
    let named = step?.outcome == "done" ? step?.detail.flatMap(RunReading.id) : nil
    let isPossible = step != nil && step?.outcome != "failed" && named ?? run.id == run.id
    self = isPossible ? .change(number) : .pretender(number)
  }
}
