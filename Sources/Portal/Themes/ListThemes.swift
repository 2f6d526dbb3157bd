import HTTP
import HTTPTypes
import Rules

extension Portal {
  /// The active theme as last read, and the library.
  func listThemes(_ visit: Visit) async throws -> Response {
    try await themes(problems: [], visit)
  }

  /// The page of themes, also with why something sent is no theme, or can't be deployed.
  func themes(problems: [Mistake], _ visit: Visit) async throws -> Response {
    let person = try visit.person
    let site = configuration.sites[0].name
    let cloud = outside.cloud(configuration.sites[0])
    let keys = ThemeKeys(
      hasIntegration: cloud.ghost.has(.integration), hasStaff: cloud.ghost.has(.staff),
      hasGitHub: cloud.github.isConfigured)
    let content = try await storage.read { [now = visit.now, library = themeLibrary] db in
      let blog = try ObservationStore.facts(BlogFacts.self, site: site, in: db)
      let last = try ThemeDeployments.last(site: site, in: db)
      return ThemesPage(
        active: ActiveTheme(
          facts: blog?.facts,
          service: try ObservationStore.facts(ServiceFacts.self, site: site, in: db)?.facts,
          last: last, observedAt: blog?.at, now: now),
        versions: try ThemeStore.all(site: site, in: db),
        deployed: try ThemeDeployments.all(site: site, in: db), last: last,
        takenBytes: try ThemeStore.byteCount(in: db), bytesMax: library.bytesMax, keys: keys,
        problems: problems.map {
          Mistake(
            $0.sentence + " Nothing was sent to Ghost, and the library is as it was.", at: $0.field)
        }, commit: visit.field("commit"), mayPropose: person.may(.propose),
        now: now)
    }
    return page(content, for: visit)
  }
}
