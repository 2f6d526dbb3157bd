import Cryptography
import Foundation
import HTTP
import HTTPTypes
import Logging
import Rules
import Synchronization
import Zip

/// The product: one value that knows every box, and the way of a request through it.
public final class Portal: Sendable {
  /// The version people see.
  public static let version = "0.1.0"

  let configuration: Configuration
  let storage: Storage
  let pages: Pages
  let assets: StaticFiles
  let passwords: Passwords
  /// Threads for archives and other files.
  let files = BlockingPool(name: "files", width: 2)
  let outside: Outside
  /// By which this portal may act, where there are others.
  let lease: LeaseHold
  let log: Logger
  let boot: Boot
  let executor: Executor
  let executions = Executions()
  /// Signs the log.
  let signer: NoteSigner
  /// Seals second factors.
  let factorKey: FactorKey
  /// Whom people may sign in through; nil for nobody.
  let openID: OpenIDProvider?
  /// The versions of the sites' themes.
  let themeLibrary: ThemeLibrary
  /// How long one look at the bucket of the anchors, or one write to it, may take.
  let anchorWithinMs: Int64
  /// How long a change that can't be put back waits for the anchor of its intent.
  let intentWithinMs: Int64
  /// What makes somebody the first administrator.
  let setupToken = SetupToken()
  let pageLimit: PageLimit
  let followers = Followers()
  /// How the continuous copy stands; nil where nobody is asked.
  let replica: Replica?
  /// The last lines of the log.
  let recentLog: RecentLog
  /// Tells what there is to do, once a listener is there.
  private let loadNow = Mutex<@Sendable () -> Server.Load>({ .none })
  /// What the metrics tell of requests.
  let tally = RequestTally()
  /// Seals previews; new at each start, so a preview does not outlive it.
  let sealKey: [UInt8]

  /// Opens the data folder, reads templates and recovers what the last start left open. Nothing is
  /// sent to AWS here.
  /// - Parameters:
  ///   - pages: templates that are read and bound already; nil reads them.
  ///   - lease: is held by now, where there are other portals.
  init(
    configuration: Configuration, outside: Outside, log: Logger, pages: Pages? = nil,
    passwordScheme: PasswordHash = PasswordHash(), ballastBytes: Int64 = Ballast.usualBytes,
    anchorWithinMs: Int64 = Anchoring.usualWithinMs,
    intentWithinMs: Int64 = Anchoring.usualIntentWithinMs,
    lookEveryMs: Int64 = Executor.usualLookEveryMs, recentLog: RecentLog = RecentLog(),
    lease: LeaseHold = .notNeeded
  ) throws {
    self.configuration = configuration
    let outside = outside.writing(under: lease)
    self.outside = outside
    self.lease = lease
    self.anchorWithinMs = anchorWithinMs
    self.intentWithinMs = intentWithinMs
    self.log = log
    self.recentLog = recentLog
    openID = OpenIDProvider(configuration, outside: outside)
    replica = Replica(configuration, outside: outside)
    assets = try Self.assets(in: configuration.assetsFolder)
    self.pages = try pages ?? Self.pages(in: configuration.assetsFolder, with: assets)
    passwords = try Passwords(scheme: passwordScheme)
    pageLimit = PageLimit(perSecond: configuration.pagesPerSecond)
    sealKey = try outside.randomBytes(32)
    let storage = try DataFolder.open(configuration, ballastBytes: ballastBytes)
    self.storage = storage
    do {
      (themeLibrary, boot, signer, factorKey) = try DataFolder.naming(configuration) {
        try Self.setFirstPolicy(configuration.firstPolicy, in: storage, at: outside.now())
        let library = try ThemeLibrary(configuration, storage: storage, outside: outside)
        let boot = try Boot.begin(in: storage, outside: outside, under: lease)
        let (channels, now) = (configuration.notices?.channels ?? [], outside.now())
        try storage.writeNow { try NoticeStore.begin(channels, at: now, in: $0) }
        return (
          library, boot,
          try LogKey.open(configuration.auditKeyFile, in: storage, outside: outside),
          try FactorKey.open(configuration.factorKeyFile, in: storage, outside: outside)
        )
      }
    } catch {
      try? storage.close()
      throw error
    }
    executor = Executor(
      storage: storage, outside: outside, boot: boot, lease: lease, log: log,
      lookEveryMs: lookEveryMs)
  }

  /// The style sheet, the scripts and the pictures.
  static func assets(in assetsFolder: String) throws -> StaticFiles {
    try StaticFiles(
      directory: assetsFolder + "/Public", cacheControl: "public, max-age=300",
      pack: { Gzip.pack($0) })
  }

  /// The templates, bound to the pages of all routes.
  static func pages(in assetsFolder: String, with assets: StaticFiles) throws -> Pages {
    let pages = Dictionary(
      (routes.compactMap(\.page) + [FailurePage.self]).map { (ObjectIdentifier($0), $0) },
      uniquingKeysWith: { first, _ in first })
    return try Pages(
      directory: assetsFolder + "/Templates", assets: assets.versionedPaths,
      for: Array(pages.values))
  }

  /// Sets the policy of a new data folder, and refuses one whose policy is damaged. Later ones come
  /// from guarded changes alone: the configuration is not asked again.
  private static func setFirstPolicy(
    _ policy: Policy, in storage: Storage, at now: Moment
  ) throws {
    try storage.writeNow { db in
      guard try HouseStore.hasPolicy(in: db) else {
        return try HouseStore.set(policy, by: .portal, at: now, in: db)
      }
      _ = try HouseStore.policy(in: db)
    }
  }

  /// The portal in the real world.
  /// - Parameters:
  ///   - recentLog: where the last lines of the log are kept.
  ///   - lease: holds the lease, where the configuration names one.
  /// - Throws: `LeaseProblem` also where the database is not the one that was last worked on.
  public convenience init(
    configuration: Configuration, world: World, recentLog: RecentLog = RecentLog(),
    lease: LeaseKeeper? = nil
  ) throws {
    if let lease {
      try LeasedCopy.check(in: configuration.dataFolder, after: lease.hold.seen?.last)
    }
    try self.init(
      configuration: configuration, outside: world.outside, log: Logger(label: "caretaker"),
      recentLog: recentLog, lease: lease?.hold ?? .notNeeded)
  }

  /// Answers a request. Never throws: an error becomes its page.
  func respond(to request: Request) async -> Response {
    if let answer = immediate(request) { return answer }
    let id = reference()
    let begun = outside.now()
    let routed = Self.route(of: request)
    let (answer, person) = await answer(request, to: routed, id: id)
    let response = answer.packed(for: request)
    let ms = outside.now().since(begun)
    let route = routed.found?.0.name ?? "none"
    tally.note(route: route, status: response.status.code, ms: ms)
    log.info(
      "\(request.method.rawValue) \(loggable(request.path)) \(response.status.code)",
      metadata: Self.fields(id: id, ms: ms, route: route, person: person))
    return response
  }

  /// What the log's line of a request says besides: its reference, how long it took, its route and
  /// whoever sent it, by number.
  private static func fields(
    id: String, ms: Int64, route: String, person: Int64?
  ) -> Logger.Metadata {
    var fields: Logger.Metadata = ["id": "\(id)", "ms": "\(ms)", "route": "\(route)"]
    if let person { fields["person"] = "\(person)" }
    return fields
  }

  /// What there is to do on the portal's port; nothing before it is open.
  var load: Server.Load { loadNow.withLock { $0 }() }

  /// Says who knows what there is to do.
  func askLoad(_ ask: @escaping @Sendable () -> Server.Load) { loadNow.withLock { $0 = ask } }

  /// The answer to a request for one of the browser's files.
  func asset(for request: Request) -> Response? {
    let folder = "/public/"
    guard request.path.hasPrefix(folder) else { return nil }
    return assets.response(for: request, path: String(request.path.dropFirst(folder.count)))
  }

  /// Names a request.
  func reference() -> String {
    (try? outside.randomBytes(6)).map(Hex.encode) ?? "no-reference"
  }

  /// What `route(of:)` gives.
  typealias Routed = (shaped: [(Route, [String: String])], found: (Route, [String: String])?)

  /// The routes of a request's path, with what their patterns name, and the one of its method.
  static func route(of request: Request) -> Routed {
    let path = Route.segments(of: request.path)
    let shaped = routes.compactMap { route in route.match(path).map { (route, $0) } }
    let method = request.method == .head ? .get : request.method
    return (shaped, shaped.first { $0.0.method == method })
  }

  /// The answer to a request, before it is packed and logged, and the number of whoever sent it.
  func answer(
    _ request: Request, to routed: Routed, id: String
  ) async -> (Response, person: Int64?) {
    var visit: Visit?
    do {
      let arrived = try await arrival(of: request, id: id, parameters: routed.found?.1 ?? [:])
      visit = arrived
      return (try await answer(arrived, to: routed), arrived.caller?.person.id)
    } catch {
      let page = await failed(error, request: request, visit: visit, id: id)
      return (page, visit?.caller?.person.id)
    }
  }

  private func answer(_ visit: Visit, to routed: Routed) async throws -> Response {
    if let waitMs = pageLimit.wait(of: visit) { throw Failure.tooManyPages(waitMs: waitMs) }
    guard let (route, _) = routed.found else {
      if routed.shaped.isEmpty { throw Failure.notFound }
      return methodNotAllowed(routed.shaped.map(\.0.method))
    }
    try checkLease(of: visit)
    try await checkSource(of: visit, to: route)
    try await checkText(of: visit, to: route)
    guard try await isAdmitted(visit, to: route) else { return signInRedirect(for: visit) }
    if mustAddFactor(visit, for: route) { return .seeOther("/account/factors") }
    let response = try await Zone.$ofReader.withValue(visit.caller?.choices.zone ?? .utc) {
      try await route.handler(self)(visit)
    }
    await remember(visit, of: route, answeredWith: response.status)
    return try await renewingSession(of: visit, after: response)
  }

  /// The page of an error. Logged here and nowhere else.
  func failed(
    _ error: any Error, request: Request, visit: Visit?, id: String
  ) async -> Response {
    let failure = Failure(error)
    if failure.status.code >= 500 {
      log.error("\(error)", metadata: ["id": "\(id)", "path": "\(loggable(request.path))"])
    }
    let page = FailurePage(title: failure.title, sentence: failure.sentence)
    var response = html(page, for: visit, id: id, status: failure.status)
    if let seconds = failure.retryAfterSeconds {
      response.headers[.retryAfter] = String(seconds)
    }
    return response
  }

  /// What addresses that are secrets begin with.
  private static let secretPaths = Set(routes.compactMap(\.beforeSecret))

  /// A path as the log may hold it: some addresses are secrets, and somebody may have pasted one
  /// into any other.
  func loggable(_ path: String) -> String {
    let secret = Self.secretPaths.first(where: path.hasPrefix)
    return secret.map { $0 + "…" } ?? SecretScan.redacted(path)
  }

  private func methodNotAllowed(_ allowed: [HTTPRequest.Method]) -> Response {
    let names = Set(allowed.flatMap { $0 == .get ? ["GET", "HEAD"] : [$0.rawValue] }).sorted()
    return Response(
      status: .methodNotAllowed,
      headers: [.allow: names.joined(separator: ", "), .contentType: "text/plain; charset=utf-8"],
      body: Array("This address does not take that method.\n".utf8))
  }
}
