import HTTPTypes

/// Writes answers as bytes (RFC 9112 §4). Belongs to one loop.
struct ResponseWriter {
  /// What the server decides about an answer.
  struct Terms {
    var isHead = false
    var keepsAlive: Bool
    /// HTTP/1.0 closes unless told otherwise; saying "keep-alive" does no harm to later versions.
    var saysKeepAlive = false
    /// Whether the client knows the chunked coding, which HTTP/1.0 does not.
    var knowsChunks = true
  }

  private let standing: [(name: HTTPField.Name, line: [UInt8])]
  private var date = DateField()
  /// The heads of answers that are given again and again, without what differs each time.
  private var heads: [ObjectIdentifier: (owner: StandingHead, bytes: [UInt8])] = [:]

  /// Heads that are kept; with one more all are written anew.
  private static let headsMax = 1_024

  init(standingHeaders: HTTPFields) {
    var headers = standingHeaders
    for name in Self.reserved { headers[name] = nil }
    standing = headers.map { field in
      var line: [UInt8] = []
      Self.append(field, to: &line)
      return (field.name, line)
    }
  }

  /// Adds an answer to the bytes to be sent.
  mutating func append(
    _ response: Response, _ terms: Terms, at unixSeconds: Int, to output: inout [UInt8]
  ) {
    let isFinal = (200...599).contains(response.status.code)
    let status = isFinal ? response.status : .internalServerError
    if let head = response.head {
      output.append(contentsOf: bytes(of: head, response, status))
    } else {
      appendHead(of: response, status, to: &output)
    }
    output.append(contentsOf: date.line(at: unixSeconds))
    if !terms.keepsAlive {
      output.append(contentsOf: "Connection: close\r\n".utf8)
    } else if terms.saysKeepAlive {
      output.append(contentsOf: "Connection: keep-alive\r\n".utf8)
    }
    output.append(contentsOf: Self.framing(of: response, status, terms).utf8)
    output.append(contentsOf: "\r\n".utf8)
    if Self.hasContent(status), !terms.isHead, response.file == nil, response.stream == nil {
      output.append(contentsOf: response.body)
    }
  }

  private mutating func bytes(
    of head: StandingHead, _ response: Response, _ status: HTTPResponse.Status
  ) -> [UInt8] {
    // The owner is held, so no other has its identity.
    if let known = heads[ObjectIdentifier(head)] { return known.bytes }
    if heads.count >= Self.headsMax { heads = [:] }
    var bytes: [UInt8] = []
    appendHead(of: response, status, to: &bytes)
    heads[ObjectIdentifier(head)] = (head, bytes)
    return bytes
  }

  /// The status line, and the fields that depend on nothing but the answer.
  private func appendHead(
    of response: Response, _ status: HTTPResponse.Status, to output: inout [UInt8]
  ) {
    output.append(contentsOf: "HTTP/1.1 \(status.code) \(status.reasonPhrase)\r\n".utf8)
    for field in response.headers where !Self.reserved.contains(field.name) {
      Self.append(field, to: &output)
    }
    for (name, line) in standing where !response.headers.contains(name) {
      output.append(contentsOf: line)
    }
  }

  /// The field that tells where the content ends (RFC 9112 §6); none where the connection’s end
  /// does. A 205 has a length of 0 (RFC 9110 §15.3.6), a 204 may have none (§8.6).
  private static func framing(
    of response: Response, _ status: HTTPResponse.Status, _ terms: Terms
  ) -> String {
    if status == .resetContent { return "Content-Length: 0\r\n" }
    guard hasContent(status) else { return "" }
    if let byteCount = response.byteCount { return "Content-Length: \(byteCount)\r\n" }
    return terms.knowsChunks ? "Transfer-Encoding: chunked\r\n" : ""
  }

  /// RFC 9112 §6.3 forbids content with 204 and 304, RFC 9110 §15.3.6 with 205.
  static func hasContent(_ status: HTTPResponse.Status) -> Bool {
    ![.noContent, .notModified, .resetContent].contains(status)
  }

  /// One chunk (RFC 9112 §7.1).
  static func append(chunk: [UInt8], to output: inout [UInt8]) {
    output.append(contentsOf: String(chunk.count, radix: 16).utf8)
    output.append(contentsOf: "\r\n".utf8)
    output.append(contentsOf: chunk)
    output.append(contentsOf: "\r\n".utf8)
  }

  /// What ends a body in chunks.
  static let lastChunk = Array("0\r\n\r\n".utf8)

  static let goAhead = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)

  /// Fields that belong to the message, not to its sender's handler.
  private static let reserved = Set(
    ["Content-Length", "Date", "Connection", "Transfer-Encoding", "Keep-Alive", "Upgrade"]
      .compactMap { HTTPField.Name($0) })

  private static func append(_ field: HTTPField, to output: inout [UInt8]) {
    output.append(contentsOf: field.name.rawName.utf8)
    output.append(contentsOf: ": ".utf8)
    field.withUnsafeBytesOfValue { output.append(contentsOf: $0) }
    output.append(contentsOf: "\r\n".utf8)
  }
}
