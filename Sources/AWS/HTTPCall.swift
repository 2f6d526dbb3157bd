/// One request as it goes out, with its limits.
public struct HTTPCall: Sendable {
  /// Most bytes an answer may have unless a call says otherwise. The largest pages, of the price
  /// list, have about 1 MiB.
  public static let answerBytesMaxDefault = 8 << 20

  /// `GET`, `POST` or `PUT`.
  public var method: String
  /// An absolute URL, `http` or `https`, already encoded.
  public var url: String
  /// Fields in the order they are sent. `Host` follows from the URL.
  public var headers: [HTTPHeader]
  /// The body; empty for none.
  public var body: [UInt8]
  /// A body that is read while it is sent, in place of `body`; nil for that.
  public var streamed: HTTPBody?
  /// The file that the body of a 2xx answer goes to, from its begin, in place of memory; nil for
  /// memory. Other answers are errors to be read, and stay in memory.
  public var destination: HTTPFile?
  /// How long the whole exchange may take, connecting included.
  public var timeoutMs: Int64
  /// How long connecting may take, the TLS handshake included.
  public var connectTimeoutMs: Int64
  /// Most bytes the answer's body may have.
  public var answerBytesMax: Int
  /// Whether the request may go out twice. libcurl repeats a request by itself when a connection
  /// it kept turns out to be dead, which it cannot tell from one that died after the other side
  /// acted; a request that is not repeatable therefore gets a connection of its own.
  public var isRepeatable: Bool
  /// A file in PEM with the authorities whose certificates are trusted, in place of the machine's
  /// own; nil for those.
  public var authorities: String?
  /// `ADDRESS:PORT` to connect to, whatever DNS says of the URL's host. The name asked for and the
  /// certificate stay those of the URL; nil for DNS.
  public var connectTo: String?
  /// Whether the exchange ends when the connection stands: nothing is sent, and the other side's
  /// certificate is read whether or not it is to be trusted.
  var isLook = false
  /// Where a connection may be made to.
  public var reach = Reach.anywhere
  /// The envelope of a letter, which goes out by SMTP; nil for HTTP.
  var envelope: MailEnvelope?

  /// Which addresses a call may connect to, whatever name they have.
  public enum Reach: Sendable {
    /// All of them.
    case anywhere
    /// Those of the open Internet: not this machine, not its network.
    case publicOnly
    /// Those and this machine, for the demo and tests.
    case publicAndLoopback
  }

  /// A request with the usual limits.
  public init(
    method: String, url: String, headers: [HTTPHeader] = [], body: [UInt8] = [],
    timeoutMs: Int64 = 10_000, connectTimeoutMs: Int64 = 3_000,
    answerBytesMax: Int = answerBytesMaxDefault, isRepeatable: Bool = true,
    authorities: String? = nil, connectTo: String? = nil
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.timeoutMs = timeoutMs
    self.connectTimeoutMs = connectTimeoutMs
    self.answerBytesMax = answerBytesMax
    self.isRepeatable = isRepeatable
    self.authorities = authorities
    self.connectTo = connectTo
  }

  /// Why this cannot be sent; nil when it can. A line end in a field would be a second field.
  var fault: String? {
    let texts =
      [method, url, authorities ?? "", connectTo ?? "", envelope?.from ?? "", envelope?.to ?? ""]
      + headers.flatMap { [$0.name, $0.value] }
    let isClean = texts.allSatisfy { $0.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f } }
    if !isClean { return "it has a control character in its address or its fields" }
    let schemes = envelope == nil ? ["https://", "http://"] : ["smtps://", "smtp://"]
    if !schemes.contains(where: url.hasPrefix) {
      return "its address is not one of \(envelope == nil ? "HTTP" : "SMTP")"
    }
    return nil
  }
}

/// One complete answer.
public struct HTTPAnswer: Sendable {
  /// The status code.
  public var status: Int
  /// Fields in the order they came.
  public var headers: [HTTPHeader]
  /// The whole body.
  public var body: [UInt8]
  /// Until when the other side's certificate is valid, in milliseconds since 1970; nil unless it
  /// was looked at.
  var certificateUntilMs: Int64?

  init(status: Int, headers: [HTTPHeader] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The first value of a field, whatever the case of its name.
  public func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }
}

/// One header field.
public struct HTTPHeader: Sendable, Equatable {
  /// The name, in any case.
  public var name: String
  /// The value.
  public var value: String

  /// A field.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}
