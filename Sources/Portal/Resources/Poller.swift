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
    let (known, since) = try await storage.read { [site, now = cloud.now()] db in
      (
        try ResourceStore.all(site: site, in: db),
        Self.trailSince(try ObservationStore.facts(TrailFacts.self, site: site, in: db)?.at, now)
      )
    }
    async let listed = listing()
    // Only the first poll waits for the list of the stack: later ones go by the last.
    let ids = SiteIDs(known.isEmpty ? await listed.entries ?? [] : known)
    async let figures = newFigures(ids)
    var looks = await withTaskGroup { group in
      for watch in Watch.all { group.addTask { await look(at: watch, ids, trailSince: since) } }
      return await group.reduce(into: [Look]()) { $0.append($1) }
    }
    let (entries, failure) = await listed
    if let failure { looks.append(failure) }
    async let actions = ghostActions()
    let (added, acted) = await (figures, actions)
    // What a stop cut off was not read, and says nothing of AWS.
    try Task.checkCancellation()
    try await storage.write { [site, looks, now = outside.now()] db in
      if let entries { try ResourceStore.replace(entries, site: site, at: now, in: db) }
      let outside = try keep(looks.map(\.outcome), acted, since: since, at: now, in: db)
      for look in looks {
        try ObservationStore.store(look.with(outside), site: site, at: now, in: db)
      }
      for (metric, points) in added { try MetricStore.add(points, of: metric, site: site, in: db) }
      try FindingStore.judge(site: site, at: now, in: db)
      try ThemeReapply.offer(site: site, at: now, in: db)
    }
  }

  /// Keeps what the services themselves forget, and whatever was done past Caretaker.
  /// - Returns: the acts past Caretaker.
  private func keep(
    _ outcomes: [Look.Outcome], _ actions: [GhostAction], since: Moment, at now: Moment,
    in db: Database
  ) throws -> [OutsideAct] {
    var acts = try TrailStore.outside(actions, since: since, in: db)
    for case .read(let facts as WorkflowFacts) in outcomes {
      try RunStore.keep(facts.workflows.flatMap(\.runs), site: site, at: now, in: db)
      acts += try TrailStore.outside(facts, since: since, in: db)
    }
    for case .read(let facts as TaskFacts) in outcomes {
      try StoppedTaskStore.add(facts.stopped, site: site, in: db)
    }
    for case .read(let facts as RolloutFacts) in outcomes {
      try DeploymentStore.keep(facts.rollouts, site: site, in: db)
    }
    for case .read(let facts as MailFacts) in outcomes {
      try MailStore.see(facts, site: site, at: now, in: db)
    }
    for case .read(let facts as AlarmFacts) in outcomes {
      try AlarmStore.see(facts, site: site, at: now, in: db)
    }
    for case .read(let facts as TrailFacts) in outcomes {
      acts += try TrailStore.outside(facts, in: db)
    }
    try TrailStore.add(acts, site: site, at: now, in: db)
    return acts
  }

  /// Ghost's own log; empty where there is no key, or Ghost does not tell.
  private func ghostActions() async -> [GhostAction] {
    guard cloud.ghost.has(.integration) else { return [] }
    do { return try await cloud.ghost.actions() } catch {
      log.warning("Ghost's log of \(site): \(error)")
      return []
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
  private func look(at watch: Watch, _ ids: SiteIDs, trailSince: Moment) async -> Look {
    do {
      let facts: any Shown =
        watch.subject == .trail
        ? try await cloud.trailFacts(ids, since: trailSince) : try await watch.read(cloud, ids)
      if let stack = facts as? StackFacts { await lookForDrift(stack) }
      return Look(watch.subject, source: watch.source, .read(facts))
    } catch {
      return Look(watch.subject, source: watch.source, .failed(sentence(of: error, watch.subject)))
    }
  }

  /// From when on CloudTrail is asked, so that what it tells late, and what happened while nobody
  /// looked, is seen all the same.
  private static func trailSince(_ last: Moment?, _ now: Moment) -> Moment {
    guard let last else { return now.adding(ms: -TrailFacts.lookBackMs) }
    return max(last.adding(ms: -TrailFacts.lateMs), now.adding(ms: -TrailFacts.lookBackMsMax))
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
    if !(error is any SpokenError) {
      log.error("Poll of \(site), \(subject.rawValue): \(error)")
    }
    return Failure.words(of: error)
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

  /// The same; where it is of the trail, with which acts no change made.
  func with(_ outside: [OutsideAct]) -> Look {
    guard case .read(var facts as TrailFacts) = outcome else { return self }
    facts.outside = Set(outside.map(\.id))
    return Look(subject, source: source, .read(facts))
  }
}

/// An error whose sentence a person can read.
protocol SpokenError: Error {
  var sentence: String { get }
}

extension AWSError: SpokenError {}
extension PlanProblem: SpokenError {}
extension Refusal: SpokenError {}
