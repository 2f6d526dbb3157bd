import HTTPTypes

/// How long a request is and what becomes of its connection (RFC 9112 §6, §9.3).
struct Framing {
  enum Body {
    case length(Int)
    case chunked
  }

  let body: Body
  let hasBody: Bool
  let keepsAlive: Bool
  /// Whether the client waits for 100 before it sends the body (RFC 9110 §10.1.1).
  let expectsContinue: Bool

  init(
    _ head: RequestHead, _ section: FieldSection
  ) throws(RequestProblem) {
    try Self.checkHost(head, section)
    body = try Self.body(head, section)
    hasBody = if case .length(0) = body { false } else { true }
    let isOld = head.minorVersion == 0
    guard isOld || !section.hasUnknownExpectation else {
      throw RequestProblem(.expectationFailed, "This expectation cannot be met.")
    }
    keepsAlive = isOld ? section.wantsKeepAlive && !section.wantsClose : !section.wantsClose
    // HTTP/1.0 knows no interim answers.
    expectsContinue = hasBody && section.expectsContinue && !isOld
  }

  private static func checkHost(
    _ head: RequestHead, _ section: FieldSection
  ) throws(RequestProblem) {
    guard section.host != nil || head.minorVersion == 0 else { throw .bad("Host is missing.") }
    guard let authority = head.authority else { return }
    guard authority.lowercased() == section.host?.lowercased() else {
      throw .bad("The target is for another host than Host.")
    }
  }

  private static func body(
    _ head: RequestHead, _ section: FieldSection
  ) throws(RequestProblem) -> Body {
    guard let encoding = section.transferEncoding else {
      return .length(section.contentLength ?? 0)
    }
    guard head.minorVersion > 0 else { throw .bad("HTTP/1.0 has no Transfer-Encoding.") }
    guard section.contentLength == nil else {
      throw .bad("Content-Length and Transfer-Encoding contradict each other.")
    }
    // Where chunked is not the last coding nobody can tell where the body ends (§6.3).
    let codings = encoding.split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.trimmingPrefix { $0 == " " || $0 == "\t" } }
    guard codings.last == "chunked" else { throw .bad("The last transfer coding is not chunked.") }
    guard codings.count == 1 else {
      // Chunked may be applied once (§7.1), and the others are not known here.
      let others = codings.dropLast()
      guard !others.contains("chunked"), !others.contains("") else {
        throw .bad("The transfer codings are not written as they have to be.")
      }
      throw RequestProblem(.notImplemented, "Only the transfer coding chunked is implemented.")
    }
    return .chunked
  }
}
