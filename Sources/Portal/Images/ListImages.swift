import GRDB
import HTTP
import HTTPTypes
import Rules

extension Portal {
  /// The images as last read: which one runs, and whether the service can go back to the others.
  func listImages(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let site = configuration.sites[0]
    let staleMs = resourceView(at: visit.now).staleMs
    let content = try await storage.read { [now = visit.now] db in
      let looks = try ImagesPage.subjects.compactMap { subject in
        try Watch.of(subject).flatMap { try ObservationStore.find($0, site: site.name, in: db) }
          .map { (subject, $0) }
      }
      var filter = RunFilter()
      filter.workflow = Cloud.imageWorkflow
      let runs = try RunStore.list(filter, site: site.name, limit: ImagesPage.runsMax, in: db)
      return ImagesPage(
        looks: Dictionary(looks) { first, _ in first },
        seen: try ObservationStore.lastSeen(of: site.name, at: now, in: db),
        known: try ObservationStore.estate(of: site.name, at: now, in: db),
        runs: runs.map(\.run), staleMs: staleMs,
        mayPropose: person.may(.propose))
    }
    return page(content, for: visit)
  }
}
