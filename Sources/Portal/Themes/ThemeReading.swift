import AWS
import Rules
import Zip

/// What is read of the theme, live: by Ghost's API as far as there are keys, on the home page, and
/// in the portal's own rows.
enum ThemeReading {
  static let activeField = "theme.active"
  /// Whether the home page answers 200 with its theme.
  static let pageField = "site.page"
  /// What the home page says it was made with.
  static let markField = "theme.mark"
  /// The digest of the files on Ghost's disk. Only a staff token can read it.
  static let filesField = "theme.files"
  /// The archive Ghost has last answered to have taken from here.
  static let takenField = "theme.taken"

  /// The home page as it should be.
  static let good = "200, with its theme"
  /// Where Ghost has no theme of the name, and where what it has can't be read.
  static let none = "none"
  static let damaged = "damaged"
}

extension Means {
  /// Everything that is read of a theme.
  /// - Parameter name: the theme whose files are looked at.
  func themeFields(of name: String, at site: Site) async throws -> [String: String] {
    let active = try await cloud.ghost.settings().activeTheme ?? ThemeReading.none
    var fields = [ThemeReading.activeField: active]
    (fields[ThemeReading.pageField], fields[ThemeReading.markField]) = await homePage()
    if cloud.ghost.has(.staff) {
      fields[ThemeReading.filesField] = try await themeFiles(name)
    }
    fields[ThemeReading.takenField] =
      try await storage.read { try ThemeDeployments.lastTaken(site: site.name, in: $0) }
      ?? ThemeReading.none
    return fields
  }

  /// The home page in words, and its mark.
  private func homePage() async -> (page: String, mark: String) {
    let probe = SiteProbe(site: cloud.site, transport: cloud.transport)
    do throws(TransportProblem) {
      let home = try await probe.page("/")
      let mark = GhostPage.theme(in: home.body) ?? ThemeReading.none
      if let missing = GhostPage.missingTheme(in: home.body) {
        return ("\(home.status): the theme “\(missing)” is missing", mark)
      }
      return (home.status == 200 ? ThemeReading.good : "\(home.status)", mark)
    } catch {
      return ("no page: \(error.words)", ThemeReading.none)
    }
  }

  /// The digest of a theme's files as Ghost has them, or a word for why there is none.
  private func themeFiles(_ name: String) async throws -> String {
    let draft = try await themes.draft()
    do {
      try await cloud.ghost.downloadTheme(
        name, to: draft.destination(), bytesMax: ThemeLibrary.archiveBytesMax)
    } catch let error as GhostError where error.isNoTheme {
      return ThemeReading.none
    }
    return try await themes.run {
      do {
        let archive = try ZipArchive(
          descriptor: draft.descriptor, range: 0..<draft.byteCount, limits: ThemeLibrary.limits)
        return try ThemeReport.read(archive).digest
      } catch is ZipProblem {
        return ThemeReading.damaged
      } catch is ThemeProblem {
        return ThemeReading.damaged
      }
    }
  }
}
