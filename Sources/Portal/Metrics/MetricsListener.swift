import Cryptography
import Foundation
import HTTP
import HTTPTypes
import Logging
import Yams

/// Where metrics are read: a port of its own, and a token that every reader has to show.
public struct MetricsPlace: Hashable, Sendable {
  /// A numeric address.
  public var address: String
  /// 0 for any free one.
  public var port: Int
  /// The file of the token: one line.
  public var tokenFile: String
}

extension MetricsPlace {
  init(_ node: Node, place: String) throws(ConfigurationProblem) {
    let keys = try YAMLKeys(node, place: place, known: ["listen", "token_file"])
    let found = try ListenPlace(
      keys.text("listen") ?? "127.0.0.1:9464", as: "\(place): listen")
    address = found.address
    port = found.port
    tokenFile = try keys.needed("token_file")
  }
}

extension MetricsPlace {
  /// The fewest characters of a token.
  private static let tokenLengthMin = 16

  /// The token that every reader has to show.
  /// - Throws: `StorageProblem` when it can't be used.
  func readToken() throws -> Secret {
    guard let token = try KeyFile.read(tokenFile, holding: "the token of the metrics"),
      token.bytes.count >= Self.tokenLengthMin
    else {
      throw StorageProblem(
        "\(tokenFile) holds no token for the metrics, of \(Self.tokenLengthMin) characters "
          + "or more. Make one: openssl rand -hex 32 > \(tokenFile)")
    }
    return token
  }
}

/// The port that answers `GET /metrics` and nothing else.
public final class MetricsListener: Sendable {
  private let server: Server

  /// Nil where the configuration names no place for metrics.
  /// - Throws: a sentence when the token can't be used.
  public convenience init?(_ portal: Portal, beside listener: Listener) throws {
    try self.init(portal) { listener.load }
  }

  init?(_ portal: Portal, load: @escaping @Sendable () -> Server.Load) throws {
    guard let place = portal.configuration.metrics else { return nil }
    let wanted = Array("Bearer ".utf8) + (try place.readToken().bytes)
    server = Server(
      address: place.address, port: place.port, loops: 1,
      standingHeaders: Portal.standingHeaders
    ) { request in
      await portal.tellMetrics(request, wanted: wanted, load: load())
    }
  }

  /// Opens the port, and gives its number.
  public func start() throws -> Int { try server.start() }

  /// Closes it.
  public func stop() async { await server.stop(graceMs: 1_000) }
}

extension Portal {
  fileprivate func tellMetrics(
    _ request: Request, wanted: [UInt8], load: Server.Load
  ) async -> Response {
    guard constantTimeEqual(Array((request.headers[.authorization] ?? "").utf8), wanted) else {
      return .plain("Show the token.", .unauthorized, [.wwwAuthenticate: "Bearer"])
    }
    guard request.path == "/metrics" else { return .plain("Only /metrics is here.", .notFound) }
    guard [.get, .head].contains(request.method) else {
      return .plain("Only GET.", .methodNotAllowed, [.allow: "GET, HEAD"])
    }
    do {
      return Response(
        headers: [.contentType: Exposition.mediaType],
        body: Array(try await metrics(load: load).utf8))
    } catch {
      log.error("Metrics: \(error)")
      return .plain("The database can't be read.", .serviceUnavailable)
    }
  }
}

extension Response {
  fileprivate static func plain(
    _ words: String, _ status: HTTPResponse.Status, _ headers: HTTPFields = [:]
  ) -> Response {
    var headers = headers
    headers[.contentType] = "text/plain; charset=utf-8"
    return Response(status: status, headers: headers, body: Array((words + "\n").utf8))
  }
}
