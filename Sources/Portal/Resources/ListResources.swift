import GRDB
import HTTP
import HTTPTypes
import Rules

extension Portal {
  /// The site's resources as last read, with their findings, the most urgent first.
  func listResources(_ visit: Visit) async throws -> Response {
    let site = configuration.sites[0]
    let view = resourceView(at: visit.now)
    let content = try await storage.read { db in
      let findings = try FindingStore.all(site: site.name, at: view.now, in: db)
      return ResourcesPage(
        site: site, findings: findings,
        resources: try Watch.all.map { try view.line($0, findings, in: db) }, now: view.now)
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

/// How a subject becomes a line.
struct ResourceView {
  let site: String
  let now: Moment
  /// From which age on a value is marked as old.
  let staleMs: Int64

  func line(
    _ watch: Watch, _ findings: [StoredFinding], in db: Database
  ) throws -> ResourceLine {
    let seen = try ObservationStore.find(watch, site: site, in: db)
    let isStale = seen?.observedAt.map { now.since($0) > staleMs } ?? false
    let isKnown = seen?.facts != nil && seen?.failure == nil && !isStale
    let worst = findings.filter { $0.finding.subject == watch.subject }.map(\.health).max()
    let health = max(worst ?? .good, isKnown ? .good : .unknown)
    let strip = try BeatStore.strip(
      of: watch.subject, site: site, over: Beats.lengthMs, count: Beats.count, at: now, in: db)
    return ResourceLine(
      subject: watch.subject,
      tag: seen?.facts?.isSetUp == false ? Tag("neutral", "Not set up") : Tag(health),
      known: seen?.facts?.known ?? "Nothing is known yet.",
      failure: seen?.failure ?? "", source: watch.source,
      when: seen?.observedAt.map { When($0, now: now) }, isStale: isStale,
      beats: Beats(strip, now: now))
  }
}
