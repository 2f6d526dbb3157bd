import HTTPTypes
import Testing

@testable import HTTP

/// Requests that are refused: one group per rule, each also fed byte by byte.
struct RefusalTests {
  /// A request that is refused with a status, and the beginning of the reason.
  struct Vector: CustomTestStringConvertible, Sendable {
    let text: String
    let status: Int
    let why: String

    init(_ text: String, _ status: Int, _ why: String) {
      self.text = text
      self.status = status
      self.why = why
    }

    init(_ text: String, _ why: String) { self.init(text, 400, why) }

    var testDescription: String { text.debugDescription }
  }

  private func check(_ vector: Vector, limits: Limits = Limits()) {
    let wire = Wire(vector.text, limits: limits)
    #expect(wire.requests.isEmpty)
    #expect(wire.problem?.status.code == vector.status)
    #expect(wire.problem?.why.hasPrefix(vector.why) == true, "\(wire.problem?.why ?? "accepted")")
    #expect(Wire(vector.text, size: 1, limits: limits).summary == wire.summary)
  }

  @Test(arguments: [
    Vector("GET / HTTP/1.1\nHost: a\n\n", "A line ends in LF"),
    Vector("GET / HTTP/1.1\r\nHost: a\n\r\n", "A line ends in LF"),
    Vector("GET / HTTP/1.1\r\nHost: a\r\n\n", "A line ends in LF"),
    Vector("GET / HTTP/1.1\r\nA: b\rc\r\nHost: a\r\n\r\n", "A header field has a control"),
    Vector("GET / HTTP/1.1\rHost: a\r\n\r\n", "The version"),
    Vector("GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", "The version"),
    Vector("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "The request line"),
    Vector("\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "A line ends in LF"),
  ])
  func `RFC 9112 §2.2: lines end in CRLF and nothing else`(vector: Vector) { check(vector) }

  @Test(arguments: [
    Vector("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", "The version"),
    Vector("GET /  HTTP/1.1\r\nHost: a\r\n\r\n", "The version"),
    Vector("GET / HTTP/1.1 \r\nHost: a\r\n\r\n", "The version"),
    Vector(" GET / HTTP/1.1\r\nHost: a\r\n\r\n", "The version"),
    Vector("GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", "The request line"),
    Vector("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", "The version"),
    Vector("GET /\r\nHost: a\r\n\r\n", "The request line has no version"),
    Vector("GET\r\n\r\n", "The request line has no target"),
    Vector("G(T / HTTP/1.1\r\nHost: a\r\n\r\n", "The method"),
    Vector("G\u{0}T / HTTP/1.1\r\nHost: a\r\n\r\n", "The method"),
  ])
  func `RFC 9112 §3: a request line has three words with one space between`(vector: Vector) {
    check(vector)
  }

  @Test(arguments: [
    Vector("GET / HTTP/1.10\r\n\r\n", "The version"),
    Vector("GET / http/1.1\r\n\r\n", "The version"),
    Vector("GET / HTTP/1\r\n\r\n", "The version"),
    Vector("GET / HTTP/+1.1\r\n\r\n", "The version"),
    Vector("GET / HTTP/1,1\r\n\r\n", "The version"),
    Vector("GET / HTTP/2.0\r\n\r\n", 505, "Only HTTP/1.1"),
    Vector("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "Only HTTP/1.1"),
    Vector("GET / HTTP/0.9\r\n\r\n", 505, "Only HTTP/1.1"),
  ])
  func `RFC 9112 §2.3: the version is HTTP 1`(vector: Vector) { check(vector) }

  @Test(arguments: [
    Vector("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 501, "This method"),
    Vector("CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 501, "This method"),
  ])
  func `RFC 9110 §9.3: CONNECT and TRACE are not implemented`(vector: Vector) { check(vector) }

  @Test(arguments: [
    Vector("GET a HTTP/1.1\r\nHost: a\r\n\r\n", "The target is neither"),
    Vector("GET * HTTP/1.1\r\nHost: a\r\n\r\n", "Only OPTIONS"),
    Vector("GET http:/a HTTP/1.1\r\nHost: a\r\n\r\n", "The target is neither"),
    Vector("GET http:///a HTTP/1.1\r\nHost: a\r\n\r\n", "The target names no host"),
    Vector("GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", "The scheme"),
    Vector("GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", "The target is for another host"),
    Vector("GET http://x@a/ HTTP/1.1\r\nHost: a\r\n\r\n", "The target is for another host"),
    Vector("GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", "A character of the target"),
    Vector("GET /\"a HTTP/1.1\r\nHost: a\r\n\r\n", "A character of the target"),
    Vector("GET /é HTTP/1.1\r\nHost: a\r\n\r\n", "A character of the target"),
    Vector("GET /a?\u{7F} HTTP/1.1\r\nHost: a\r\n\r\n", "A character of the target"),
  ])
  func `RFC 9112 §3.2: the target has one of the known forms`(vector: Vector) { check(vector) }

  @Test(arguments: [
    ("/%", "A percent sign"), ("/%4", "A percent sign"), ("/%zz", "A percent sign"),
    ("/%2Fa", "A slash is encoded"), ("/a%2f", "A slash is encoded"),
    ("/%5C", "A backslash"), ("/\\", "A backslash"),
    ("/%00", "A control"), ("/%0d%0a", "A control"), ("/%7F", "A control"),
    ("/%C2%85", "A control"), ("/%FF", "The path is not UTF-8"),
    ("/%C0%AE", "The path is not UTF-8"), ("/%E0%80%AF", "The path is not UTF-8"),
    ("/%ED%A0%80", "The path is not UTF-8"), ("/%F4%90%80%80", "The path is not UTF-8"),
    ("/.", "The path has dot"), ("/..", "The path has dot"), ("/a/../b", "The path has dot"),
    ("/a/./b", "The path has dot"), ("/%2e%2E/a", "The path has dot"),
    ("/.%2e", "The path has dot"), ("//", "A segment"), ("//a", "A segment"),
    ("/a//b", "A segment"), ("/a//", "A segment"),
  ])
  func `RFC 3986 §2.1, §3.3: a path can be understood in one way alone`(path: String, why: String) {
    check(Vector("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n", why))
    check(Vector("GET http://a\(path)?b HTTP/1.1\r\nHost: a\r\n\r\n", why))
  }

  @Test(arguments: [
    Vector("GET / HTTP/1.1\r\n\r\n", "Host is missing"),
    Vector("GET http://a/ HTTP/1.1\r\n\r\n", "Host is missing"),
    Vector("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "There is more than one Host"),
    Vector("GET / HTTP/1.1\r\nHost: a\r\nhOST: b\r\n\r\n", "There is more than one Host"),
    Vector("GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", "There is more than one Host"),
    Vector("GET http://a/ HTTP/1.0\r\n\r\n", "The target is for another host"),
  ])
  func `RFC 9112 §3.2: there is exactly one Host`(vector: Vector) { check(vector) }

  @Test(arguments: [
    "", "a b", "a,b", "a/b", "x@a", "a:b", "a:80:80", "a:65536", "a:+80", ":80", "[::1", "[]",
    "[::1]x", "[::g]", "a%00", "a\\b", "é",
  ])
  func `RFC 3986 §3.2.2: Host is a name or an address, and a port`(host: String) {
    check(Vector("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n", "Host is not a host"))
  }

  @Test(arguments: [
    Vector("GET / HTTP/1.1\r\nHost: a\r\nA : b\r\n\r\n", "The name of a header"),
    Vector("GET / HTTP/1.1\r\nHost: a\r\nA\t: b\r\n\r\n", "The name of a header"),
    Vector("GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", "The name of a header"),
    Vector("GET / HTTP/1.1\r\nHost: a\r\nA(: b\r\n\r\n", "The name of a header"),
    Vector("GET / HTTP/1.1\r\nHost: a\r\nA\u{0}: b\r\n\r\n", "The name of a header"),
    Vector("GET / HTTP/1.1\r\nHost: a\r\né: b\r\n\r\n", "The name of a header"),
    Vector("GET / HTTP/1.1\r\nHost: a\r\nA b\r\n\r\n", "A header field has no colon"),
    Vector("GET / HTTP/1.1\r\nHost: a\r\nA: b\u{0}\r\n\r\n", "A header field has a control"),
    Vector("GET / HTTP/1.1\r\nHost: a\r\nA: \u{1B}[0m\r\n\r\n", "A header field has a control"),
    Vector("GET / HTTP/1.1\r\nHost: a\r\nA: \u{7F}\r\n\r\n", "A header field has a control"),
  ])
  func `RFC 9112 §5: a field line is a token, a colon and text`(vector: Vector) { check(vector) }

  @Test(arguments: ["Content_Length: 1", "content_length:", "Transfer_Encoding: chunked"])
  func `a name that gateways take for that of a length is refused`(field: String) {
    let why = "The name of a header field looks like"
    check(Vector("POST / HTTP/1.1\r\nHost: a\r\n\(field)\r\n\r\n", why))
    let chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
    check(Vector(chunked + field + "\r\n\r\n", why))
  }

  @Test(arguments: [
    Vector("GET / HTTP/1.1\r\nHost: a\r\nA: b\r\n c\r\n\r\n", "A header field is folded"),
    Vector("GET / HTTP/1.1\r\nHost: a\r\nA: b\r\n\tc\r\n\r\n", "A header field is folded"),
    Vector("GET / HTTP/1.1\r\n Host: a\r\n\r\n", "A header field is folded"),
    Vector("GET / HTTP/1.1\r\nHost: a\r\nA: b\r\n \r\n\r\n", "A header field is folded"),
  ])
  func `RFC 9112 §5.2: a folded line is refused`(vector: Vector) { check(vector) }

  @Test(arguments: [
    "5, 5", "+5", "-1", "5 5", "0x5", "5a", "", "5.0", "٥", "9223372036854775808",
    "18446744073709551616", "99999999999999999999999999",
  ])
  func `RFC 9112 §6.2: Content-Length is digits that fit`(length: String) {
    check(
      Vector(
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\n\r\n",
        "Content-Length is not a number"))
  }

  @Test(arguments: [
    Vector(
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
      "There is more than one Content-Length"),
    Vector(
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
      "There is more than one Content-Length"),
    Vector(
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "0\r\n\r\n",
      "Content-Length and Transfer-Encoding"),
    Vector(
      "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "HTTP/1.0 has no Transfer-Encoding"),
  ])
  func `RFC 9112 §6.3: the length of a message is said once`(vector: Vector) { check(vector) }

  private func checkCoding(_ encoding: String, _ status: Int, _ why: String) {
    check(
      Vector(
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \(encoding)\r\n\r\n0\r\n\r\n", status,
        why))
  }

  @Test(arguments: ["gzip, chunked", "gzip\r\nTransfer-Encoding: chunked", "xchunked,chunked"])
  func `RFC 9112 §6.1: a transfer coding that is not known is not implemented`(encoding: String) {
    checkCoding(encoding, 501, "Only the transfer coding chunked")
  }

  @Test(arguments: [
    "gzip", "chunked, gzip", "chunked\r\nTransfer-Encoding: identity", "identity", "xchunked",
    "chunked;q=1", "\"chunked\"", "", "chunked,", "chunked, ,",
  ])
  func `RFC 9112 §6.3: where chunked is not the last coding, the request is bad`(
    encoding: String
  ) {
    checkCoding(encoding, 400, "The last transfer coding is not chunked")
  }

  @Test(arguments: ["chunked, chunked", "chunked\r\nTransfer-Encoding: chunked", ", chunked"])
  func `RFC 9112 §7.1: a body is chunked once`(encoding: String) {
    checkCoding(encoding, 400, "The transfer codings are not written")
  }

  @Test(arguments: [
    Vector("\r\n", "A chunk has no size"), Vector(";a\r\n", "A chunk has no size"),
    Vector("+1\r\na\r\n", "A chunk's size"), Vector("-1\r\na\r\n", "A chunk's size"),
    Vector("0x1\r\na\r\n", "A chunk's size"), Vector(" 1\r\na\r\n", "A chunk's size"),
    Vector("1 \r\na\r\n", "A chunk's size"), Vector("1 ;a\r\na\r\n", "A chunk's size"),
    Vector("g\r\n", "A chunk's size"), Vector("1\na\r\n", "A line ends in LF"),
    Vector("1\r\nabc", "A chunk is not followed"),
    Vector("1\r\na\r\r\n", "A chunk is not followed"),
    Vector("1\r\na\n", "A line ends in LF"), Vector("1\r\nab\r\n", "A chunk is not followed"),
    Vector("1;\u{0}\r\na\r\n", "A chunk's extension"), Vector("1;\r\na\r\n", "A chunk's ext"),
    Vector("1;;a\r\na\r\n", "A chunk's ext"), Vector("1;a b\r\na\r\n", "A chunk's ext"),
    Vector("1;a=\r\na\r\n", "A chunk's ext"), Vector("1;a=\"b\r\na\r\n", "A chunk's ext"),
    Vector("1;a=\"\\\"\r\na\r\n", "A chunk's ext"), Vector("1;a[\r\na\r\n", "A chunk's ext"),
    Vector("1;a=\"b\"c\r\na\r\n", "A chunk's ext"), Vector("1;=b\r\na\r\n", "A chunk's ext"),
    Vector("1;\(String(repeating: "a", count: 255))\r\na\r\n", "The line of a chunk is too long"),
    Vector("0\r\nA\r\n\r\n", "A header field has no colon"),
    Vector("0\r\n A: b\r\n\r\n", "A header field is folded"),
    Vector("0\r\nA: \u{0}\r\n\r\n", "A header field has a control"),
    Vector("ffffffffffffffff\r\n", "A chunk's size is no"),
    Vector("8000000000000000\r\n", "A chunk's size is no"),
    Vector("10000000000000000\r\n", "A chunk's size is no"),
    Vector("7fffffffffffffff\r\n", 413, "The body"),
    Vector("1\r\na\r\n7fffffffffffffff\r\n", 413, "The body"),
  ])
  func `RFC 9112 §7.1: a chunk is a hexadecimal size, its bytes and CRLF`(vector: Vector) {
    let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    check(Vector(head + vector.text, vector.status, vector.why))
  }

  @Test func `RFC 9110 §10.1.1: an unknown expectation is refused`() {
    check(
      Vector(
        "POST / HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\nContent-Length: 1\r\n\r\n", 417,
        "This expectation"))
  }

  @Test func `a request line has a limit`() {
    var limits = Limits()
    limits.requestLineBytesMax = 16
    #expect(Wire("GET /a HTTP/1.1\r\nHost: a\r\n\r\n", limits: limits).requests.count == 1)
    #expect(Wire("GET /ab HTTP/1.1\r\nHost: a\r\n\r\n", limits: limits).requests.count == 1)
    check(Vector("GET /abc HTTP/1.1\r\nHost: a\r\n\r\n", 414, "The request line"), limits: limits)
    check(Vector("GET /abcdefghijklm", 414, "The request line"), limits: limits)
  }

  @Test func `header fields have limits in bytes and in number`() {
    var limits = Limits()
    limits.headerBytesMax = 20
    let head = "GET / HTTP/1.1\r\nHost: a\r\n"
    #expect(Wire(head + "A:1\r\nB:2\r\n\r\n", limits: limits).requests.count == 1)
    check(Vector(head + "A: 123456789\r\n\r\n", 431, "The header fields"), limits: limits)
    check(Vector(head + "A: 123456789012", 431, "The header fields"), limits: limits)
    limits = Limits()
    limits.headerFieldsMax = 3
    #expect(Wire(head + "A:1\r\nB:2\r\n\r\n", limits: limits).requests.count == 1)
    check(Vector(head + "A:1\r\nB:2\r\nC:\r\n\r\n", 431, "There are too many"), limits: limits)
  }

  @Test func `a body has a limit, known before or met on the way`() {
    var limits = Limits()
    limits.bodyBytesMax = 3
    let head = "POST / HTTP/1.1\r\nHost: a\r\n"
    let chunked = head + "Transfer-Encoding: chunked\r\n\r\n"
    #expect(Wire(head + "Content-Length: 3\r\n\r\nabc", limits: limits).requests.count == 1)
    #expect(Wire(chunked + "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n", limits: limits).requests.count == 1)
    check(Vector(head + "Content-Length: 4\r\n\r\n", 413, "The body"), limits: limits)
    check(Vector(chunked + "2\r\nab\r\n2\r\n", 413, "The body"), limits: limits)
    let trailers = String(repeating: "A: b\r\n", count: 101)
    check(Vector(chunked + "0\r\n" + trailers, 431, "There are too many"), limits: limits)
  }
}
