import Foundation
public import Logging
public import Rules
import Yams

/// What `caretaker.yaml` says, with `CARETAKER_…` from the environment on top. Holds no secret.
public struct Configuration: Sendable {
  /// The file it was read from; nil where it was put together otherwise.
  public var file: String? = nil
  /// The folder with everything the portal keeps.
  public var dataFolder: String
  /// A second file for outcomes that the database can't take, best on another disk; nil for none.
  public var spool: String? = nil
  /// The folder with `Templates` and `Public`.
  public var assetsFolder: String
  /// The address to listen on.
  public var address: String
  /// The port to listen on; 0 takes a free one.
  public var port: Int
  /// What TLS is spoken with; nil where a proxy does that, and on loopback.
  public var tls: TLSSettings? = nil
  /// Addresses whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
  public var trustedProxies: Set<String>
  /// Whether pages say that this is the demo.
  public var isDemo: Bool
  /// Seconds between two polls of a site, 5 to 3,600.
  public var pollSeconds: Int
  /// How many pages a second one signed-in person may ask for in the long run, 1 to 10,000.
  public var pagesPerSecond = 20
  /// How many connections clients may hold at the same time, 64 to 65,536.
  public var connectionsMax = 8_192
  /// Whether people without a second factor are shown nothing but how to add one.
  public var requiresFactor = false
  /// The policy of a new data folder. Later ones come from guarded changes alone.
  public var firstPolicy: Policy
  /// What is looked after.
  public var sites: [Site]
  /// The file with the key that signs the log; nil for `audit.key` in the data folder.
  public var auditKey: String? = nil
  /// The file with the key that seals second factors; nil for `factor.key` in the data folder.
  public var factorKey: String? = nil
  /// Where checkpoints of the log are anchored, out of reach of whoever may write this machine's
  /// disk; nil for nowhere.
  public var anchor: BucketPlace? = nil
  /// Where the log's entries are put for engines that read lines; nil for nowhere.
  public var stream: BucketPlace? = nil
  /// Where metrics are read; nil for nowhere.
  public var metrics: MetricsPlace? = nil
  /// Whether the log has a JSON object in each line, in place of text.
  public var logsJSON = false
  /// Lines of the log below it are not written.
  public var logLevel = Logger.Level.info
  /// When the portal itself is backed up, and where to; nil for never by itself.
  public var backup: BackupSettings? = nil
  /// Where Litestream tells its metrics, on this machine; nil where nobody is asked how the
  /// continuous copy stands.
  var replica: ListenPlace? = nil
  /// By which one of several portals works; nil where there is one.
  public var lease: LeasePlace? = nil
  /// The most bytes that the archives in the library of themes take together.
  public var themeLibraryBytesMax: Int64 = 1_024 << 20
  /// Where people are told of what happens; nil for nowhere but the pages.
  public var notices: NoticePlaces? = nil
  /// Where people may sign in through; nil for here alone.
  public var openID: OpenIDSettings? = nil

  /// The file with the key that signs the log.
  public var auditKeyFile: String { auditKey ?? dataFolder + "/audit.key" }

  /// The file with the key that seals second factors.
  public var factorKeyFile: String { factorKey ?? dataFolder + "/factor.key" }
}

/// One stack in one account and region, with its Ghost URL and repository.
public struct Site: Sendable, Hashable {
  /// The name people read; also its key in the database.
  public var name: String
  /// The CloudFormation stack.
  public var stack: String
  /// The AWS region, `us-west-2`.
  public var region: String
  /// The profile in the shared AWS files; nil for the usual chain.
  public var profile: String?
  /// The role to take on; nil for none.
  public var role: String?
  /// The role that each run of a change takes on, with a policy of its own; nil where the standing
  /// credentials make the changes.
  public var runRole: RoleARN? = nil
  /// An endpoint in place of AWS's own, for the demo and tests.
  public var endpoint: String?
  /// The blog's address.
  public var ghostURL: String
  /// The repository with the workflows, `owner/name`.
  public var repository: String
  /// `ADDRESS:PORT` where the blog is looked at, whatever DNS says of its host; nil for DNS.
  public var ghostEndpoint: String? = nil
  /// A file in PEM with the authorities whose certificates the blog may have, in place of the
  /// machine's own; nil for those.
  public var caFile: String? = nil
  /// Whether Cost Explorer is asked what was paid, which costs a cent a call.
  public var usesCostExplorer = false
  /// An address in place of GitHub's own API, for the demo, tests and GitHub Enterprise Server.
  public var githubEndpoint: String? = nil
  /// The file with the token for GitHub; nil for none.
  public var githubTokenFile: String? = nil
  /// The file with the Admin API key of an integration of the blog; nil for none.
  public var ghostKeyFile: String? = nil
  /// The file with a staff access token of the blog; nil for none.
  public var ghostStaffTokenFile: String? = nil
}

/// What is wrong with the configuration, and where.
public struct ConfigurationProblem: Error, CustomStringConvertible {
  /// The sentence.
  public let description: String
  init(_ description: String) { self.description = description }
}

extension Configuration {
  /// Reads the file.
  /// - Parameter environment: variables that override: `CARETAKER_DATA`, `CARETAKER_ASSETS`,
  ///   `CARETAKER_LISTEN`.
  public static func load(
    file: String, environment: [String: String]
  ) throws(ConfigurationProblem) -> Configuration {
    guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
      throw ConfigurationProblem(
        "Can't read the configuration \(file). Write one (README, “Configuration”) or name "
          + "another with --config.")
    }
    var configuration = try parse(text, name: file, environment: environment)
    configuration.file = file
    return configuration
  }

  static func parse(
    _ text: String, name: String, environment: [String: String]
  ) throws(ConfigurationProblem) -> Configuration {
    let root: Node?
    do { root = try Yams.compose(yaml: text) } catch {
      throw ConfigurationProblem("\(name) is not valid YAML: \(error)")
    }
    let keys = try YAMLKeys(
      root, place: name,
      known: [
        "data", "assets", "listen", "trusted_proxies", "demo", "poll_seconds", "pages_per_second",
        "connections", "require_second_factor", "spool", "first_policy", "sites", "audit_key",
        "factor_key", "anchor", "stream", "backup", "replica", "metrics", "log_format",
        "log_level", "theme_library_mib", "notices", "openid", "tls", "lease", "lease_seconds",
      ])
    let configured = try keys.text("listen")
    let listen = environment["CARETAKER_LISTEN"] ?? configured ?? "127.0.0.1:8080"
    let place = try ListenPlace(listen, as: "\(name): listen")
    let pollSeconds = try keys.number("poll_seconds", in: 5...3_600, else: 60)
    let pagesPerSecond = try keys.number("pages_per_second", in: 1...10_000, else: 20)
    let connectionsMax = try keys.number("connections", in: 64...65_536, else: 8_192)
    var sites: [Site] = []
    for (index, node) in try keys.list("sites").enumerated() {
      sites.append(try Site(node, place: "\(name): sites[\(index)]"))
    }
    let data = try keys.needed("data")
    let assets = try keys.text("assets") ?? "."
    guard !sites.isEmpty, Set(sites.map(\.name)).count == sites.count else {
      throw ConfigurationProblem("\(name): sites must list at least one site, no name twice.")
    }
    let libraryMiB = try keys.number("theme_library_mib", in: 64...1_048_576, else: 1_024)
    return Configuration(
      dataFolder: environment["CARETAKER_DATA"] ?? data, spool: try keys.text("spool"),
      assetsFolder: environment["CARETAKER_ASSETS"] ?? assets, address: place.address,
      port: place.port,
      tls: try keys.node("tls").map { node throws(ConfigurationProblem) in
        try TLSSettings(node, place: "\(name): tls")
      },
      trustedProxies: Set(try keys.texts("trusted_proxies")),
      isDemo: try keys.flag("demo") ?? false,
      pollSeconds: pollSeconds, pagesPerSecond: pagesPerSecond,
      connectionsMax: connectionsMax,
      requiresFactor: try keys.flag("require_second_factor") ?? false,
      firstPolicy: try firstPolicy(keys.node("first_policy"), name: name), sites: sites,
      auditKey: try keys.text("audit_key"), factorKey: try keys.text("factor_key"),
      anchor: try keys.node("anchor").map { node throws(ConfigurationProblem) in
        try BucketPlace(node, place: "\(name): anchor", sites: sites)
      },
      stream: try keys.node("stream").map { node throws(ConfigurationProblem) in
        try BucketPlace(node, place: "\(name): stream", sites: sites)
      },
      metrics: try keys.node("metrics").map { node throws(ConfigurationProblem) in
        try MetricsPlace(node, place: "\(name): metrics")
      },
      logsJSON: try logsJSON(keys, name: name), logLevel: try logLevel(keys, name: name),
      backup: try keys.node("backup").map { node throws(ConfigurationProblem) in
        try BackupSettings(node, place: "\(name): backup", sites: sites)
      }, replica: try replica(keys, name: name), lease: try LeasePlace(keys, name: name),
      themeLibraryBytesMax: Int64(libraryMiB) << 20,
      notices: try keys.node("notices").map { node throws(ConfigurationProblem) in
        try NoticePlaces(node, place: "\(name): notices", sites: sites)
      },
      openID: try keys.node("openid").map { node throws(ConfigurationProblem) in
        try OpenIDSettings(node, place: "\(name): openid")
      })
  }

  private static func logsJSON(
    _ keys: YAMLKeys, name: String
  ) throws(ConfigurationProblem) -> Bool {
    let format = try keys.text("log_format") ?? "text"
    guard ["text", "json"].contains(format) else {
      throw ConfigurationProblem("\(name): log_format must be text or json, not “\(format)”.")
    }
    return format == "json"
  }

  private static func replica(
    _ keys: YAMLKeys, name: String
  ) throws(ConfigurationProblem) -> ListenPlace? {
    guard let typed = try keys.text("replica") else { return nil }
    let place = try ListenPlace(typed, as: "\(name): replica")
    guard SelfCheck.isLoopback(place.address) else {
      throw ConfigurationProblem(
        "\(name): replica must be where Litestream tells its metrics on this machine, "
          + "127.0.0.1:9465, not “\(typed)”.")
    }
    return place
  }

  private static func logLevel(
    _ keys: YAMLKeys, name: String
  ) throws(ConfigurationProblem) -> Logger.Level {
    let level = try keys.text("log_level") ?? "info"
    guard ["debug", "info", "notice", "warning", "error"].contains(level),
      let found = Logger.Level(rawValue: level)
    else {
      throw ConfigurationProblem(
        "\(name): log_level must be debug, info, notice, warning or error, not “\(level)”.")
    }
    return found
  }

  /// The policy a new data folder begins with: what the file says, over the standard.
  private static func firstPolicy(
    _ node: Node?, name: String
  ) throws(ConfigurationProblem) -> Policy {
    guard let node else { return .standard }
    let place = "\(name): first_policy"
    let keys = try YAMLKeys(node, place: place, known: Policy.settings.map(\.configurationKey))
    var settings = Policy.standard.settings
    for setting in Policy.settings {
      guard let typed = try keys.number(setting.configurationKey) else { continue }
      let unit = setting.isSpan ? Span.hour : 1
      let (value, overflow) = Int64(typed).multipliedReportingOverflow(by: unit)
      guard !overflow, setting.range.contains(value) else {
        let range = setting.range
        throw ConfigurationProblem(
          "\(place): \(setting.configurationKey) must be \(range.lowerBound / unit) to "
            + "\(range.upperBound / unit), not \(typed).")
      }
      settings[setting.name] = value
    }
    return Policy(settings: settings) ?? .standard
  }
}

extension Policy.Setting {
  /// The key in the file, where lengths of time are hours: `role_age_hours`.
  var configurationKey: String {
    isSpan ? name.dropLast("ms".count) + "hours" : name
  }
}

extension Site {
  init(_ node: Node, place: String) throws(ConfigurationProblem) {
    let keys = try YAMLKeys(
      node, place: place,
      known: [
        "name", "stack", "region", "profile", "role", "run_role", "endpoint", "ghost_url",
        "repository",
        "ghost_endpoint", "ca_file", "cost_explorer", "github_endpoint", "github_token_file",
        "ghost_key_file", "ghost_staff_token_file",
      ])
    name = try keys.needed("name")
    stack = try keys.needed("stack")
    region = try keys.needed("region")
    profile = try keys.text("profile")
    role = try keys.text("role")
    runRole = try keys.text("run_role").map { typed throws(ConfigurationProblem) in
      guard let role = RoleARN(typed) else {
        throw ConfigurationProblem(
          "\(place): run_role must be the ARN of a role, arn:aws:iam::123456789012:role/NAME, "
            + "not “\(typed)”.")
      }
      return role
    }
    endpoint = try keys.text("endpoint")
    ghostURL = try keys.needed("ghost_url")
    repository = try keys.needed("repository")
    ghostEndpoint = try keys.text("ghost_endpoint")
    caFile = try keys.text("ca_file")
    usesCostExplorer = try keys.flag("cost_explorer") ?? false
    githubEndpoint = try keys.text("github_endpoint")
    githubTokenFile = try keys.text("github_token_file")
    ghostKeyFile = try keys.text("ghost_key_file")
    ghostStaffTokenFile = try keys.text("ghost_staff_token_file")
    guard ["https", "http"].contains(URL(string: ghostURL)?.scheme), ghostHost != nil else {
      throw ConfigurationProblem("\(place): ghost_url must be an address, not “\(ghostURL)”.")
    }
    let parts = repository.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy(Self.isRepositoryName) else {
      throw ConfigurationProblem("\(place): repository must be OWNER/NAME, not “\(repository)”.")
    }
  }

  /// Whether GitHub takes this for an owner or a repository, so that it needs no escaping.
  private static func isRepositoryName(_ part: Substring) -> Bool {
    !part.isEmpty && part != "." && part != ".."
      && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
  }
}
