import GRDB
import Mustache
public import Rules

/// Everything that is looked at to tell whether an installation works and is safe: what
/// `caretaker check` prints and its page shows.
public struct Checks: Sendable {
  /// What is about one thing: the installation itself, or a site.
  public struct Part: Sendable {
    /// What it is about.
    public let name: String
    /// What was found, line by line, the worst first.
    public let checks: [SelfCheck]

    init(name: String, checks: [SelfCheck]) {
      self.name = name
      // What is as bad stays in its order.
      self.checks = SelfCheck.Standing.worstFirst.flatMap { standing in
        checks.filter { $0.standing == standing }
      }
    }
  }

  let configuration: Configuration
  let outside: Outside
  /// What the running portal alone can tell; nil where none runs here.
  var running: [SelfCheck]?

  /// The checks of an installation.
  public init(_ configuration: Configuration, world: World) {
    self.init(configuration: configuration, outside: world.outside)
  }

  init(configuration: Configuration, outside: Outside, running: [SelfCheck]? = nil) {
    self.configuration = configuration
    self.outside = outside
    self.running = running
  }

  /// Looks at everything now. Nothing is changed by it.
  /// - Parameter wholly: whether every page of the database is read as well, which takes a while.
  public func parts(wholly: Bool = false) async -> [Part] {
    let clouds = configuration.sites.map(outside.cloud)
    async let openID = OpenIDCheck(configuration, outside: outside)?.result()
    async let copy = ofRunning
    let sites = await ofSites(clouds)
    // AWS has answered by now, which tells the time there.
    let leadMs = clouds.compactMap(\.clockLeadMs).max { $0.magnitude < $1.magnitude }
    let own = Installation(configuration: configuration, outside: outside)
    let found = await own.checks(clockLeadMs: leadMs, wholly: wholly)
    let provider = await openID.map { [$0] } ?? []
    return [Part(name: "This installation", checks: found + (await copy) + provider)] + sites
  }

  /// Most sites that are tried at the same time.
  private static let sitesAtOnceMax = 8

  private func ofSites(_ clouds: [Cloud]) async -> [Part] {
    await withTaskGroup(of: (Int, Part).self) { [configuration] group in
      var parts = [Part?](repeating: nil, count: clouds.count)
      for (index, cloud) in clouds.enumerated() {
        if index >= Self.sitesAtOnceMax, let (done, part) = await group.next() {
          parts[done] = part
        }
        group.addTask {
          let checks = SiteChecks(configuration: configuration, cloud: cloud)
          return (index, Part(name: cloud.site.name, checks: await checks.results()))
        }
      }
      for await (index, part) in group { parts[index] = part }
      return parts.compactMap(\.self)
    }
  }

  private var ofRunning: [SelfCheck] {
    get async {
      if let running { return running }
      async let replica = Replica.check(configuration, outside: outside)
      return await LeaseStore.check(configuration, outside: outside) + replica
    }
  }
}

/// One of them on a page.
struct SelfCheckLine: TemplateData {
  let check: SelfCheck

  static let fields: [Field<SelfCheckLine>] = [
    .text("what", { $0.check.what }), .item("tag", { Tag(of: $0.check.standing) }),
    .text("why", { $0.check.state }), .text("remedy", { $0.check.remedy }),
  ]
}

extension Tag {
  init(of standing: SelfCheck.Standing) {
    switch standing {
    case .good: self.init("good", standing.words)
    case .advised: self.init("attention", standing.words)
    case .absent: self.init("neutral", standing.words)
    case .unknown: self.init("unknown", standing.words)
    case .failed, .unsafe: self.init("danger", standing.words)
    }
  }
}
