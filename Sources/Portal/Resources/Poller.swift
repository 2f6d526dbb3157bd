import AWS
import GRDB
import Logging
import Rules

/// Reads a site's resources on its own clock, so that no page waits on AWS.
struct Poller: Sendable {
  let cloud: Cloud
  let storage: Storage
  let outside: Outside
  let log: Logger

  private var site: String { cloud.site.name }

  /// Reads everything once, all at the same time, and judges it. A reading that fails leaves its
  /// sentence and the others alone.
  func poll() async throws {
    let known = try await storage.read { [site] in try ResourceStore.all(site: site, in: $0) }
    async let listed = listing()
    // Only the first poll waits for the list of the stack: later ones go by the last.
    let ids = SiteIDs(known.isEmpty ? await listed.entries ?? [] : known)
    async let figures = newFigures(ids)
    var looks = await withTaskGroup { group in
      for watch in Watch.all { group.addTask { await look(at: watch, ids) } }
      return await group.reduce(into: [Look]()) { $0.append($1) }
    }
    let (entries, failure) = await listed
    if let failure { looks.append(failure) }
    let added = await figures
    try await storage.write { [site, looks, now = outside.now()] db in
      if let entries { try ResourceStore.replace(entries, site: site, at: now, in: db) }
      for look in looks { try ObservationStore.store(look, site: site, at: now, in: db) }
      for case .read(let facts as TaskFacts) in looks.map(\.outcome) {
        try StoppedTaskStore.add(facts.stopped, site: site, in: db)
      }
      for (metric, points) in added { try MetricStore.add(points, of: metric, site: site, in: db) }
      try FindingStore.judge(site: site, at: now, in: db)
    }
  }

  /// The figures since the last; none while the newest is younger than the distance between two.
  private func newFigures(
    _ ids: SiteIDs
  ) async -> [(metric: Metric, points: [(at: Moment, value: Double)])] {
    do {
      let now = cloud.now()
      let newest = try await storage.read { [site] in try MetricStore.newest(site: site, in: $0) }
      let oldest = now.adding(ms: -Chart.lengthMs)
      let from = max(newest ?? oldest, oldest)
      guard now.since(from) > Int64(Metric.periodSeconds) * Span.second else { return [] }
      return try await cloud.figures(from: from, to: now, ids)
    } catch {
      // Charts say what is missing by showing nothing; the findings do not hang on them.
      log.warning("Figures of \(site): \(error)")
      return []
    }
  }

  /// Has AWS look for drift where it has not for a while; a later poll sees what it found.
  private func lookForDrift(_ facts: StackFacts) async {
    do {
      try await cloud.lookForDrift(unlessSince: facts.driftCheckedAt, at: cloud.now())
    } catch {
      log.warning("Drift of \(site): \(error)")
    }
  }

  /// Reads one subject; a failure is told by its sentence.
  private func look(at watch: Watch, _ ids: SiteIDs) async -> Look {
    do {
      let facts = try await watch.read(cloud, ids)
      if let stack = facts as? StackFacts { await lookForDrift(stack) }
      return Look(watch.subject, source: watch.source, .read(facts))
    } catch {
      return Look(watch.subject, source: watch.source, .failed(sentence(of: error, watch.subject)))
    }
  }

  /// What the stack holds; nil when it could not be listed.
  private func listing() async -> (entries: [StackEntry]?, failure: Look?) {
    do {
      return (try await cloud.stackEntries(), nil)
    } catch {
      let failure = Look.Outcome.failed(sentence(of: error, .stack))
      return (nil, Look(.stack, source: "cloudformation:ListStackResources", failure))
    }
  }

  private func sentence(of error: any Error, _ subject: Subject) -> String {
    if let spoken = error as? any SpokenError { return spoken.sentence }
    log.error("Poll of \(site), \(subject.rawValue): \(error)")
    return "The reading failed in Caretaker itself; its log says how."
  }
}

/// One reading of a subject, as it went.
struct Look: Sendable {
  /// What came of it.
  enum Outcome: Sendable {
    case read(any Shown)
    case failed(String)
  }

  let subject: Subject
  let source: String
  let outcome: Outcome

  init(_ subject: Subject, source: String, _ outcome: Outcome) {
    self.subject = subject
    self.source = source
    self.outcome = outcome
  }
}

/// An error whose sentence a person can read.
protocol SpokenError: Error {
  var sentence: String { get }
}

extension AWSError: SpokenError {}
extension PlanProblem: SpokenError {}
extension Refusal: SpokenError {}
