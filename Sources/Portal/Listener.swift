import HTTP
import Logging
import Rules

/// The portal behind its port, and behind a second one that leads there.
public final class Listener: Sendable {
  private let portal: Portal
  private let server: Server
  private let certificate: Certificate?
  /// The port in the clear.
  private let redirect: Server?

  /// How long requests under way may take after a stop, in milliseconds.
  public static let graceMs = 30_000

  /// A portal that does not listen yet.
  /// - Parameter selfSignedFor: hosts of a certificate of our own making, in place of the one that
  ///   the configuration names; for trying out.
  /// - Throws: `TLSProblem`, whose description is a sentence.
  public convenience init(_ portal: Portal, selfSignedFor hosts: [String]? = nil) throws {
    var limits = Limits()
    limits.connectionsMax = portal.configuration.connectionsMax
    try self.init(portal, limits: limits, selfSignedFor: hosts)
  }

  /// - Parameter limits: what one client may take; smaller ones are met sooner.
  init(_ portal: Portal, limits: Limits, selfSignedFor hosts: [String]? = nil) throws(TLSProblem) {
    self.portal = portal
    let (settings, now) = (portal.configuration.tls, Int(portal.outside.now().unixSeconds))
    let tls: TLS? =
      if let hosts { try TLS(selfSignedFor: hosts, at: now) } else {
        try settings.map { given throws(TLSProblem) in try TLS(given.files, at: now) }
      }
    certificate = tls.map {
      Certificate(tls: $0, pool: portal.files, outside: portal.outside, log: portal.log)
    }
    server = Server(
      address: portal.configuration.address, port: portal.configuration.port, limits: limits,
      standingHeaders: Portal.standingHeaders, refused: { portal.note($0) },
      hindered: { portal.noteHindrance($0) }, uploads: portal.uploads, tls: tls,
      immediate: { portal.immediate($0) }, handler: { await portal.respond(to: $0) })
    redirect = settings?.redirect.map { [server] in HTTPSRedirect.server(at: $0, to: server) }
    portal.askLoad { [server] in server.load }
  }

  /// Where a browser on this machine finds it.
  /// - Parameter port: what `start` gave.
  public func url(at port: Int) -> String {
    let address = portal.configuration.address
    let host = address.contains(":") ? "[\(address)]" : address
    return "\(certificate == nil ? "http" : "https")://\(host):\(port)"
  }

  /// What there is to do now.
  var load: Server.Load { server.load }

  /// Opens the ports and gives the number of the one that serves.
  /// - Throws: an error whose description is a sentence, for example when a port is in use.
  public func start() throws -> Int {
    let port = try server.start()
    if let redirect { _ = try redirect.start() }
    return port
  }

  /// Reads the certificate again, for connections to come.
  public func reloadCertificate() async {
    guard let certificate else {
      return portal.log.notice("There is no certificate to read again.")
    }
    await certificate.reload()
  }

  /// Follows the certificate's files until cancelled.
  public func keepCertificate() async { await certificate?.keep() }

  /// Answers what has been asked, lets runs finish their call, closes the database.
  public func stop() async throws {
    async let redirected: Void? = redirect?.stop(graceMs: Self.graceMs)
    await server.stop(graceMs: Self.graceMs)
    await redirected
    try await portal.close()
  }
}
