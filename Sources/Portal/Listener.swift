import HTTP
import Logging

/// The portal behind its port.
public final class Listener: Sendable {
  private let portal: Portal
  private let server: Server

  /// How long requests under way may take after a stop, in milliseconds.
  public static let graceMs = 30_000

  /// A portal that does not listen yet.
  public convenience init(_ portal: Portal) {
    var limits = Limits()
    limits.connectionsMax = portal.configuration.connectionsMax
    self.init(portal, limits: limits)
  }

  /// - Parameter limits: what one client may take; smaller ones are met sooner.
  init(_ portal: Portal, limits: Limits) {
    self.portal = portal
    server = Server(
      address: portal.configuration.address, port: portal.configuration.port, limits: limits,
      standingHeaders: Portal.standingHeaders, uploads: portal.uploads,
      handler: { await portal.respond(to: $0) })
  }

  /// Opens the port and gives its number.
  /// - Throws: an error whose description is a sentence, for example when the port is in use.
  public func start() throws -> Int { try server.start() }

  /// Answers what has been asked, lets runs finish their call, closes the database.
  public func stop() async throws {
    await server.stop(graceMs: Self.graceMs)
    try await portal.close()
  }
}
