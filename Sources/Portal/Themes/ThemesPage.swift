import Mustache
import Rules

/// The active theme, the library of versions, and the ways into it.
struct ThemesPage: Page {
  let active: ActiveTheme
  let versions: [ThemeVersion]
  /// When each version was deployed last, by its number.
  let deployed: [Int64: (change: Int64, at: Moment)]
  let last: DeployedVersion?
  let takenBytes: Int64
  let bytesMax: Int64
  let keys: ThemeKeys
  let problems: [Mistake]
  let commit: String
  let mayPropose: Bool
  let now: Moment

  static let template = "themes/index"
  static let section: Section? = .themes
  var title: String { "Themes" }

  static let fields: [Field<ThemesPage>] = [
    .text("state", { $0.active.state }), .item("active", { $0.active }),
    .text("commit", { $0.commit }),
    .flag("mayPropose", { $0.mayPropose }), .flag("any", { !$0.versions.isEmpty }),
    .list("versions", { $0.lines }), .text("room", { $0.room }),
    .list("capabilities", { $0.keys.lines }), .flag("noKey", { !$0.keys.hasIntegration }),
    .flag("noGitHub", { !$0.keys.hasGitHub }), .text("reapplied", { $0.lost?.words ?? "" }),
    .link("reapply", { $0.lost.map(ThemeDeploy.path) ?? "/themes" }),
  ]

  /// The version that was deployed last, where readers don't get it any more and this person can
  /// ask for it again.
  private var lost: ThemeVersion? {
    guard mayPropose, keys.hasIntegration, let theme = last?.theme else { return nil }
    return active.facts?.missingTheme == theme.name ? theme : nil
  }

  private var room: String {
    "\(count(versions.count, "version")), \(bytes(takenBytes)) of \(bytes(bytesMax)) used."
  }

  private var lines: [ThemeLine] {
    versions.map { theme in
      ThemeLine(
        theme: theme, deployed: deployed[theme.number],
        isLast: last?.theme.number == theme.number, isOlder: last?.isAfter(theme) ?? false,
        mayPropose: mayPropose && keys.hasIntegration, now: now)
    }
  }
}

/// What is known of the theme readers see.
struct ActiveTheme: TemplateData {
  let facts: BlogFacts?
  let service: ServiceFacts?
  let last: DeployedVersion?
  let observedAt: Moment?
  let now: Moment

  static let fields: [Field<ActiveTheme>] = [
    .text("name", { $0.name ?? "not told" }), .text("version", { $0.version ?? "not told" }),
    .text("page", { $0.page }), .item("when", { $0.when }),
    .text("change", { $0.isLastLive ? "CR-\($0.last?.change ?? 0)" : "" }),
    .link("changePath", { "/changes/\($0.last?.change ?? 0)" }),
    .item("since", { $0.since }), .text("source", { $0.source }),
    .text("persistent", { $0.persistent }), .text("refusal", { $0.facts?.keyProblem ?? "" }),
  ]

  var name: String? {
    facts?.activeTheme ?? facts?.missingTheme
      ?? (facts?.pageTheme).map { mark in
        String(mark.prefix { $0 != " " })
      }
  }

  private var version: String? {
    guard facts?.missingTheme == nil else { return nil }
    if let version = facts?.activeVersion { return version }
    guard let name, let mark = facts?.pageTheme, mark.hasPrefix(name + " ") else { return nil }
    return String(mark.dropFirst(name.count + 1))
  }

  /// Whether what was deployed from here last is what Ghost has, as far as its version tells.
  private var isLastLive: Bool {
    guard let last else { return false }
    return last.theme.name == name && last.theme.version == version
  }

  private var since: When? { isLastLive ? last.map { When($0.at, now: now) } : nil }
  private var when: When? { observedAt.map { When($0, now: now) } }

  private var source: String {
    guard let last else { return "not deployed from here" }
    if isLastLive { return last.theme.source.words(last.theme.origin) }
    return facts?.missingTheme == last.theme.name
      ? "\(last.theme.words), by CR-\(last.change), and it is gone" : "not deployed from here"
  }

  private var page: String {
    guard let facts else { return "not looked at yet" }
    return facts.missingTheme.map { "the theme “\($0)” is missing" }
      ?? facts.problem ?? "answers \(facts.status)"
  }

  private var persistent: String {
    guard let service else { return "not known" }
    return service.keepsThemes
      ? "yes: its folder is on a volume"
      : "no: its folder is the task's own disk, gone with the next task"
  }

  var state: String {
    guard let facts else { return "Nothing is known of the theme yet." }
    if let missing = facts.missingTheme {
      return "The theme “\(missing)” is missing: readers see an error."
    }
    guard let name else { return "Neither Ghost nor its home page tells which theme is active." }
    return "\(name)\(version.map { " \($0)" } ?? "") is active."
  }
}

/// The keys there are for Ghost and GitHub, and what each unlocks.
struct ThemeKeys: Sendable {
  let hasIntegration: Bool
  let hasStaff: Bool
  let hasGitHub: Bool

  var lines: [Capability] {
    [
      Capability(
        name: "Ghost integration key", isThere: hasIntegration,
        unlocks: "tells the active theme, sends and activates versions",
        how: "Ghost admin, Settings, Integrations, Add custom integration. Put the Admin API key "
          + "into a file and name it as ghost_key_file of the site."),
      Capability(
        name: "Ghost staff access token", isThere: hasStaff,
        unlocks: "tells the version on Ghost's disk, keeps what is overwritten, and tells after a "
          + "lost answer whether Ghost has it",
        how: "Ghost admin, the profile of an administrator, Staff access token. Put it into a file "
          + "and name it as ghost_staff_token_file of the site."),
      Capability(
        name: "GitHub token", isThere: hasGitHub, unlocks: "brings in the theme of a commit",
        how: "A fine-grained token for the repository that may read contents and actions. Put it "
          + "into a file and name it as github_token_file of the site."),
    ]
  }
}

/// What one key unlocks.
struct Capability: TemplateData {
  let name: String
  let isThere: Bool
  let unlocks: String
  let how: String

  static let fields: [Field<Capability>] = [
    .text("name", { $0.name }), .text("unlocks", { $0.unlocks }),
    .text("how", { $0.isThere ? "" : $0.how }),
    .item("tag", { Tag($0.isThere ? "good" : "neutral", $0.isThere ? "There" : "Missing") }),
  ]
}

/// One version in the table.
struct ThemeLine: TemplateData {
  let theme: ThemeVersion
  let deployed: (change: Int64, at: Moment)?
  let isLast: Bool
  let isOlder: Bool
  let mayPropose: Bool
  let now: Moment

  static let fields: [Field<ThemeLine>] = [
    .text("name", { $0.theme.words }), .link("href", { "/themes/\($0.theme.number)" }),
    .link("archive", { "/themes/\($0.theme.number)/archive" }),
    .text("source", { $0.theme.source.words($0.theme.origin) }),
    .text("person", { $0.theme.personName ?? "Caretaker" }),
    .item("when", { When($0.theme.madeAt, now: $0.now) }),
    .text("size", { bytes($0.theme.bytes) }),
    .text("deployed", { line in line.deployed.map { "CR-\($0.change)" } ?? "" }),
    .link("deployedPath", { line in "/changes/\(line.deployed?.change ?? 0)" }),
    .flag("last", { $0.isLast }), .flag("mayPropose", { $0.mayPropose }),
    .text("act", { $0.act }), .link("deploy", { ThemeDeploy.path(to: $0.theme) }),
  ]

  private var act: String {
    isLast ? "Re-apply this" : isOlder ? "Roll back to this" : "Deploy this"
  }
}

extension ThemeDeploy {
  /// Where the change that deploys a version is previewed.
  static func path(to theme: ThemeVersion) -> String {
    "/changes/preview?" + query(["kind": kind, "theme": String(theme.number)])
  }
}
