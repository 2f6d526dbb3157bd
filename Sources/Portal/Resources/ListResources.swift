import GRDB
import HTTP
import HTTPTypes
import Rules

extension Portal {
  /// The site's resources as last read, with their findings, the most urgent first.
  func listResources(_ visit: Visit) async throws -> Response {
    let site = configuration.sites[0]
    let view = resourceView(at: visit.now)
    let sorting = Sorting.ofResources(visit)
    let content = try await storage.read { db in
      let findings = try FindingStore.all(site: site.name, at: view.now, in: db)
      return ResourcesPage(
        site: site, findings: findings,
        resources: try view.lines(
          of: Watch.all, findings, ObservationStore.all(site: site.name, in: db), in: db),
        by: sorting,
        now: view.now)
    }
    return page(content, for: visit)
  }

  /// How resources are shown at a moment.
  func resourceView(at now: Moment) -> ResourceView {
    ResourceView(
      site: configuration.sites[0].name, now: now,
      staleMs: Int64(configuration.pollSeconds) * 2 * Span.second)
  }
}

/// How subjects become lines.
struct ResourceView {
  let site: String
  let now: Moment
  /// From which age on a value is marked as old.
  let staleMs: Int64

  func lines(
    of watches: [Watch], _ findings: [StoredFinding], _ seen: [Subject: Observation],
    in db: Database
  ) throws -> [ResourceLine] {
    let strips = try StripStore.all(site: site, at: now, in: db)
    let empty = HealthStrip(at: now)
    var edges = EdgeWords(of: empty)
    let worst = findings.reduce(into: [Subject: Health]()) { worst, found in
      worst[found.finding.subject] = max(worst[found.finding.subject] ?? .good, found.health)
    }
    return watches.map { watch in
      line(
        watch, standing(seen[watch.subject], worst: worst[watch.subject]),
        Beats(strips[watch.subject] ?? empty, edges: &edges))
    }
  }

  private func line(
    _ watch: Watch, _ standing: ResourceStanding, _ beats: Beats
  ) -> ResourceLine {
    ResourceLine(
      subject: watch.subject, health: standing.health,
      tag: standing.facts?.isSetUp == false
        ? Tag("neutral", "Not set up") : Tag(standing.health),
      known: standing.facts?.known ?? "Nothing is known yet.",
      failure: standing.failure ?? "", source: watch.source,
      when: standing.observedAt.map { When($0, now: now) }, isStale: standing.isStale,
      beats: beats)
  }

  /// How a resource stands, by what was last read and by what the checks found.
  /// - Parameter others: resources whose findings count with its own.
  func standing(
    of watch: Watch, besides others: Set<Subject> = [], _ findings: [StoredFinding],
    in db: Database
  ) throws -> ResourceStanding {
    let worst = findings.filter {
      $0.finding.subject == watch.subject || others.contains($0.finding.subject)
    }.map(\.health).max()
    return standing(try ObservationStore.find(watch, site: site, in: db), worst: worst)
  }

  private func standing(_ seen: Observation?, worst: Health?) -> ResourceStanding {
    let isStale = seen?.observedAt.map { now.since($0) > staleMs } ?? false
    let isKnown = seen?.facts != nil && seen?.failure == nil && !isStale
    return ResourceStanding(
      facts: seen?.facts, failure: seen?.failure, observedAt: seen?.observedAt, isStale: isStale,
      isKnown: isKnown, health: max(worst ?? .good, isKnown ? .good : .unknown))
  }
}

/// How a resource stands.
struct ResourceStanding {
  /// What was last seen, old or not.
  let facts: (any Shown)?
  /// Why the last reading failed; nil where it did not.
  let failure: String?
  let observedAt: Moment?
  /// Whether that is too long ago.
  let isStale: Bool
  /// Whether what was seen tells how it stands now.
  let isKnown: Bool
  /// The worst that was found, and no better than unknown where it is not known.
  let health: Health

  /// Why it is not known how it stands now.
  func whyUnknown(at now: Moment) -> String {
    if let failure { return failure }
    guard let observedAt else { return "Nothing has been read yet." }
    return isStale
      ? "Last read \(When.relative(ms: now.since(observedAt)))." : "It could not be understood."
  }
}
