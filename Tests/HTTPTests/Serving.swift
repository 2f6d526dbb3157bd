import HTTPTypes
import Testing

@testable import HTTP

/// A server for the time of one test.
struct Serving {
  let server: Server
  let settings: Server.Settings
  let port: Int
  let refusals: Locked<[String]>
  let hindrances: Locked<[String]>

  static let standingHeaders: HTTPFields = [
    .xContentTypeOptions: "nosniff", .cacheControl: "no-store",
  ]

  init(
    address: String = "127.0.0.1", limits: Limits = .patient, clock: Clock = .system,
    uploads: Uploads? = nil, tls: TLS? = nil,
    handler: @escaping Handler = { Response(body: Array($0.path.utf8)) },
    immediate: (@Sendable (Request) -> Response?)? = nil
  ) throws {
    let refusals = Locked<[String]>([])
    self.refusals = refusals
    let hindrances = Locked<[String]>([])
    self.hindrances = hindrances
    settings = Server.Settings(
      limits: limits, standingHeaders: Self.standingHeaders,
      refused: { refusal in
        refusals.withLock { $0.append("\(refusal.status.code) \(refusal.peerAddress)") }
      },
      hindered: { why in hindrances.withLock { $0.append(why) } },
      uploads: uploads, immediate: immediate, handler: handler, clock: clock, tls: tls)
    server = Server(address: address, port: 0, loops: 2, settings: settings)
    port = try server.start()
  }

  /// Waits for the server to have no connection left.
  func becomesIdle() async throws {
    try await eventually { settings.openCount.withLock { $0 } == 0 }
  }

  func stop() async { await server.stop(graceMs: 30_000) }
}

extension Limits {
  /// Time enough for a client on a machine that has other things to do.
  static let patient: Limits = {
    var limits = Limits()
    limits.headerTimeoutMs = 300_000
    limits.bodyTimeoutMs = 300_000
    limits.uploadBlockTimeoutMs = 300_000
    limits.keepAliveTimeoutMs = 300_000
    limits.writeTimeoutMs = 300_000
    return limits
  }()
}

/// Waits until something is so; gives up after half a minute, only so that no test hangs.
func eventually(_ condition: () -> Bool) async throws {
  for _ in 0..<3_000 where !condition() { try await Task.sleep(for: .milliseconds(10)) }
  try #require(condition(), "this never came about")
}
