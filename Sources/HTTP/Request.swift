public import HTTPTypes

/// A request that has arrived whole and kept every rule of RFC 9112.
public struct Request: Sendable {
  /// The method, in the case it was sent in.
  public var method: HTTPRequest.Method
  /// The path, percent-decoded once. Begins with "/" and has no empty segment but a last one, no
  /// dot segment, no encoded slash or backslash and no control character; "*" for `OPTIONS *`.
  public var path: String
  /// What follows the first "?", as sent; nil without a "?".
  public var query: String?
  /// The request target as sent (RFC 9112 §3.2).
  public var target: String
  /// The fields in the order they came, without trailers.
  public var headers: HTTPFields {
    didSet { mayAskForLess = headers.contains { Self.canAskForLess($0.name.canonicalName) } }
  }
  /// The body; empty when there is none, and when it went to a file.
  public var body: [UInt8]
  /// The body where `Uploads` takes it; nil when there is none.
  public var file: BodyFile?
  /// The peer's numeric address without its port. Behind a proxy this is the proxy.
  public var peerAddress: String
  /// Whether it came over this server's own TLS.
  public var isSecure: Bool
  /// Whether a field may make it ask for anything but the whole of what its path names.
  private(set) var mayAskForLess: Bool

  /// A request from its parts; nothing is checked.
  public init(
    method: HTTPRequest.Method, path: String, query: String? = nil, target: String? = nil,
    headers: HTTPFields = [:], body: [UInt8] = [], peerAddress: String = "127.0.0.1",
    isSecure: Bool = false
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.target = target ?? path + (query.map { "?" + $0 } ?? "")
    self.headers = headers
    self.body = body
    self.peerAddress = peerAddress
    self.isSecure = isSecure
    mayAskForLess = headers.contains { Self.canAskForLess($0.name.canonicalName) }
  }

  /// Whether a field is a condition (RFC 9110 §13.1) or a range (§14.2).
  private static func canAskForLess(_ name: String) -> Bool {
    name == "range" || name.hasPrefix("if-")
  }
}
