import AWS
import Foundation
import Rules

/// Looks at a site as a reader does: over the network, without credentials.
struct SiteProbe: Sendable {
  let site: Site
  let transport: Transport

  /// How long a page may take, connecting included.
  static let pageWithinMs: Int64 = 10_000
  /// How long connecting may take, the TLS handshake included.
  static let connectWithinMs: Int64 = 3_000
  /// The most bytes of a page that are read.
  static let pageBytesMax = 4 << 20
  /// The most redirects within the site that are followed.
  static let redirectsMax = 3

  /// A page as it came.
  struct Page: Sendable {
    let status: Int64
    let body: String
    /// Where it sends on to another host; nil when it does not.
    var redirectsTo: String?
  }

  /// Asks for a page and follows redirects within the site, never elsewhere.
  /// - Parameter path: From the blog's address on, `/ghost/api/admin/site/`.
  func page(_ path: String) async throws(TransportProblem) -> Page {
    var url = address + path
    for _ in 0..<Self.redirectsMax {
      let answer = try await transport.send(call(url))
      guard 300..<400 ~= answer.status, let next = Self.location(of: answer, from: url) else {
        return page(answer)
      }
      guard Self.isWithin(next, url) else {
        var page = page(answer)
        page.redirectsTo = next.absoluteString
        return page
      }
      url = next.absoluteString
    }
    return page(try await transport.send(call(url)))
  }

  /// Until when the certificate readers see is valid, whether or not it is accepted; nil without
  /// TLS.
  func certificateUntil() async throws(TransportProblem) -> Moment? {
    try await transport.certificateUntilMs(of: call(address + "/")).map(Moment.init(ms:))
  }

  /// The blog's address without a slash at its end.
  private var address: String {
    site.ghostURL.hasSuffix("/") ? String(site.ghostURL.dropLast()) : site.ghostURL
  }

  /// On a connection of its own, as a new reader has: one that is kept knows nothing of another
  /// certificate.
  private func call(_ url: String) -> HTTPCall {
    HTTPCall(
      method: "GET", url: url, headers: [HTTPHeader("User-Agent", "Caretaker")],
      timeoutMs: Self.pageWithinMs, connectTimeoutMs: Self.connectWithinMs,
      answerBytesMax: Self.pageBytesMax, isRepeatable: false, authorities: site.caFile,
      connectTo: site.ghostEndpoint)
  }

  private func page(_ answer: HTTPAnswer) -> Page {
    Page(status: Int64(answer.status), body: String(decoding: answer.body, as: UTF8.self))
  }

  private static func location(of answer: HTTPAnswer, from url: String) -> URL? {
    answer.header("Location").flatMap { URL(string: $0, relativeTo: URL(string: url)) }
  }

  /// Whether an address is of the same host and port; to HTTPS counts, from it does not.
  private static func isWithin(_ next: URL, _ url: String) -> Bool {
    guard let from = URL(string: url) else { return false }
    return next.host?.lowercased() == from.host?.lowercased() && next.port == from.port
      && (next.scheme == from.scheme || next.scheme == "https")
  }
}

extension Site {
  /// The host of the blog's address; nil when it has none.
  var ghostHost: String? { URL(string: ghostURL)?.host?.lowercased() }
}
