import Foundation
import HTTP
import HTTPTypes

/// Where a request came from: the address and scheme behind a trusted proxy, or the peer's own.
struct Origin {
  let address: String
  let isSecure: Bool

  /// - Parameter proxies: addresses whose forwarding headers are believed; everybody else's are
  ///   ignored.
  init(of request: Request, trusting proxies: Set<String>) {
    guard proxies.contains(request.peerAddress) else {
      address = request.peerAddress
      isSecure = request.isSecure
      return
    }
    // The last address is the one the proxy has seen itself; those before it anybody can write.
    let forwarded = request.headers[Self.forwardedFor]?.split(separator: ",").last
    address = forwarded.map { $0.trimmingCharacters(in: .whitespaces) } ?? request.peerAddress
    isSecure = request.headers[Self.forwardedProto].map { $0 == "https" } ?? request.isSecure
  }

  /// `__Host-` binds a cookie to this host over TLS; browsers refuse it over plain HTTP.
  static func sessionCookie(isSecure: Bool) -> String {
    isSecure ? "__Host-caretaker" : "caretaker"
  }

  /// Whether a request that acts comes from one of our own pages: the browser says so itself
  /// (Fetch Metadata), or, where it does not, its Origin is the host it was sent to. A request with
  /// neither is not from a page.
  static func isSame(_ headers: HTTPFields, isSecure: Bool) -> Bool {
    if let site = headers[fetchSite] { return site == "same-origin" }
    guard let origin = headers[.origin], let own = own(headers, isSecure: isSecure) else {
      return false
    }
    return origin == own
  }

  /// Whether the browser says that a request was chosen by one of our own pages, or by the person
  /// at it, who typed the address. False for programs and old browsers, which say nothing.
  static func isChosenHere(_ headers: HTTPFields) -> Bool {
    headers[fetchSite].map { ["same-origin", "none"].contains($0) } ?? false
  }

  /// Whether a request that only reads is made on behalf of a page of another site, as an image, a
  /// script, a frame or a call of its scripts. Only following a link leads from there to here.
  /// False also for programs and old browsers, which say nothing of the source.
  static func isEmbedded(_ headers: HTTPFields) -> Bool {
    headers[fetchSite] != nil && !isChosenHere(headers)
      && headers[fetchDestination] != "document"
  }

  /// How we are reached, `https://caretaker.example.com`, as the request says it.
  static func own(_ headers: HTTPFields, isSecure: Bool) -> String? {
    headers[hostName].map { (isSecure ? "https://" : "http://") + $0 }
  }

  private static let forwardedFor = name("X-Forwarded-For")
  private static let forwardedProto = name("X-Forwarded-Proto")
  private static let fetchSite = name("Sec-Fetch-Site")
  private static let fetchDestination = name("Sec-Fetch-Dest")
  private static let hostName = name("Host")

  private static func name(_ text: String) -> HTTPField.Name {
    guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is a field name") }
    return name
  }
}

extension Portal {
  /// How browsers reach this portal: as configured, or as the one that asks did. No slash at its
  /// end.
  func ownAddress(_ visit: Visit) -> String {
    let address =
      configuration.notices?.address
      ?? Origin.own(visit.request.headers, isSecure: visit.isSecure) ?? ""
    return address.hasSuffix("/") ? String(address.dropLast()) : address
  }
}
