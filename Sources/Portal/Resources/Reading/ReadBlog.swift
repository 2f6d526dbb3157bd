import AWS
import Foundation
import Rules

// What the site itself tells, as a reader sees it.

extension Cloud {
  /// The site: its home page, Ghost's site endpoint, and the certificate readers see.
  /// - Throws: ``PlanProblem`` when the look was given up; a site that does not answer is a fact.
  func blogFacts() async throws -> BlogFacts {
    let probe = SiteProbe(site: site, transport: transport)
    async let endpoint = try? probe.page("/ghost/api/admin/site/")
    async let until = try? probe.certificateUntil()
    async let theme = activeTheme()
    let begun = now()
    var facts = BlogFacts(
      url: site.ghostURL, status: 0, ms: 0, missingTheme: nil, redirectsTo: nil, version: "",
      title: "", certificateUntil: nil)
    do throws(TransportProblem) {
      let home = try await probe.page("/")
      facts.status = home.status
      facts.missingTheme = GhostPage.missingTheme(in: home.body)
      facts.pageTheme = GhostPage.theme(in: home.body)
      facts.redirectsTo = home.redirectsTo.map(GhostPage.shown)
      facts.isStarting = GhostPage.isStarting(home)
    } catch {
      if error.kind == .cancelled { throw PlanProblem("The look at the site was given up.") }
      facts.problem = error.siteSentence
    }
    facts.ms = max(now().since(begun), 0)
    let site = await endpoint
    let described = GhostPage.site(site)
    facts.isStarting = facts.isStarting || site.map(GhostPage.isStarting) ?? false
    facts.version = GhostPage.shown(described?.version ?? "")
    facts.title = GhostPage.shown(described?.title ?? "")
    facts.certificateUntil = await until ?? nil
    (facts.activeTheme, facts.activeVersion, facts.keyProblem) = await theme
    return facts
  }

  /// The active theme as Ghost's own API tells it, as far as there is a key for that. Without one
  /// nothing is said: what needs it is told on the page of themes.
  private func activeTheme() async -> (name: String?, version: String?, problem: String?) {
    guard ghost.has(.integration) || ghost.has(.staff) else { return (nil, nil, nil) }
    let caller: Ghost.Caller = ghost.has(.integration) ? .integration : .staff
    var name: String?
    do {
      let settings = try await ghost.read("/settings/", by: caller, as: GhostSettings.self)
      name = settings.activeTheme.map(GhostPage.shown)
      guard ghost.has(.staff) else { return (name, nil, nil) }
      return (name, try await ghost.themes().first { $0.name == name }?.version, nil)
    } catch let error as any SpokenError {
      return (name, nil, error.sentence)
    } catch {
      return (name, nil, "Ghost could not be asked: \(error)")
    }
  }
}

/// What is read in Ghost's pages.
enum GhostPage {
  /// What Ghost tells of itself to anybody (Ghost Admin API, “Site”).
  struct Site: Decodable {
    let title: String
    let version: String
  }

  private struct Answer: Decodable { let site: Site }

  /// What the site endpoint tells; nil when the page is not its answer.
  static func site(_ page: SiteProbe.Page?) -> Site? {
    guard let page, page.status == 200 else { return nil }
    return try? JSONDecoder().decode(Answer.self, from: Data(page.body.utf8)).site
  }

  /// Whether Ghost itself says that it is starting: it answers 503 then, in its own words, also
  /// while it migrates the database. A load balancer without targets has others.
  static func isStarting(_ page: SiteProbe.Page) -> Bool {
    page.status == 503
      && ["MaintenanceError", "be right back"].contains(where: page.body.contains)
  }

  /// The theme that Ghost says is missing: `The currently active theme "x" is missing.`, in HTML
  /// with its quotation marks as entities.
  static func missingTheme(in body: String) -> String? {
    for (begin, end) in marks {
      guard let before = body.range(of: "The currently active theme " + begin),
        let after = body.range(
          of: end + " is missing.", range: before.upperBound..<body.endIndex)
      else { continue }
      return shown(String(body[before.upperBound..<after.lowerBound]))
    }
    return nil
  }

  /// What the page says of the theme that made it, in `<meta name="theme" content="NAME VERSION">`;
  /// nil where it says nothing.
  static func theme(in body: String) -> String? {
    let begin = "<meta name=\"theme\" content=\""
    guard let before = body.range(of: begin),
      let after = body.range(of: "\"", range: before.upperBound..<body.endIndex)
    else { return nil }
    let words = shown(String(body[before.upperBound..<after.lowerBound]))
    return words.isEmpty ? nil : words
  }

  private static let marks = [
    ("\"", "\""), ("&quot;", "&quot;"), ("&#34;", "&#34;"), ("&#x22;", "&#x22;"),
  ]

  /// The most of a word from outside that is kept.
  private static let charactersMax = 200

  /// A word from outside as it is kept.
  static func shown(_ text: String) -> String {
    String(SecretScan.redacted(text).prefix(charactersMax))
  }
}

extension TransportProblem {
  /// Why the site gave no page, in words.
  fileprivate var siteSentence: String {
    switch kind {
    case .couldNotConnect: "Nothing answers there: no such name, or no connection."
    case .tls: "Its certificate is not accepted, or TLS could not be agreed on."
    case .timedOut: "It did not answer within \(SiteProbe.pageWithinMs / Span.second) seconds."
    case .reset: "The connection broke before the page was whole."
    case .tooLarge: "The home page is longer than \(bytes(Int64(SiteProbe.pageBytesMax)))."
    case .cancelled: "The look was given up."
    case .other(let words): "The home page could not be read: \(words)."
    }
  }
}
