import GRDB
import HTTP
import HTTPTypes
import Rules
import Zip

extension Portal {
  /// One version: what the pre-flight found, and how it differs from another.
  func showTheme(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let number = try visit.number("number")
    let site = configuration.sites[0].name
    let cloud = outside.cloud(configuration.sites[0])
    let against = Int64(visit.field("against"))
    let found = try await storage.read { [now = visit.now] db in
      guard let theme = try ThemeStore.find(number, site: site, in: db) else {
        throw Failure.notFound
      }
      let all = try ThemeStore.all(site: site, in: db)
      let last = try ThemeDeployments.last(site: site, in: db)
      let other =
        all.first { $0.number == against } ?? last.map(\.theme)
        ?? all.first { $0.number < number }
      return ThemeFound(
        theme: theme, report: try ThemeStore.report(of: number, in: db), all: all, last: last,
        other: other?.number == number ? all.first { $0.number < number } : other,
        active: try ObservationStore.facts(BlogFacts.self, site: site, in: db)?.facts.activeTheme,
        need: try ThemeStore.need(of: theme, site: site, in: db), now: now)
    }
    let difference = try await difference(of: found)
    let content = ThemePage(
      found: found, difference: difference,
      mayDeploy: person.may(.propose) && cloud.ghost.has(.integration),
      mayRemove: person.may(.propose) && found.need == nil)
    return page(content, for: visit)
  }

  private func difference(of found: ThemeFound) async throws -> ThemeDifference? {
    guard let other = found.other else { return nil }
    let before = try await storage.read { try ThemeStore.report(of: other.number, in: $0) }
    return try await themeLibrary.run { [folder = themeLibrary.folder] in
      ThemeDifference(
        from: before, at: folder.place(of: other.sha256), to: found.report,
        at: folder.place(of: found.theme.sha256))
    }
  }
}

/// What the page of one version is made from.
struct ThemeFound: Sendable {
  let theme: ThemeVersion
  let report: ThemeReport
  let all: [ThemeVersion]
  let last: DeployedVersion?
  /// The version it is compared with; nil where there is none.
  let other: ThemeVersion?
  /// The theme that is active as last read.
  let active: String?
  /// Why it can't be taken out of the library; nil where it can.
  let need: String?
  let now: Moment
}

extension ThemeStore {
  /// Why a version has to stay in the library; nil where nothing needs it.
  static func need(
    of theme: ThemeVersion, site: String, in db: Database
  ) throws -> String? {
    if let last = try ThemeDeployments.last(site: site, in: db),
      last.theme.number == theme.number
    {
      return "It is the version that was deployed last, by CR-\(last.change)."
    }
    return try ThemeDeployments.open(of: theme, in: db).first.map {
      "CR-\($0) is about to deploy it."
    }
  }
}
