import HTTPTypes

/// The request line (RFC 9112 §3).
struct RequestHead {
  let method: HTTPRequest.Method
  let target: String
  let path: String
  let query: String?
  /// From an absolute-form target; has to be the same as Host.
  let authority: String?
  /// Of HTTP/1: 0, or 1 for everything later.
  let minorVersion: Int

  /// - Parameter line: without its line end.
  init(_ line: Span<UInt8>) throws(RequestProblem) {
    guard let first = line.firstIndex(of: .space) else {
      throw .bad("The request line has no target.")
    }
    let rest = line.extracting(first + 1..<line.count)
    guard let second = rest.firstIndex(of: .space) else {
      throw .bad("The request line has no version.")
    }
    minorVersion = try Self.minorVersion(rest.extracting(second + 1..<rest.count))
    method = try Self.method(line.extracting(0..<first))
    let target = rest.extracting(0..<second)
    try Self.checkCharacters(of: target)
    self.target = target.text

    if target.matches("*") {
      guard method == .options else { throw .bad("Only OPTIONS may ask for \"*\".") }
      (path, query, authority) = ("*", nil, nil)
      return
    }
    let named = try Self.authorityRange(in: target)
    authority = named.isEmpty ? nil : target.extracting(named).text
    let pathAndQuery = target.extracting(named.upperBound..<target.count)
    let mark = pathAndQuery.firstIndex(of: UInt8(ascii: "?"))
    let rawPath = pathAndQuery.extracting(0..<(mark ?? pathAndQuery.count))
    // An absolute-form target may leave out the path (RFC 9112 §3.2.2).
    let decoded = rawPath.isEmpty && authority != nil ? "/" : try PercentDecoding.path(rawPath)
    // Most targets are their path: one text for both.
    path = decoded == self.target ? self.target : decoded
    query = mark.map { pathAndQuery.extracting($0 + 1..<pathAndQuery.count).text }
  }

  private static func method(_ name: Span<UInt8>) throws(RequestProblem) -> HTTPRequest.Method {
    guard let method = HTTPRequest.Method(name.text) else {
      throw .bad("The method is not a token.")
    }
    // CONNECT asks for a tunnel, TRACE for its own secrets back (RFC 9110 §9.3.6, §9.3.8).
    guard method != .connect, method != .trace else {
      throw RequestProblem(.notImplemented, "This method is not implemented.")
    }
    return method
  }

  /// RFC 9112 §2.3: case-sensitive, one digit each.
  private static func minorVersion(_ version: Span<UInt8>) throws(RequestProblem) -> Int {
    guard version.count == 8, version.extracting(0..<5).equals("HTTP/"), version[5].isDigit,
      version[6] == UInt8(ascii: "."), version[7].isDigit
    else { throw .bad("The version of HTTP is not written as it has to be.") }
    guard version[5] == UInt8(ascii: "1") else {
      throw RequestProblem(.httpVersionNotSupported, "Only HTTP/1.1 and HTTP/1.0 are spoken here.")
    }
    return version[7] == UInt8(ascii: "0") ? 0 : 1
  }

  /// Refuses what no browser sends as it is: controls, spaces, bytes past ASCII, and the query
  /// percent-encode set of the WHATWG URL standard.
  private static func checkCharacters(of target: Span<UInt8>) throws(RequestProblem) {
    guard !target.isEmpty else { throw .bad("The request line has no target.") }
    for index in target.indices {
      switch target[index] {
      case UInt8(ascii: "\""), UInt8(ascii: "#"), UInt8(ascii: "<"), UInt8(ascii: ">"):
        throw .bad("A character of the target has to be percent-encoded.")
      case 0x21...0x7E: break
      default: throw .bad("A character of the target has to be percent-encoded.")
      }
    }
  }

  /// Where the authority stands; empty at the start for the origin form.
  private static func authorityRange(
    in target: Span<UInt8>
  ) throws(RequestProblem) -> Range<Int> {
    if target[0] == .slash { return 0..<0 }
    guard let colon = target.firstIndex(of: .colon), colon + 2 < target.count,
      target[colon + 1] == .slash, target[colon + 2] == .slash
    else { throw .bad("The target is neither a path nor an address.") }
    let scheme = target.extracting(0..<colon)
    guard scheme.matches("http") || scheme.matches("https") else {
      throw .bad("The scheme of the target is not HTTP.")
    }
    var end = colon + 3
    while end < target.count, target[end] != .slash, target[end] != UInt8(ascii: "?") { end += 1 }
    guard end > colon + 3 else { throw .bad("The target names no host.") }
    return colon + 3..<end
  }
}
