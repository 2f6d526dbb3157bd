import HTTP
import HTTPTypes
import Logging
import Mustache
import Rules

/// What is answered while this portal stands by: every page with 503, by a page that says so. It
/// opens no database.
public final class StandBy: Sendable {
  private let configuration: Configuration
  private let outside: Outside
  private let words: @Sendable () -> String
  private let pages: Pages
  private let assets: StaticFiles
  private let tls: TLS?

  /// - Parameter hosts: as for `Listener`.
  /// - Throws: an error whose description is a sentence.
  public convenience init(
    _ configuration: Configuration, world: World, for keeper: LeaseKeeper,
    selfSignedFor hosts: [String]? = nil
  ) throws {
    try self.init(configuration, outside: world.outside, selfSignedFor: hosts) {
      keeper.standByWords
    }
  }

  init(
    _ configuration: Configuration, outside: Outside, selfSignedFor hosts: [String]? = nil,
    words: @escaping @Sendable () -> String
  ) throws {
    self.configuration = configuration
    self.outside = outside
    self.words = words
    assets = try Portal.assets(in: configuration.assetsFolder)
    pages = try Pages(
      directory: configuration.assetsFolder + "/Templates", assets: assets.versionedPaths,
      for: [StandByPage.self])
    let now = Int(outside.now().unixSeconds)
    tls =
      if let hosts { try TLS(selfSignedFor: hosts, at: now) } else {
        try configuration.tls.map { try TLS($0.files, at: now) }
      }
  }

  /// How long answers under way may take once the lease is there.
  private static let graceMs = 1_000

  /// Answers until work is done: until the lease is taken.
  public func answer(until work: @Sendable () async throws -> Void) async throws {
    var limits = Limits()
    limits.connectionsMax = configuration.connectionsMax
    let server = Server(
      address: configuration.address, port: configuration.port, limits: limits,
      standingHeaders: Portal.standingHeaders, tls: tls, handler: { self.respond(to: $0) })
    let port = try server.start()
    Logger(label: "caretaker").notice("Standing by on \(configuration.address):\(port).")
    do { try await work() } catch {
      await server.stop(graceMs: Self.graceMs)
      throw error
    }
    await server.stop(graceMs: Self.graceMs)
  }

  func respond(to request: Request) -> Response {
    let folder = "/public/"
    if request.path == "/healthz" { return .line("alive") }
    if request.path.hasPrefix(folder),
      let file = assets.response(for: request, path: String(request.path.dropFirst(folder.count)))
    {
      return file
    }
    let words = words()
    if request.path == "/readyz" {
      return .line("not ready: \(words)", status: .serviceUnavailable)
    }
    let page = StandByPage(sentence: words)
    let frame = Frame(
      ofNobody: page.title, site: configuration.sites[0].name, isDemo: configuration.isDemo)
    guard let body = try? pages.render(page, in: frame) else {
      return .line(words, status: .serviceUnavailable)
    }
    return Response(
      status: .serviceUnavailable,
      headers: [.contentType: Response.pageType, .cacheControl: "no-store", .retryAfter: "10"],
      body: body)
  }
}

/// That this portal stands by, and what to do.
struct StandByPage: Page {
  let sentence: String

  static let template = "lease/stand-by"
  static let section: Section? = nil
  var title: String { "Standing by" }
  static let fields: [Field<StandByPage>] = [.text("sentence", { $0.sentence })]
}

extension Frame {
  /// What stands around a page that is shown without a database.
  init(ofNobody title: String, site: String, isDemo: Bool) {
    self.init(
      title: title, siteName: site, isDemo: isDemo, person: nil, navigation: [], unknown: [],
      emergencies: [], notices: [], message: "", following: "", version: Portal.version, age: "",
      log: "",
      reference: "", printed: "", hasPasskeys: false, passkeyOffer: { "" })
  }
}
